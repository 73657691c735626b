package luago

import (
	"context"
	"errors"
	"io"
	"iter"
	"unsafe"
)

// Receiver is the end of a ring that messages come from. See [NewRing].
type Receiver struct{ end *end }

// Receive gives the next message, and waits for it. When the sender has closed the ring and
// there is none left, the error is [io.EOF], or the one that it was closed with. It ends
// early if the context ends, with the context's error.
func (r *Receiver) Receive(ctx context.Context) ([]byte, error) {
	return r.ReceiveInto(ctx, nil)
}

// ReceiveInto is Receive for callers with a buffer. The message stands in the buffer if it is
// large enough, else in a new one.
func (r *Receiver) ReceiveInto(ctx context.Context, buffer []byte) ([]byte, error) {
	for {
		message, ok, err := r.next(buffer)
		if ok || err != nil {
			return message, err
		}
		if err := r.end.wait(ctx, 0); err != nil {
			return nil, err
		}
	}
}

// TryReceive gives the next message if there is one.
func (r *Receiver) TryReceive() (message []byte, ok bool, err error) { return r.next(nil) }

// ReceiveAll waits for a message, and gives it with those behind it: at most so many as are
// asked for, or all that are there if that is 0. It is faster than one Receive for each. At
// the end there are none, and the error is that of Receive.
func (r *Receiver) ReceiveAll(ctx context.Context, most int) ([][]byte, error) {
	for {
		messages, err := r.takeAll(most)
		if len(messages) > 0 || err != nil {
			return messages, err
		}
		if err := r.end.wait(ctx, 0); err != nil {
			return nil, err
		}
	}
}

// Messages iterates over the messages up to the end. If it ends otherwise, the last step is
// a nil message and the error.
func (r *Receiver) Messages(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for {
			message, err := r.Receive(ctx)
			if errors.Is(err, io.EOF) || !yield(message, err) || err != nil {
				return
			}
		}
	}
}

// Close says that no more messages are received: sending fails from then on. Closing a
// second time does nothing.
func (r *Receiver) Close() error { return r.end.close(nil) }

// CloseWithError is Close with an error, which the sender gets: at most 156 bytes of its
// text. Without one it is Close.
func (r *Receiver) CloseWithError(err error) error { return r.end.close(err) }

// next takes a message, if there is one.
func (r *Receiver) next(buffer []byte) (message []byte, ok bool, err error) {
	e := r.end
	e.Lock()
	base := e.core.base
	if e.isClosed || base == nil {
		if base, err = e.begin(); err != nil {
			e.Unlock()
			return nil, false, err
		}
	}
	head := load(base, e.at+ringHead)
	at, length, behind, err := e.find(base, head)
	if length != recordSkip {
		if buffer == nil || cap(buffer) < int(length) {
			buffer = make([]byte, length)
		}
		message, ok = buffer[:length], true
		if length > 0 {
			copyBytes(unsafe.Pointer(unsafe.SliceData(message)), unsafe.Add(base, at), uintptr(length))
		}
	}
	if behind != head {
		e.free(base, behind)
	}
	e.Unlock()
	return message, ok, err
}

// mostChunk bounds the memory that messages received at once share.
const mostChunk = 64 << 10

func (r *Receiver) takeAll(most int) (messages [][]byte, err error) {
	e := r.end
	e.Lock()
	defer e.Unlock()
	base, err := e.begin()
	if err != nil {
		return nil, err
	}
	start := load(base, e.at+ringHead)
	head := start
	var chunk []byte
	for most <= 0 || len(messages) < most {
		var at, length, behind uint32
		at, length, behind, err = e.find(base, head)
		if length == recordSkip {
			head = behind
			break
		}
		if cap(chunk)-len(chunk) < int(length) {
			chunk = make([]byte, 0, max(min(e.other-head, mostChunk), length))
		}
		begin := len(chunk)
		chunk = append(chunk, span(base, at, length)...)
		messages = append(messages, chunk[begin:len(chunk):len(chunk)])
		head = behind
	}
	if head != start && !e.isClosed {
		e.free(base, head)
	}
	if len(messages) > 0 {
		// An error shows the next time.
		return messages, nil
	}
	return nil, err
}

// find gives where the message at head stands, its length, and where the next one begins.
// If there is none, the length is that of a skip record.
func (e *end) find(base unsafe.Pointer, head uint32) (at, length, behind uint32, err error) {
	if head == e.other || e.other-head > e.capacity {
		// The order matters: what is sent before closing is seen once the latter is.
		closed := e.look(base, ringSenderClosed)
		e.other = load(base, e.at+ringTail)
		if head == e.other {
			if load(base, e.at+ringMagic) != ringMagicNumber {
				return 0, recordSkip, head, e.broken(base)
			}
			return 0, recordSkip, head, e.ended(base, closed)
		}
		if e.core.flags&segmentWeakOrder != 0 {
			fence()
		}
	}
	for range 2 {
		used := e.other - head
		if used > e.capacity || (used|head)&recordMask != 0 {
			break
		}
		if used == 0 {
			// Only a skip record was there so far.
			return 0, recordSkip, head, nil
		}
		place := head & (e.capacity - 1)
		room := min(e.capacity-place, used)
		length = load(base, e.at+ringData+place)
		if length == recordSkip && place != 0 && e.capacity-place <= used {
			head += e.capacity - place
			continue
		}
		if length > e.capacity/2-recordHead || recordHead+(length+recordMask)&^recordMask > room {
			break
		}
		return e.at + ringData + place + recordHead, length, head + recordHead + (length+recordMask)&^recordMask, nil
	}
	return 0, recordSkip, head, e.broken(base)
}

// ended is what a receiver gets that finds no message: nil while the sender may send more.
func (e *end) ended(base unsafe.Pointer, closed uint32) error {
	switch closed {
	case ringOpen:
		return nil
	case ringFailed:
		return &Error{Message: e.otherError(base)}
	}
	return io.EOF
}

// free lets the sender use the room before head again.
func (e *end) free(base unsafe.Pointer, head uint32) {
	e.tell(base, ringHead, head)
	wanted := load(base, e.at+ringSenderWaits)
	if wanted != 0 && (e.capacity-(e.other-head) >= wanted || e.other == head) {
		ringWake(e.core.handle, e.at, sideSender)
	}
}

func openReceiver(v AnyView) (*Receiver, error) {
	return openAt(v, sideReceiver, func(e *end) *Receiver { return &Receiver{e} })
}

func (r *Receiver) passes() passing {
	return passingEnd(ringReceiverDescription, "receiver of a ring", openReceiver, func(r *Receiver) *end { return r.end })
}
