//go:build !wasip1

package luago

import (
	"errors"
	"sync"
	"unsafe"
)

// nativeHost stands in for the host outside of luago, so that programs that use segments can be
// tested and inspected: segments are on Go's heap, and rings work between goroutines.
var nativeHost struct {
	sync.Mutex
	lastHandle uint32
	handles    map[uint32]*nativeHandle
}

type nativeHandle struct {
	segment    *nativeSegment
	isReadOnly bool
	count      uint32
}

type nativeSegment struct {
	words   []uint64
	length  uint32
	waiting map[nativeRingEnd]uint32 // the numbers of the calls that wait
}

// nativeRingEnd identifies an end of a ring by its offset and its side.
type nativeRingEnd struct{ at, side uint32 }

// mapsEagerly says that segments are mapped before they are used.
const mapsEagerly = true

func (s *nativeSegment) handle(isReadOnly bool) uint32 {
	for handle, h := range nativeHost.handles {
		if h.segment == s && h.isReadOnly == isReadOnly {
			h.count++
			return handle
		}
	}
	nativeHost.lastHandle++
	if nativeHost.handles == nil {
		nativeHost.handles = make(map[uint32]*nativeHandle)
	}
	nativeHost.handles[nativeHost.lastHandle] = &nativeHandle{s, isReadOnly, 1}
	return nativeHost.lastHandle
}

func newSegment(size uint32) (handle uint32, err error) {
	made := &nativeSegment{words: make([]uint64, (uint64(size)+7)/8), length: size}
	made.waiting = make(map[nativeRingEnd]uint32)
	nativeHost.Lock()
	defer nativeHost.Unlock()
	return made.handle(false), nil
}

func segmentOf(handle uint32) *nativeSegment {
	nativeHost.Lock()
	defer nativeHost.Unlock()
	if h := nativeHost.handles[handle]; h != nil {
		return h.segment
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
	nativeHost.Lock()
	defer nativeHost.Unlock()
	h := nativeHost.handles[handle]
	if h == nil {
		return 0, 0, false
	}
	if h.isReadOnly {
		flags = segmentReadOnly
	}
	return flags, h.segment.length, true
}

func readOnlySegment(handle uint32) uint32 {
	nativeHost.Lock()
	defer nativeHost.Unlock()
	h := nativeHost.handles[handle]
	if h == nil {
		return 0
	}
	return h.segment.handle(true)
}

func dropSegment(handle, count uint32) {
	nativeHost.Lock()
	defer nativeHost.Unlock()
	if h := nativeHost.handles[handle]; h != nil {
		if h.count -= min(count, h.count); h.count == 0 {
			delete(nativeHost.handles, handle)
		}
	}
}

func syncSegment(uint32) {}
func fence()             {}

// ringWait checks the ring once more after it has marked the side as waiting: it sees what the
// other side did before that, and what that does afterwards wakes this one.
func ringWait(handle, at, side, call uint32) int {
	s := segmentOf(handle)
	if s == nil {
		return ringWaitFailed
	}
	base := unsafe.Pointer(&s.words[0])
	nativeHost.Lock()
	defer nativeHost.Unlock()
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
		s.clearWait(base, at, side)
		return ringWaitReady
	}
	s.waiting[nativeRingEnd{at, side}] = call
	return ringWaitWaiting
}

// clearWait marks a side as not waiting, and returns its call. The lock must be held.
func (s *nativeSegment) clearWait(base unsafe.Pointer, at, side uint32) (call uint32) {
	flag := at + ringReceiverWaits
	if side == sideSender {
		flag = at + ringSenderWaits
	}
	store(base, flag, 0)
	end := nativeRingEnd{at, side}
	call = s.waiting[end]
	delete(s.waiting, end)
	return call
}

func ringUnwait(handle, at, side uint32) {
	if s := segmentOf(handle); s != nil {
		nativeHost.Lock()
		s.clearWait(unsafe.Pointer(&s.words[0]), at, side)
		nativeHost.Unlock()
	}
}

func ringWake(handle, at, side uint32) {
	s := segmentOf(handle)
	if s == nil {
		return
	}
	nativeHost.Lock()
	call := s.clearWait(unsafe.Pointer(&s.words[0]), at, side)
	nativeHost.Unlock()
	if call != 0 {
		deliver(call, answerOK, &reader{})
	}
}

func segmentError(otherwise string) error { return errors.New(otherwise) }

func isInWindow(unsafe.Pointer) bool { return false }

func windowBytes() uint64 { return 0 }
