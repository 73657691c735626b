package luago

import (
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// event tells the host something; the layout is the ABI's.
type event struct {
	kind, task, number     uint32
	count, address, length uint32
	target, goroutine      uint32
}

// The compiler refuses an index other than 0: the fields stand where the ABI has them.
var (
	_ = [1]struct{}{}[unsafe.Sizeof(event{})-eventSize]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.kind)-eventKind]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.task)-eventTask]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.number)-eventNumber]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.count)-eventCount]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.address)-eventAddress]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.length)-eventLen]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.target)-eventTarget]
	_ = [1]struct{}{}[unsafe.Offsetof(event{}.goroutine)-eventGoroutine]
)

// posted is what stays as it is until the host has read an event.
type posted struct {
	frame *writer
	ended invocation
}

// bridge is what passes between the host's entries and the guest's goroutines. The
// entries run on the main goroutine, one at a time. Go's wasm does not preempt, but a
// goroutine that allocates can be made to help the garbage collector and so be
// descheduled: that is what the lock is for.
var bridge struct {
	lock
	events []event
	posted []posted // what belongs to the events, in their order
	// How many events the host has been told of. There can be more: a goroutine may also
	// run where an entry that tells of none allocates.
	seen       int
	spare      [mostFree]*writer
	spareCount int
	freeCalls  [mostFree]*call
	freeCount  int

	tasks      table
	calls      table
	streams    map[uint32]*stream
	lastCall   uint32
	lastStream uint32
	live       uint32
	goroutines uint32
	isTraced   bool

	// Ends luago_poll's wait for something to do; nil while it does not wait.
	wake func()
}

func init() {
	bridge.streams = make(map[uint32]*stream)
}

// acknowledge drops what the last entry left for the host.
func acknowledge() {
	bridge.Lock()
	acknowledgeSeen()
	bridge.Unlock()
}

func acknowledgeSeen() {
	for i := range bridge.posted[:bridge.seen] {
		p := &bridge.posted[i]
		if p.ended != nil {
			p.ended.release()
			p.ended = nil
		}
		if w := p.frame; w != nil {
			p.frame = nil
			if cap(w.slots) <= reusedSlots && bridge.spareCount < mostFree {
				w.reset()
				bridge.spare[bridge.spareCount] = w
				bridge.spareCount++
			}
		}
	}
	rest := 0
	if bridge.seen < len(bridge.events) {
		rest = copy(bridge.events, bridge.events[bridge.seen:])
		copy(bridge.posted, bridge.posted[bridge.seen:])
		clear(bridge.posted[rest:])
	}
	bridge.events, bridge.posted, bridge.seen = bridge.events[:rest], bridge.posted[:rest], 0
}

// borrowWriter gives a writer that goes back with acknowledge, once it was posted.
func borrowWriter() *writer {
	bridge.Lock()
	if bridge.spareCount == 0 {
		bridge.Unlock()
		return new(writer)
	}
	bridge.spareCount--
	w := bridge.spare[bridge.spareCount]
	bridge.Unlock()
	return w
}

// post hands an event to the host. The lock is held.
func post(e event, w *writer, ended invocation, goroutine uint32) {
	if w != nil {
		e.count = uint32(w.count)
		e.address, e.length = w.frame()
	}
	e.goroutine = goroutine
	bridge.events = append(bridge.events, e)
	bridge.posted = append(bridge.posted, posted{w, ended})
	if wake := bridge.wake; wake != nil {
		bridge.wake = nil
		wake()
	}
}

// goroutineNumber is the number of the goroutine that asks, 0 unless the host traces:
// Go tells it only in the text of a stack trace.
func goroutineNumber() uint32 {
	if bridge.isTraced {
		return ownNumber()
	}
	return 0
}

func ownNumber() uint32 {
	var buffer [64]byte
	text := string(buffer[:runtime.Stack(buffer[:], false)])
	text = strings.TrimPrefix(text, "goroutine ")
	digits, _, _ := strings.Cut(text, " ")
	n, _ := strconv.ParseUint(digits, 10, 32)
	return uint32(n)
}
