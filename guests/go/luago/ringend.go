package luago

import (
	"unicode/utf8"
	"unsafe"
)

// ringEnd is one end of a ring, which all Senders or Receivers of the guest for it share.
type ringEnd struct {
	lock
	ref *segmentRef
	// The offset of the ring in the segment, and its size including the header.
	offset, size uint32
	capacity     uint32
	side         uint32
	// The index of the other end when it was last read.
	peerIndex uint32
	isClosed  bool
	// Held by the goroutine that waits.
	waitTurn    chan struct{}
	waitingCall *call // guarded by the bridge's lock
}

// openEnd returns an end of the ring that fills a segment.
func openEnd(s *Segment, side uint32) (*ringEnd, error) {
	c := s.ref
	base, err := c.memory()
	if err != nil {
		return nil, err
	}
	if c.isReadOnly() {
		return nil, ErrReadOnly
	}
	if s.offset%ringAlign != 0 || s.length < ringData+minRingCapacity {
		return nil, ErrRingBroken
	}
	segmentRefs.Lock()
	defer segmentRefs.Unlock()
	for _, e := range c.ends {
		if e.offset == s.offset && e.side == side {
			return e, nil
		}
	}
	if c.flags&segmentCopied != 0 {
		syncSegment(c.handle)
	}
	closed := s.offset + ringSenderClosed
	if side == sideReceiver {
		closed = s.offset + ringReceiverClosed
	}
	capacity := load(base, s.offset+ringCapacity)
	if load(base, s.offset+ringMagic) != ringMagicNumber || capacity < minRingCapacity || capacity > maxRingCapacity ||
		capacity&(capacity-1) != 0 || capacity > s.length-ringData {
		return nil, ErrRingBroken
	}
	e := &ringEnd{ref: c, offset: s.offset, size: s.length, capacity: capacity, side: side, waitTurn: make(chan struct{}, 1)}
	e.isClosed = load(base, closed) != ringOpen
	if side == sideSender {
		e.peerIndex = load(base, e.offset+ringHead)
	} else {
		e.peerIndex = load(base, e.offset+ringTail)
	}
	c.ends = append(c.ends, e)
	return e, nil
}

func load(base unsafe.Pointer, at uint32) uint32 {
	return littleEndian(loadWord(wordAt(base, at)))
}

func store(base unsafe.Pointer, at, n uint32) {
	storeWord(wordAt(base, at), littleEndian(n))
}

// open returns the address of the segment, unless the end is closed. The lock must be held.
func (e *ringEnd) open() (unsafe.Pointer, error) {
	if e.isClosed {
		return nil, ErrEndClosed
	}
	return e.ref.memory()
}

// loadAcquire loads a field that the other end writes.
func (e *ringEnd) loadAcquire(base unsafe.Pointer, at uint32) uint32 {
	if e.ref.flags&segmentCopied != 0 {
		syncSegment(e.ref.handle)
	}
	n := load(base, e.offset+at)
	if e.ref.flags&segmentWeakOrder != 0 {
		fence()
	}
	return n
}

// storeRelease stores a field that the other end reads, after all that was read or written before.
func (e *ringEnd) storeRelease(base unsafe.Pointer, at, n uint32) {
	if e.ref.flags == 0 {
		// This is inlined, as calls cost more in wasm.
		store(base, e.offset+at, n)
	} else {
		e.storeReleaseSlow(base, at, n)
	}
}

func (e *ringEnd) storeReleaseSlow(base unsafe.Pointer, at, n uint32) {
	if e.ref.flags&segmentWeakOrder != 0 {
		fence()
	}
	store(base, e.offset+at, n)
	if e.ref.flags&segmentCopied != 0 {
		syncSegment(e.ref.handle)
	} else if e.ref.flags&segmentWeakOrder != 0 {
		fence()
	}
}

// failBroken closes the end of a ring that is broken. The lock must be held.
func (e *ringEnd) failBroken(base unsafe.Pointer) error {
	e.markClosed(base, errBrokenForPeer)
	return ErrRingBroken
}

// close closes the end; the other one gets the error if it is not nil.
func (e *ringEnd) close(why error) error {
	e.Lock()
	if e.isClosed {
		e.Unlock()
		return nil
	}
	base, err := e.open()
	if err != nil {
		e.isClosed = true
		e.Unlock()
		return err
	}
	e.markClosed(base, why)
	e.Unlock()
	e.stopWaiting(ErrEndClosed)
	return nil
}

// markClosed tells the other end that this one is closed, and wakes it. The lock must be held.
func (e *ringEnd) markClosed(base unsafe.Pointer, why error) {
	e.isClosed = true
	text, flag := uint32(ringSenderError), uint32(ringSenderClosed)
	if e.side == sideReceiver {
		text, flag = ringReceiverError, ringReceiverClosed
	}
	state := uint32(ringClosed)
	if why != nil {
		state = ringFailed
		message := truncateUTF8(why.Error(), maxRingError)
		copy(bytesAt(base, e.offset+text+4, maxRingError), message)
		store(base, e.offset+text, uint32(len(message)))
	}
	e.storeRelease(base, flag, state)
	ringWake(e.ref.handle, e.offset, 1-e.side)
}

// truncateUTF8 shortens a text to at most limit bytes, between two characters.
func truncateUTF8(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// peerError returns the error that the other end was closed with.
func (e *ringEnd) peerError(base unsafe.Pointer) string {
	text := uint32(ringReceiverError)
	if e.side == sideReceiver {
		text = ringSenderError
	}
	length := min(load(base, e.offset+text), maxRingError)
	return string(bytesAt(base, e.offset+text+4, length))
}
