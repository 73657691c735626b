package luago

import (
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// event is a message to the host, laid out as in the ABI.
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

// pendingEvent is what must not change until the host has read an event.
type pendingEvent struct {
	frame      *writer
	invocation invocation
}

// bridge is the state that the host's entries and the guest's goroutines share. Entries run
// on the main goroutine, one at a time. Go does not preempt goroutines in wasm, but one that
// allocates can be made to assist the garbage collector and be descheduled: hence the lock.
var bridge struct {
	lock
	events  []event
	pending []pendingEvent // what belongs to each of the events
	// The number of events that the host knows of. There can be more: a goroutine may also run
	// while an entry that reports no events allocates.
	reported        int
	freeWriters     [maxFree]*writer
	freeWriterCount int
	freeCalls       [maxFree]*call
	freeCallCount   int

	tasks      numberTable
	calls      numberTable
	streams    map[uint32]*stream
	lastCall   uint32
	lastStream uint32
	live       uint32
	goroutines uint32
	isTraced   bool

	// Ends the wait of luago_poll; nil while it does not wait.
	wake func()
}

func init() {
	bridge.streams = make(map[uint32]*stream)
}

// acknowledge drops the events that the last entry left for the host.
func acknowledge() {
	bridge.Lock()
	acknowledgeLocked()
	bridge.Unlock()
}

func acknowledgeLocked() {
	for i := range bridge.pending[:bridge.reported] {
		p := &bridge.pending[i]
		if p.invocation != nil {
			p.invocation.release()
			p.invocation = nil
		}
		if w := p.frame; w != nil {
			p.frame = nil
			if cap(w.slots) <= maxReusedSlots && bridge.freeWriterCount < maxFree {
				w.reset()
				bridge.freeWriters[bridge.freeWriterCount] = w
				bridge.freeWriterCount++
			}
		}
	}
	rest := 0
	if bridge.reported < len(bridge.events) {
		rest = copy(bridge.events, bridge.events[bridge.reported:])
		copy(bridge.pending, bridge.pending[bridge.reported:])
		clear(bridge.pending[rest:])
	}
	bridge.events, bridge.pending, bridge.reported = bridge.events[:rest], bridge.pending[:rest], 0
}

// getWriter returns a writer, which acknowledge puts back once it was posted.
func getWriter() *writer {
	bridge.Lock()
	if bridge.freeWriterCount == 0 {
		bridge.Unlock()
		return new(writer)
	}
	bridge.freeWriterCount--
	w := bridge.freeWriters[bridge.freeWriterCount]
	bridge.Unlock()
	return w
}

// post queues an event for the host. The lock must be held.
func post(e event, w *writer, ended invocation, goroutine uint32) {
	if w != nil {
		e.count = uint32(w.count)
		e.address, e.length = w.frame()
	}
	e.goroutine = goroutine
	bridge.events = append(bridge.events, e)
	bridge.pending = append(bridge.pending, pendingEvent{w, ended})
	if wake := bridge.wake; wake != nil {
		bridge.wake = nil
		wake()
	}
}

// goroutineNumber returns the number of the current goroutine, or 0 unless the host traces
// calls: Go tells the number only in the text of a stack trace.
func goroutineNumber() uint32 {
	if bridge.isTraced {
		return currentGoroutineNumber()
	}
	return 0
}

func currentGoroutineNumber() uint32 {
	var buffer [64]byte
	text := string(buffer[:runtime.Stack(buffer[:], false)])
	text = strings.TrimPrefix(text, "goroutine ")
	digits, _, _ := strings.Cut(text, " ")
	n, _ := strconv.ParseUint(digits, 10, 32)
	return uint32(n)
}
