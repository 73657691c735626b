package luago

import (
	"errors"
	"strconv"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// Where a ring has what, from its first byte; the numbers are the ABI's. Each end writes to
// cache lines of its own.
const (
	ringMagic          = 0
	ringCapacity       = 4
	ringTail           = 64
	ringSenderClosed   = 68
	ringReceiverWaits  = 72
	ringHead           = 128
	ringReceiverClosed = 132
	ringSenderWaits    = 136
	ringSenderError    = 192
	ringReceiverError  = 352
	ringData           = 512

	ringMark      = 0x3147524c // LRG1
	ringAlign     = 64
	leastCapacity = 64
	mostCapacity  = 1 << 30
	mostRingError = 156
	recordHead    = 8
	// The length in the head of a record that only fills what is left before the end.
	skipRecord = ^uint32(0)

	senderText   = "luago.ring sender"
	receiverText = "luago.ring receiver"
)

const (
	sideSender   uint32 = 0
	sideReceiver uint32 = 1
)

// How an end is closed.
const (
	ringOpen uint32 = iota
	ringClosed
	ringFailed
)

var (
	// ErrEndClosed is the error of using an end of a ring that was closed on this side.
	ErrEndClosed = errors.New("this end of the ring is closed")
	// ErrReceiverClosed is the error of sending to a ring whose receiver has closed it.
	ErrReceiverClosed = errors.New("the receiver has closed the ring")
	// ErrRingBroken is the error of a ring whose indices or records make no sense: another
	// guest has written over them.
	ErrRingBroken = errors.New("the ring is broken: somebody has written over its indices or records")
	// ErrTooLong is the error of sending a message that has no room in the ring even when it
	// is empty.
	ErrTooLong = errors.New("the message is too long for the ring")

	errWaitNow = errors.New("a non-blocking function cannot wait for a ring: register it without luago.NonBlocking")
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

// NewRing makes a ring in a segment of its own: what its sender sends, its receiver gets, in
// that order. Either end, or both, can be passed to other guests and to the host; each is to
// be used in one place.
//
// The capacity is in bytes, and a power of two from 64 to 2^30. A message takes its length
// and 8 to 15 bytes more, and can be half as long as the capacity, less 8.
func NewRing(capacity int) (*Sender, *Receiver, error) {
	if capacity < leastCapacity || capacity > mostCapacity || capacity&(capacity-1) != 0 {
		return nil, nil, errors.New("cannot make a ring of " + strconv.Itoa(capacity) + " bytes: the capacity is to be a power of two from 64 to 2^30")
	}
	s, err := NewSegment(ringData + capacity)
	if err != nil {
		return nil, nil, err
	}
	base, err := s.core.memory()
	if err != nil {
		return nil, nil, err
	}
	atomic.StoreUint32(word(base, ringCapacity), littleEndian(uint32(capacity)))
	atomic.StoreUint32(word(base, ringMagic), littleEndian(ringMark))
	from, err := openEnd(s, sideSender)
	if err != nil {
		return nil, nil, err
	}
	to, err := openEnd(s, sideReceiver)
	if err != nil {
		return nil, nil, err
	}
	return &Sender{from}, &Receiver{to}, nil
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
	if s.offset%ringAlign != 0 || s.length < ringData+leastCapacity {
		return nil, ErrRingBroken
	}
	cores.Lock()
	defer cores.Unlock()
	for _, e := range c.ends {
		if e.at == s.offset && e.side == side {
			return e, nil
		}
	}
	if c.flags&flagCopying != 0 {
		syncSegment(c.handle)
	}
	capacity := load(base, s.offset+ringCapacity)
	if load(base, s.offset+ringMagic) != ringMark || capacity < leastCapacity || capacity > mostCapacity ||
		capacity&(capacity-1) != 0 || capacity > s.length-ringData {
		return nil, ErrRingBroken
	}
	e := &end{core: c, at: s.offset, size: s.length, capacity: capacity, side: side, turn: make(chan struct{}, 1)}
	if side == sideSender {
		e.other = load(base, e.at+ringHead)
	} else {
		e.other = load(base, e.at+ringTail)
	}
	c.ends = append(c.ends, e)
	return e, nil
}

// littleEndian is the number as a ring has it.
func littleEndian(n uint32) uint32 {
	if !isLittleEndian {
		n = n>>24 | n>>8&0xff00 | n<<8&0xff0000 | n<<24
	}
	return n
}

func load(base unsafe.Pointer, at uint32) uint32 {
	return littleEndian(atomic.LoadUint32(word(base, at)))
}

// begin starts an operation, with the lock held: the address of the segment.
func (e *end) begin() (unsafe.Pointer, error) {
	if e.isClosed {
		return nil, ErrEndClosed
	}
	base := e.core.base
	if base == nil {
		var err error
		if base, err = e.core.memory(); err != nil {
			return nil, err
		}
	}
	return base, nil
}

// look loads what the other end writes.
func (e *end) look(base unsafe.Pointer, at uint32) uint32 {
	if e.core.flags&flagCopying != 0 {
		syncSegment(e.core.handle)
	}
	n := load(base, e.at+at)
	if e.core.flags&flagWeak != 0 {
		fence()
	}
	return n
}

// tell stores what the other end reads, after everything that was written or read before.
func (e *end) tell(base unsafe.Pointer, at, n uint32) {
	if e.core.flags&flagWeak != 0 {
		fence()
	}
	atomic.StoreUint32(word(base, e.at+at), littleEndian(n))
	if e.core.flags&(flagCopying|flagWeak) != 0 {
		if e.core.flags&flagCopying != 0 {
			syncSegment(e.core.handle)
		} else {
			fence()
		}
	}
}

// broken closes an end whose ring makes no sense. The lock is held.
func (e *end) broken(base unsafe.Pointer) error {
	e.shut(base, ErrRingBroken)
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
	how := ringClosed
	if why != nil {
		how = ringFailed
		said := cutText(why.Error(), mostRingError)
		copy(span(base, e.at+text+4, mostRingError), said)
		atomic.StoreUint32(word(base, e.at+text), littleEndian(uint32(len(said))))
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
	length := min(load(base, e.at+text), mostRingError)
	return string(span(base, e.at+text+4, length))
}

// passed is the end as a value on its way.
func (e *end) passed() AnyView {
	text := senderText
	if e.side == sideReceiver {
		text = receiverText
	}
	return AnyView{&Segment{e.core, e.at, e.size}, text, fingerprint(text)}
}

// passingEnd is how senders and receivers pass, which are pointers to an end each.
func passingEnd[T any](text, what string, open func(AnyView) (*T, error), endOf func(*T) *end) passing {
	useSegments()
	return passing{typeOf[*T](), func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		if s.tag == tagNil {
			*(**T)(p) = nil
			return nil
		}
		if s.tag != tagView {
			return expected(what, s)
		}
		v, err := r.view(s)
		if err != nil {
			return err
		}
		if v.description != text {
			return unusable("expected " + what + ", got " + v.kind())
		}
		*(**T)(p), err = open(v)
		return err
	}, func(w *writer, p unsafe.Pointer) error {
		if end := *(**T)(p); end != nil {
			return w.view(endOf(end).passed())
		}
		w.null()
		return nil
	}, nil}
}

func openAt[T any](v AnyView, side uint32, made func(*end) *T) (*T, error) {
	e, err := openEnd(v.segment, side)
	if err != nil {
		return nil, unusable(err.Error())
	}
	return made(e), nil
}
