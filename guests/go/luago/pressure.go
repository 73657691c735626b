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
	mostPressureSize  = 256 << 20
)

// add counts a new core, and says whether it is time to collect those before it that are
// garbage.
func (p *pressure) add(size int) bool {
	isTooMuch := p.count >= mostPressureCount || p.size > mostPressureSize
	p.count++
	p.size += size
	return isTooMuch
}

// remove takes out a core that was closed, and so is no garbage that is to be found.
func (p *pressure) remove(size int) {
	p.count = max(p.count-1, 0)
	p.size = max(p.size-size, 0)
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
