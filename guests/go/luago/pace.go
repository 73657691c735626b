package luago

import (
	"os"
	"runtime"
	"runtime/debug"
)

// pacing is how often Go collects garbage where large frames arrive. By itself it does so
// whenever the heap has doubled: in a guest of a MiB or two that is with every third frame
// of a MiB, and costs more than the frames do. So such a heap may first grow to 16 MiB.
var pacing struct {
	isOff bool
	// How large the heap may become before it is collected; 0 before the first look.
	heap uint64
	// Bytes of frames since the last look.
	arrived int
	// What Go's collector was told.
	percent int
}

const (
	usualPercent = 100
	mostPercent  = 400
	mostHeap     = 16 << 20
	// How many bytes of frames there are between two looks at the heap, which are slow.
	firstLook = 1 << 20
	lookEvery = 8 << 20
)

// pace is told of frames that need memory.
func pace(size int) {
	p := &pacing
	if p.arrived += size; p.isOff || p.arrived < lookEvery && (p.heap != 0 || p.arrived < firstLook) {
		return
	}
	p.arrived = 0
	if p.heap == 0 {
		p.percent = usualPercent
		// The soft limit is for all of Go's memory.
		p.heap = min(mostHeap, uint64(debug.SetMemoryLimit(-1))/4)
		if os.Getenv("GOGC") != "" {
			p.isOff = true
			return
		}
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	live := stats.NextGC * 100 / uint64(100+p.percent)
	percent := paceFor(max(live, 1), p.heap)
	if change := percent - p.percent; -change < p.percent/4 && change < p.percent/4 {
		return
	}
	if was := debug.SetGCPercent(percent); was != p.percent {
		// The guest paces its collector itself.
		debug.SetGCPercent(was)
		p.isOff = true
		return
	}
	p.percent = percent
}

// paceFor is by how many percent a heap may grow until it has the size that is wanted.
func paceFor(live, heap uint64) int {
	if live >= heap {
		return usualPercent
	}
	return int(min(max((heap-live)*100/live, usualPercent), mostPercent))
}
