package luago

import (
	"context"
	"unsafe"
)

// Sender is the end of a ring that sends messages. See [NewRing].
type Sender struct{ end *ringEnd }

// Send waits until there is space for a message and sends a copy of it. If the context ends
// first, it returns the context's error.
func (s *Sender) Send(ctx context.Context, message []byte) error {
	for {
		missing, err := s.trySend(message)
		if missing == 0 || err != nil {
			return err
		}
		if err := s.end.wait(ctx, missing); err != nil {
			return err
		}
	}
}

// TrySend sends a copy of a message if there is space for it, and reports whether there was.
func (s *Sender) TrySend(message []byte) (sent bool, err error) {
	missing, err := s.trySend(message)
	return missing == 0 && err == nil, err
}

// SendAll sends copies of messages in order, and waits while there is no space. It is faster than
// one Send for each. It returns how many were sent.
func (s *Sender) SendAll(ctx context.Context, messages [][]byte) (sent int, err error) {
	for {
		n, missing, err := s.trySendAll(messages[sent:])
		sent += n
		if missing == 0 || err != nil {
			return sent, err
		}
		if err := s.end.wait(ctx, missing); err != nil {
			return sent, err
		}
	}
}

// Close closes the ring: no more messages come. The receiver still gets those that were sent.
// Closing a second time does nothing.
func (s *Sender) Close() error { return s.end.close(nil) }

// CloseWithError is like Close, and the receiver gets the error after the last message; at most
// 156 bytes of its text pass. With a nil error it is Close.
func (s *Sender) CloseWithError(err error) error { return s.end.close(err) }

// trySend sends a message if it can, and else returns how many bytes have to be free for it.
func (s *Sender) trySend(message []byte) (missing uint32, err error) {
	e := s.end
	e.Lock()
	base := e.ref.base
	// This avoids calls, which cost more in wasm than most of what is done here.
	if e.isClosed || base == nil || load(base, e.offset+ringReceiverClosed) != ringOpen {
		if base, err = e.openForSending(); err != nil {
			e.Unlock()
			return 0, err
		}
	}
	tail := load(base, e.offset+ringTail)
	next, missing, err := e.writeRecord(base, tail, tail, message)
	if next != tail {
		e.publish(base, next)
	}
	e.Unlock()
	return missing, err
}

func (s *Sender) trySendAll(messages [][]byte) (sent int, missing uint32, err error) {
	e := s.end
	e.Lock()
	defer e.Unlock()
	base, err := e.openForSending()
	if err != nil {
		return 0, 0, err
	}
	start := load(base, e.offset+ringTail)
	tail := start
	for _, message := range messages {
		var next uint32
		next, missing, err = e.writeRecord(base, start, tail, message)
		if next == tail {
			break
		}
		sent++
		tail = next
	}
	if tail != start && !e.isClosed {
		e.publish(base, tail)
	}
	return sent, missing, err
}

func (e *ringEnd) openForSending() (unsafe.Pointer, error) {
	base, err := e.open()
	if err != nil {
		return nil, err
	}
	if how := load(base, e.offset+ringReceiverClosed); how != ringOpen {
		return nil, e.closedError(base, how)
	}
	return base, nil
}

// closedError returns the error of sending to a receiver that is closed.
func (e *ringEnd) closedError(base unsafe.Pointer, how uint32) error {
	if how == ringFailed {
		return &receiverClosedError{e.peerError(base)}
	}
	return ErrReceiverClosed
}

// receiverClosedError is ErrReceiverClosed with the receiver's error.
type receiverClosedError struct{ why string }

func (r *receiverClosedError) Error() string { return ErrReceiverClosed.Error() + ": " + r.why }
func (r *receiverClosedError) Unwrap() error { return ErrReceiverClosed }

// writeRecord writes a message at tail, and returns the index of the next one. If there is no
// space, it returns tail and how many bytes have to be free. What was published ends at start.
func (e *ringEnd) writeRecord(base unsafe.Pointer, start, tail uint32, message []byte) (next, missing uint32, err error) {
	if len(message) > int(e.capacity/2-recordHead) {
		return tail, 0, ErrTooLong
	}
	length := uint32(len(message))
	size := recordHead + (length+recordMask)&^recordMask
	at := tail & (e.capacity - 1)
	room, whole := e.capacity-at, size
	if size > room {
		whole += room
	}
	used := tail - e.peerIndex
	if used > e.capacity || e.capacity-used < whole {
		e.peerIndex = e.loadAcquire(base, ringHead)
		// The receiver knows only of what was published.
		if start-e.peerIndex > e.capacity || (tail|e.peerIndex)&recordMask != 0 || load(base, e.offset+ringMagic) != ringMagicNumber {
			return tail, 0, e.failBroken(base)
		}
		used = tail - e.peerIndex
		if e.capacity-used < whole {
			return tail, whole, nil
		}
	} else if (tail|e.peerIndex)&recordMask != 0 {
		return tail, 0, e.failBroken(base)
	}
	data := e.offset + ringData
	if size > room {
		putRecordHead(base, data+at, recordSkip)
		at = 0
	}
	if length&recordMask != 0 {
		putRecordHead(base, data+at+size-recordAlign, 0)
	}
	putRecordHead(base, data+at, length)
	if length > 0 {
		copyBytes(unsafe.Add(base, data+at+recordHead), unsafe.Pointer(unsafe.SliceData(message)), uintptr(length))
	}
	return tail + whole, 0, nil
}

// publish makes what was written before tail visible to the receiver.
func (e *ringEnd) publish(base unsafe.Pointer, tail uint32) {
	e.storeRelease(base, ringTail, tail)
	if load(base, e.offset+ringReceiverWaits) != 0 {
		ringWake(e.ref.handle, e.offset, sideReceiver)
	}
}

func openSender(v AnyView) (*Sender, error) {
	return openFromView(v, sideSender, func(e *ringEnd) *Sender { return &Sender{e} })
}

func (s *Sender) provideCodec() providedCodec {
	return ringEndCodec(ringSenderDescription, "sender of a ring", openSender, func(s *Sender) *ringEnd { return s.end })
}
