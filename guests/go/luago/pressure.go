package luago

import "runtime"

// pressure is how much memory segments have brought that Go's collector knows nothing of.
// A core is a few bytes to it, however large the segment is: without being told to, it
// would let thousands of them pile up before it looks for those that are garbage.
type pressure struct {
	count, size         int // new since the last collection
	mostCount, mostSize int
}

const (
	// A collection of a small heap takes as long as it takes to fill so much memory.
	leastPressureSize  = 16 << 20
	leastPressureCount = 256
)

// add counts a new core, and says whether it is time to collect those that are garbage.
func (p *pressure) add(size int) bool {
	p.count++
	p.size += size
	return p.count > max(p.mostCount, leastPressureCount) || p.size > max(p.mostSize, leastPressureSize)
}

// collectCores gives back the handles that are garbage, and says whether it did anything.
func collectCores() bool {
	cores.Lock()
	p := &cores.pressure
	if p.count == 0 {
		cores.Unlock()
		return false
	}
	p.count, p.size = 0, 0
	cores.Unlock()
	runtime.GC()
	// What gives them back is a goroutine of Go's runtime.
	for range 3 {
		runtime.Gosched()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	cores.Lock()
	count, size := 0, 0
	for _, k := range cores.byHandle {
		if c := k.core.Value(); c != nil {
			count++
			size += int(c.length)
		}
	}
	// As with the heap, as much may come again as is in use; and a collection of a large
	// heap is worth more.
	own := int(stats.HeapAlloc) - int(windowBytes())
	p.mostCount, p.mostSize = count, max(size, own)
	cores.Unlock()
	return true
}
