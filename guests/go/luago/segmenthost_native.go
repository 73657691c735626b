//go:build !wasip1

package luago

import (
	"errors"
	"sync"
	"unsafe"
)

// heap stands for the host where there is none, so that programs that use segments can be
// tested and looked at: segments are memory of Go's heap, and rings work between goroutines.
var heap struct {
	sync.Mutex
	last    uint32
	handles map[uint32]*heapHandle
}

type heapHandle struct {
	of         *heapSegment
	isReadOnly bool
	count      uint32
}

type heapSegment struct {
	words   []uint64
	length  uint32
	waiting map[heapEnd]uint32 // the ticket of who waits
}

// heapEnd is an end of a ring: its offset, and its side.
type heapEnd struct{ at, side uint32 }

// Where a segment is mapped makes no difference here.
const mapsAtOnce = true

func (s *heapSegment) handle(isReadOnly bool) uint32 {
	for handle, h := range heap.handles {
		if h.of == s && h.isReadOnly == isReadOnly {
			h.count++
			return handle
		}
	}
	heap.last++
	if heap.handles == nil {
		heap.handles = make(map[uint32]*heapHandle)
	}
	heap.handles[heap.last] = &heapHandle{s, isReadOnly, 1}
	return heap.last
}

func newSegment(size uint32) (handle uint32, err error) {
	made := &heapSegment{words: make([]uint64, (uint64(size)+7)/8), length: size}
	made.waiting = make(map[heapEnd]uint32)
	heap.Lock()
	defer heap.Unlock()
	return made.handle(false), nil
}

func segmentOf(handle uint32) *heapSegment {
	heap.Lock()
	defer heap.Unlock()
	if h := heap.handles[handle]; h != nil {
		return h.of
	}
	return nil
}

func mapSegment(handle uint32) (unsafe.Pointer, error) {
	s := segmentOf(handle)
	if s == nil {
		return nil, errors.New("there is no segment with this handle")
	}
	return unsafe.Pointer(&s.words[0]), nil
}

func flagsOfSegment(handle uint32) (flags, length uint32, ok bool) {
	heap.Lock()
	defer heap.Unlock()
	h := heap.handles[handle]
	if h == nil {
		return 0, 0, false
	}
	if h.isReadOnly {
		flags = segmentReadOnly
	}
	return flags, h.of.length, true
}

func readOnlySegment(handle uint32) uint32 {
	heap.Lock()
	defer heap.Unlock()
	h := heap.handles[handle]
	if h == nil {
		return 0
	}
	return h.of.handle(true)
}

func dropSegment(handle, count uint32) {
	heap.Lock()
	defer heap.Unlock()
	if h := heap.handles[handle]; h != nil {
		if h.count -= min(count, h.count); h.count == 0 {
			delete(heap.handles, handle)
		}
	}
}

func syncSegment(uint32) {}
func fence()             {}

// ringWait looks once more, after it has said that this side waits: what the other side did
// before that is seen here, and what it does afterwards wakes.
func ringWait(handle, at, side, ticket uint32) int {
	s := segmentOf(handle)
	if s == nil {
		return ringWaitFailed
	}
	base := unsafe.Pointer(&s.words[0])
	heap.Lock()
	defer heap.Unlock()
	if side == sideReceiver {
		store(base, at+ringReceiverWaits, 1)
	}
	wanted := load(base, at+ringSenderWaits)
	used := load(base, at+ringTail) - load(base, at+ringHead)
	capacity := load(base, at+ringCapacity)
	isReady := used > capacity
	if side == sideReceiver {
		isReady = isReady || used > 0 || load(base, at+ringSenderClosed) != ringOpen
	} else {
		isReady = isReady || capacity-used >= wanted || load(base, at+ringReceiverClosed) != ringOpen
	}
	if isReady {
		s.waitsNoMore(base, at, side)
		return ringWaitReady
	}
	s.waiting[heapEnd{at, side}] = ticket
	return ringWaitWaiting
}

// waitsNoMore takes back that a side waits, and gives its ticket. The lock is held.
func (s *heapSegment) waitsNoMore(base unsafe.Pointer, at, side uint32) (ticket uint32) {
	flag := at + ringReceiverWaits
	if side == sideSender {
		flag = at + ringSenderWaits
	}
	store(base, flag, 0)
	end := heapEnd{at, side}
	ticket = s.waiting[end]
	delete(s.waiting, end)
	return ticket
}

func ringUnwait(handle, at, side uint32) {
	if s := segmentOf(handle); s != nil {
		heap.Lock()
		s.waitsNoMore(unsafe.Pointer(&s.words[0]), at, side)
		heap.Unlock()
	}
}

func ringWake(handle, at, side uint32) {
	s := segmentOf(handle)
	if s == nil {
		return
	}
	heap.Lock()
	ticket := s.waitsNoMore(unsafe.Pointer(&s.words[0]), at, side)
	heap.Unlock()
	if ticket != 0 {
		deliver(ticket, answerOK, &reader{})
	}
}

func segmentError(otherwise string) error { return errors.New(otherwise) }

func isInWindow(unsafe.Pointer) bool { return false }

func windowBytes() uint64 { return 0 }
