package luago

import "runtime"

var windowPace struct {
	isWatched bool
	// Bytes of windows that the pacer has not been told of.
	untold int
}

// enoughToTell is how much a few windows may be without being looked at.
const enoughToTell = 1 << 20

// paceWindows keeps windows from making the collector lazy: it would let garbage grow to the
// size of all windows before it does anything. Once there are any, each collection is
// followed by a look, as the right pace depends on what is left.
func paceWindows(size int) {
	p := &windowPace
	if p.untold += size; p.untold < enoughToTell {
		return
	}
	p.untold = 0
	pacing.look()
	if !p.isWatched {
		p.isWatched = true
		watchCollections()
	}
}

// watched is what the collector finds to be garbage every time. Smaller ones share their
// place with others.
type watched [32]byte

func watchCollections() {
	runtime.AddCleanup(new(watched), func(struct{}) {
		pacing.look()
		if !pacing.isOff {
			watchCollections()
		}
	}, struct{}{})
}
