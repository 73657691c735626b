//go:build !wasip1

package luago

// countHandles does what the host does that passes a frame: it counts each handle once.
func countHandles(slots []slot) {
	heap.Lock()
	defer heap.Unlock()
	for _, s := range slots {
		if h := heap.handles[s.aux]; s.tag == tagSegment && h != nil {
			h.count++
		}
	}
}
