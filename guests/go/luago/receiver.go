package luago

import (
	"context"
	"errors"
	"io"
	"iter"
	"unsafe"
)

// Receiver is the end of a ring that receives messages. See [NewRing].
type Receiver struct{ end *ringEnd }

// Receive waits for the next message and returns it. After the last message of a sender that has
// closed the ring, the error is [io.EOF], or the one that the ring was closed with. If the
// context ends first, Receive returns the context's error.
func (r *Receiver) Receive(ctx context.Context) ([]byte, error) {
	return r.ReceiveInto(ctx, nil)
}

// ReceiveInto is like Receive. It puts the message into the buffer if that is large enough, and
// else into a new one.
func (r *Receiver) ReceiveInto(ctx context.Context, buffer []byte) ([]byte, error) {
	for {
		message, ok, err := r.tryReceive(buffer)
		if ok || err != nil {
			return message, err
		}
		if err := r.end.wait(ctx, 0); err != nil {
			return nil, err
		}
	}
}

// TryReceive returns the next message if there is one.
func (r *Receiver) TryReceive() (message []byte, ok bool, err error) { return r.tryReceive(nil) }

// ReceiveAll waits for a message, and returns it with the messages behind it: at most limit, or
// all that are there if limit is 0. It is faster than one Receive for each. At the end there are
// none, and the error is that of Receive.
func (r *Receiver) ReceiveAll(ctx context.Context, limit int) ([][]byte, error) {
	for {
		messages, err := r.tryReceiveAll(limit)
		if len(messages) > 0 || err != nil {
			return messages, err
		}
		if err := r.end.wait(ctx, 0); err != nil {
			return nil, err
		}
	}
}

// Messages iterates over the messages up to the end. If there is an error, the last step is a
// nil message and the error.
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

// Close closes the ring for sending: Send fails from then on. Closing a second time does
// nothing.
func (r *Receiver) Close() error { return r.end.close(nil) }

// CloseWithError is like Close, and the sender gets the error, of whose text at most 156 bytes
// pass. With a nil error it is Close.
func (r *Receiver) CloseWithError(err error) error { return r.end.close(err) }

// tryReceive takes a message, if there is one.
func (r *Receiver) tryReceive(buffer []byte) (message []byte, ok bool, err error) {
	e := r.end
	e.Lock()
	base := e.ref.base
	if e.isClosed || base == nil {
		if base, err = e.open(); err != nil {
			e.Unlock()
			return nil, false, err
		}
	}
	head := load(base, e.offset+ringHead)
	at, length, behind, err := e.findRecord(base, head)
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
		e.freeUntil(base, behind)
	}
	e.Unlock()
	return message, ok, err
}

// maxChunk bounds the memory that messages received at once share.
const maxChunk = 64 << 10

func (r *Receiver) tryReceiveAll(limit int) (messages [][]byte, err error) {
	e := r.end
	e.Lock()
	defer e.Unlock()
	base, err := e.open()
	if err != nil {
		return nil, err
	}
	start := load(base, e.offset+ringHead)
	head := start
	var chunk []byte
	for limit <= 0 || len(messages) < limit {
		var at, length, behind uint32
		at, length, behind, err = e.findRecord(base, head)
		if length == recordSkip {
			head = behind
			break
		}
		if cap(chunk)-len(chunk) < int(length) {
			chunk = make([]byte, 0, max(min(e.peerIndex-head, maxChunk), length))
		}
		begin := len(chunk)
		chunk = append(chunk, bytesAt(base, at, length)...)
		messages = append(messages, chunk[begin:len(chunk):len(chunk)])
		head = behind
	}
	if head != start && !e.isClosed {
		e.freeUntil(base, head)
	}
	if len(messages) > 0 {
		// The next call returns the error.
		return messages, nil
	}
	return nil, err
}

// findRecord returns the offset of the message at head, its length, and the index of the next
// record. If there is no message, the length is recordSkip.
func (e *ringEnd) findRecord(base unsafe.Pointer, head uint32) (at, length, behind uint32, err error) {
	if head == e.peerIndex || e.peerIndex-head > e.capacity {
		// In this order: who sees that the ring is closed sees all that was sent before.
		closed := e.loadAcquire(base, ringSenderClosed)
		e.peerIndex = load(base, e.offset+ringTail)
		if head == e.peerIndex {
			if load(base, e.offset+ringMagic) != ringMagicNumber {
				return 0, recordSkip, head, e.failBroken(base)
			}
			return 0, recordSkip, head, e.endError(base, closed)
		}
		if e.ref.flags&segmentWeakOrder != 0 {
			fence()
		}
	}
	for range 2 {
		used := e.peerIndex - head
		if used > e.capacity || (used|head)&recordMask != 0 {
			break
		}
		if used == 0 {
			// There is only a skip record so far.
			return 0, recordSkip, head, nil
		}
		place := head & (e.capacity - 1)
		room := min(e.capacity-place, used)
		length = load(base, e.offset+ringData+place)
		if length == recordSkip && place != 0 && e.capacity-place <= used {
			head += e.capacity - place
			continue
		}
		if length > e.capacity/2-recordHead || recordHead+(length+recordMask)&^recordMask > room {
			break
		}
		return e.offset + ringData + place + recordHead, length, head + recordHead + (length+recordMask)&^recordMask, nil
	}
	return 0, recordSkip, head, e.failBroken(base)
}

// endError returns the error of a receiver that finds no message: nil while the sender may send
// more.
func (e *ringEnd) endError(base unsafe.Pointer, closed uint32) error {
	switch closed {
	case ringOpen:
		return nil
	case ringFailed:
		return &Error{Message: e.peerError(base)}
	}
	return io.EOF
}

// freeUntil lets the sender reuse the space before head.
func (e *ringEnd) freeUntil(base unsafe.Pointer, head uint32) {
	e.storeRelease(base, ringHead, head)
	wanted := load(base, e.offset+ringSenderWaits)
	if wanted != 0 && (e.capacity-(e.peerIndex-head) >= wanted || e.peerIndex == head) {
		ringWake(e.ref.handle, e.offset, sideSender)
	}
}

func openReceiver(v AnyView) (*Receiver, error) {
	return openFromView(v, sideReceiver, func(e *ringEnd) *Receiver { return &Receiver{e} })
}

func (r *Receiver) provideCodec() providedCodec {
	return ringEndCodec(ringReceiverDescription, "receiver of a ring", openReceiver, func(r *Receiver) *ringEnd { return r.end })
}
