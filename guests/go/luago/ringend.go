package luago

import (
	"unicode/utf8"
	"unsafe"
)

// end is one end of a ring, as all senders or receivers of the guest for it share it.
type end struct {
	lock
	core *core
	// Where the ring begins in the segment, and its number of bytes with all.
	at, size uint32
	capacity uint32
	side     uint32
	// The index of the other end, as it was when it was last looked at.
	other    uint32
	isClosed bool
	// Held by the goroutine that waits.
	turn    chan struct{}
	waiting *call // guarded by the bridge's lock
}

// openEnd gives the end of a ring that is all of a segment's part.
func openEnd(s *Segment, side uint32) (*end, error) {
	c := s.core
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
	cores.Lock()
	defer cores.Unlock()
	for _, e := range c.ends {
		if e.at == s.offset && e.side == side {
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
	e := &end{core: c, at: s.offset, size: s.length, capacity: capacity, side: side, turn: make(chan struct{}, 1)}
	e.isClosed = load(base, closed) != ringOpen
	if side == sideSender {
		e.other = load(base, e.at+ringHead)
	} else {
		e.other = load(base, e.at+ringTail)
	}
	c.ends = append(c.ends, e)
	return e, nil
}

func load(base unsafe.Pointer, at uint32) uint32 {
	return littleEndian(loadWord(word(base, at)))
}

func store(base unsafe.Pointer, at, n uint32) {
	storeWord(word(base, at), littleEndian(n))
}

// begin starts an operation, with the lock held: the address of the segment.
func (e *end) begin() (unsafe.Pointer, error) {
	if e.isClosed {
		return nil, ErrEndClosed
	}
	return e.core.memory()
}

// look loads what the other end writes.
func (e *end) look(base unsafe.Pointer, at uint32) uint32 {
	if e.core.flags&segmentCopied != 0 {
		syncSegment(e.core.handle)
	}
	n := load(base, e.at+at)
	if e.core.flags&segmentWeakOrder != 0 {
		fence()
	}
	return n
}

// tell stores what the other end reads, after everything that was written or read before.
func (e *end) tell(base unsafe.Pointer, at, n uint32) {
	if e.core.flags == 0 {
		// So much is the same as in any other function; calls cost more in wasm than this.
		store(base, e.at+at, n)
	} else {
		e.tellSlowly(base, at, n)
	}
}

func (e *end) tellSlowly(base unsafe.Pointer, at, n uint32) {
	if e.core.flags&segmentWeakOrder != 0 {
		fence()
	}
	store(base, e.at+at, n)
	if e.core.flags&segmentCopied != 0 {
		syncSegment(e.core.handle)
	} else if e.core.flags&segmentWeakOrder != 0 {
		fence()
	}
}

// broken closes an end whose ring makes no sense. The lock is held.
func (e *end) broken(base unsafe.Pointer) error {
	e.shut(base, errToldBroken)
	return ErrRingBroken
}

// close closes the end, with an error for the other one or without.
func (e *end) close(why error) error {
	e.Lock()
	if e.isClosed {
		e.Unlock()
		return nil
	}
	base, err := e.begin()
	if err != nil {
		e.isClosed = true
		e.Unlock()
		return err
	}
	e.shut(base, why)
	e.Unlock()
	e.stopWaiting(ErrEndClosed)
	return nil
}

// shut tells the other end that this one is closed, and wakes it. The lock is held.
func (e *end) shut(base unsafe.Pointer, why error) {
	e.isClosed = true
	text, flag := uint32(ringSenderError), uint32(ringSenderClosed)
	if e.side == sideReceiver {
		text, flag = ringReceiverError, ringReceiverClosed
	}
	how := uint32(ringClosed)
	if why != nil {
		how = ringFailed
		said := cutText(why.Error(), maxRingError)
		copy(span(base, e.at+text+4, maxRingError), said)
		store(base, e.at+text, uint32(len(said)))
	}
	e.tell(base, flag, how)
	ringWake(e.core.handle, e.at, 1-e.side)
}

// cutText shortens a text to so many bytes, between two characters.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// otherError is what the other end was closed with.
func (e *end) otherError(base unsafe.Pointer) string {
	text := uint32(ringReceiverError)
	if e.side == sideReceiver {
		text = ringSenderError
	}
	length := min(load(base, e.at+text), maxRingError)
	return string(span(base, e.at+text+4, length))
}
