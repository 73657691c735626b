package luago

import (
	"errors"
	"math/bits"
	"strconv"
)

// recordMask has the bits that are 0 in an index of a ring.
const recordMask = recordAlign - 1

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

	// What the other end is told of ErrRingBroken.
	errToldBroken = errors.New("the ring is broken")

	errWaitNow = errors.New("a non-blocking function cannot wait for a ring: register it without luago.NonBlocking")
)

// NewRing makes a ring in a segment of its own: what its sender sends, its receiver gets, in
// that order. Either end, or both, can be passed to other guests and to the host; each is to
// be used in one place.
//
// The capacity is in bytes, and a power of two from 64 to 2^30. A message takes its length
// and 8 to 15 bytes more, and can be half as long as the capacity, less 8.
func NewRing(capacity int) (*Sender, *Receiver, error) {
	if capacity < minRingCapacity || capacity > maxRingCapacity || capacity&(capacity-1) != 0 {
		return nil, nil, errors.New("cannot make a ring of " + strconv.Itoa(capacity) + " bytes: the capacity is to be a power of two from " + strconv.Itoa(minRingCapacity) +
			" to 2^" + strconv.Itoa(bits.TrailingZeros32(maxRingCapacity)))
	}
	s, err := NewSegment(ringData + capacity)
	if err != nil {
		return nil, nil, err
	}
	base, err := s.core.memory()
	if err != nil {
		return nil, nil, err
	}
	store(base, ringCapacity, uint32(capacity))
	store(base, ringMagic, ringMagicNumber)
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
