package luago

import (
	"os"
	"runtime"
	"runtime/debug"
)

// pacer is how often Go collects garbage where large frames arrive. By itself it does so
// whenever the heap has doubled: in a guest of a MiB or two that is with every third frame
// of a MiB, and costs more than the frames do. So such a heap may first grow to 16 MiB.
type pacer struct {
	isOff bool
	// How large the heap may become before it is collected; 0 before the first look.
	heap uint64
	// Bytes of frames since the last look.
	arrived int
	// What Go's collector was told.
	percent int
	// The bytes of windows at the last look, how many collections there had been, and the
	// bytes of windows that the last one has seen.
	windows, marked uint64
	collections     uint32
}

var pacing pacer

const (
	usualPercent = 100
	mostPercent  = 400
	mostHeap     = 16 << 20
	leastGrowth  = 4 << 20
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
	p.look()
}

// look tells the collector how far the heap may grow.
func (p *pacer) look() {
	if p.heap == 0 {
		p.percent = usualPercent
		// The soft limit is for all of Go's memory.
		p.heap = min(mostHeap, uint64(debug.SetMemoryLimit(-1))/4)
		p.isOff = os.Getenv("GOGC") != ""
	}
	if p.isOff {
		return
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	live := max(stats.NextGC*100/uint64(100+p.percent), 1)
	if stats.NumGC != p.collections {
		p.collections, p.marked = stats.NumGC, p.windows
	}
	p.windows = windowBytes()
	own := max(live, p.marked+1) - p.marked
	percent := paceBeside(p.windows, own, p.heap)
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

// paceBeside is paceFor where so many bytes of windows stand in the heap too, as Go counts.
// Nothing of them can be saved: the rest may grow as it would without them.
func paceBeside(windows, own, heap uint64) int {
	percent := uint64(paceFor(own, heap))
	if windows == 0 {
		return int(percent)
	}
	// Go lets a heap grow to 4 MiB in any case.
	growth := max(own*percent/100, leastGrowth)
	return int(max(growth*100/(own+windows), 1))
}
