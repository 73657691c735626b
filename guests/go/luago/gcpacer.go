package luago

import (
	"os"
	"runtime"
	"runtime/debug"
)

// gcPacer makes Go collect garbage less often when large frames arrive. By default it does so
// whenever the heap has doubled: with a heap of one or two MiB, that is at every third frame of a
// MiB, and costs more than the frames do. So a small heap may first grow to 16 MiB.
type gcPacer struct {
	isOff bool
	// The size that the heap may reach before it is collected; 0 before the first adjustment.
	targetHeap uint64
	// The bytes of frames since the last adjustment.
	sinceAdjusted int
	// The last value of GOGC that was set.
	percent int
	// At the last adjustment: the bytes of windows, those of them that the last collection has
	// seen, and the number of collections.
	windows, windowsAtGC uint64
	gcCount              uint32
}

var pacer gcPacer

const (
	defaultPercent = 100
	maxPercent     = 400
	maxHeap        = 16 << 20
	minGrowth      = 4 << 20
	// The bytes of frames between two adjustments, which are slow.
	firstAdjust = 1 << 20
	adjustEvery = 8 << 20
)

// frameArrived counts a frame that needs memory.
func frameArrived(size int) {
	p := &pacer
	if p.sinceAdjusted += size; p.isOff || p.sinceAdjusted < adjustEvery && (p.targetHeap != 0 || p.sinceAdjusted < firstAdjust) {
		return
	}
	p.sinceAdjusted = 0
	p.adjust()
}

// adjust tells the collector how far the heap may grow.
func (p *gcPacer) adjust() {
	if p.targetHeap == 0 {
		p.percent = defaultPercent
		// The soft limit is for all of Go's memory.
		p.targetHeap = min(maxHeap, uint64(debug.SetMemoryLimit(-1))/4)
		p.isOff = os.Getenv("GOGC") != ""
	}
	if p.isOff {
		return
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	live := max(stats.NextGC*100/uint64(100+p.percent), 1)
	if stats.NumGC != p.gcCount {
		p.gcCount, p.windowsAtGC = stats.NumGC, p.windows
	}
	p.windows = windowBytes()
	own := max(live, p.windowsAtGC+1) - p.windowsAtGC
	percent := gcPercentBeside(p.windows, own, p.targetHeap)
	if change := percent - p.percent; -change < p.percent/4 && change < p.percent/4 {
		return
	}
	if was := debug.SetGCPercent(percent); was != p.percent {
		// The program sets GOGC itself.
		debug.SetGCPercent(was)
		p.isOff = true
		return
	}
	p.percent = percent
}

// gcPercentFor returns by how many percent a heap may grow to reach a size.
func gcPercentFor(live, heap uint64) int {
	if live >= heap {
		return defaultPercent
	}
	return int(min(max((heap-live)*100/live, defaultPercent), maxPercent))
}

// gcPercentBeside is gcPercentFor for a heap that also has so many bytes of windows. They are
// never garbage: the rest may grow as it would without them.
func gcPercentBeside(windows, own, heap uint64) int {
	percent := uint64(gcPercentFor(own, heap))
	if windows == 0 {
		return int(percent)
	}
	// Go lets a heap grow to 4 MiB in any case.
	growth := max(own*percent/100, minGrowth)
	return int(max(growth*100/(own+windows), 1))
}
