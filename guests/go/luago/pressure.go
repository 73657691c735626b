package luago

import "runtime"

// pressure is what segments have brought that Go's collector knows nothing of. A core is a
// few bytes to it, however large the segment is, and so it would let thousands of them pile
// up. But a sandbox has few segments, and garbage of this guest is missing to the others.
type pressure struct {
	count, size int // new since the last collection
}

const (
	mostPressureCount = 16
	mostPressureSize  = 16 << 20
)

// add counts a new core, and says whether it is time to collect those that are garbage.
func (p *pressure) add(size int) bool {
	p.count++
	p.size += size
	return p.count > mostPressureCount || p.size > mostPressureSize
}

// collectCores gives back the handles that are garbage, and says whether it has looked for
// any.
func collectCores() bool {
	cores.Lock()
	hasNew := cores.pressure.count > 0
	cores.pressure = pressure{}
	cores.Unlock()
	if !hasNew {
		return false
	}
	runtime.GC()
	// What gives them back is a goroutine of Go's runtime.
	for range 3 {
		runtime.Gosched()
	}
	return true
}
