package luago

import "runtime"

var windowGrowth struct {
	isWatching bool
	// The bytes of windows that the pacer does not know of yet.
	unreported int
}

// minReported is the bytes of windows from which the pacer is adjusted.
const minReported = 1 << 20

// windowsGrew keeps the collector from counting windows as live heap: it would let garbage grow
// to the size of all windows before it runs. Once there are windows, the pacer is adjusted after
// each collection, as the right value depends on what that has left.
func windowsGrew(size int) {
	p := &windowGrowth
	if p.unreported += size; p.unreported < minReported {
		return
	}
	p.unreported = 0
	pacer.adjust()
	if !p.isWatching {
		p.isWatching = true
		adjustAfterEachGC()
	}
}

// gcSentinel is garbage that each collection finds. Smaller objects would share a block with
// others.
type gcSentinel [32]byte

// adjustAfterEachGC adjusts the pacer when the next collection finds a sentinel, and so on.
func adjustAfterEachGC() {
	runtime.AddCleanup(new(gcSentinel), func(struct{}) {
		pacer.adjust()
		if !pacer.isOff {
			adjustAfterEachGC()
		}
	}, struct{}{})
}
