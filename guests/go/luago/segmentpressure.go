package luago

import "runtime"

// segmentPressure counts the memory of segments, of which Go's collector knows nothing. To it a
// segmentRef is a few bytes, however large the segment is, and so it would let thousands of them
// accumulate. But the segments of a sandbox are limited, and the garbage of one guest is missing
// to the others.
type segmentPressure struct {
	count, size int // new since the last collection
}

const (
	maxPressureCount = 16
	maxPressureSize  = 256 << 20
)

// add counts a new segmentRef, and reports whether it is time to collect those before it that
// are garbage.
func (p *segmentPressure) add(size int) bool {
	isTooMuch := p.count >= maxPressureCount || p.size > maxPressureSize
	p.count++
	p.size += size
	return isTooMuch
}

// remove forgets a segmentRef that was closed, which the collector need not find any more.
func (p *segmentPressure) remove(size int) {
	p.count = max(p.count-1, 0)
	p.size = max(p.size-size, 0)
}

// collectSegments gives back the handles that are garbage. It reports whether it has run the
// collector.
func collectSegments() bool {
	segmentRefs.Lock()
	hasNew := segmentRefs.pressure.count > 0
	segmentRefs.pressure = segmentPressure{}
	segmentRefs.Unlock()
	if !hasNew {
		return false
	}
	runtime.GC()
	// A goroutine of Go's runtime runs the cleanups that give them back.
	for range 3 {
		runtime.Gosched()
	}
	return true
}
