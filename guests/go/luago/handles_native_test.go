//go:build !wasip1

package luago

// countHandles counts each handle in a frame once, as the host does when it passes one.
func countHandles(slots []slot) {
	nativeHost.Lock()
	defer nativeHost.Unlock()
	for _, s := range slots {
		if h := nativeHost.handles[s.aux]; s.tag == tagSegment && h != nil {
			h.count++
		}
	}
}
