package luago

import (
	"context"
	"unsafe"
)

// Sender is the end of a ring that messages are sent to. See [NewRing].
type Sender struct{ end *end }

// Send sends a copy of a message, and waits while there is no room for it. It ends early if
// the context ends, with the context's error.
func (s *Sender) Send(ctx context.Context, message []byte) error {
	for {
		missing, err := s.offer(message)
		if missing == 0 || err != nil {
			return err
		}
		if err := s.end.wait(ctx, missing); err != nil {
			return err
		}
	}
}

// TrySend sends a copy of a message if there is room for it, and says whether there was.
func (s *Sender) TrySend(message []byte) (sent bool, err error) {
	missing, err := s.offer(message)
	return missing == 0 && err == nil, err
}

// SendAll sends copies of messages, in their order, and waits while there is no room. It is
// faster than one Send for each. If it ends early, it says how many were sent.
func (s *Sender) SendAll(ctx context.Context, messages [][]byte) (sent int, err error) {
	for {
		n, missing, err := s.offerAll(messages[sent:])
		sent += n
		if missing == 0 || err != nil {
			return sent, err
		}
		if err := s.end.wait(ctx, missing); err != nil {
			return sent, err
		}
	}
}

// Close says that no more messages come. The receiver gets those that were sent. Closing
// a second time does nothing.
func (s *Sender) Close() error { return s.end.close(nil) }

// CloseWithError is Close with an error, which the receiver gets behind the last message: at
// most 156 bytes of its text. Without one it is Close.
func (s *Sender) CloseWithError(err error) error { return s.end.close(err) }

// offer sends a message if it can, and else gives how many bytes are to be free for it.
func (s *Sender) offer(message []byte) (missing uint32, err error) {
	e := s.end
	e.Lock()
	base := e.core.base
	// Calls cost more in wasm than most of what is done here.
	if e.isClosed || base == nil || load(base, e.at+ringReceiverClosed) != ringOpen {
		if base, err = e.beginSend(); err != nil {
			e.Unlock()
			return 0, err
		}
	}
	tail := load(base, e.at+ringTail)
	next, missing, err := e.put(base, tail, tail, message)
	if next != tail {
		e.publish(base, next)
	}
	e.Unlock()
	return missing, err
}

func (s *Sender) offerAll(messages [][]byte) (sent int, missing uint32, err error) {
	e := s.end
	e.Lock()
	defer e.Unlock()
	base, err := e.beginSend()
	if err != nil {
		return 0, 0, err
	}
	start := load(base, e.at+ringTail)
	tail := start
	for _, message := range messages {
		var next uint32
		next, missing, err = e.put(base, start, tail, message)
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

func (e *end) beginSend() (unsafe.Pointer, error) {
	base, err := e.begin()
	if err != nil {
		return nil, err
	}
	if how := load(base, e.at+ringReceiverClosed); how != ringOpen {
		return nil, e.receiverClosed(base, how)
	}
	return base, nil
}

// receiverClosed is the error of sending to who does not receive any more.
func (e *end) receiverClosed(base unsafe.Pointer, how uint32) error {
	if how == ringFailed {
		return &receiverFailed{e.otherError(base)}
	}
	return ErrReceiverClosed
}

// receiverFailed is ErrReceiverClosed with the receiver's own words.
type receiverFailed struct{ why string }

func (r *receiverFailed) Error() string { return ErrReceiverClosed.Error() + ": " + r.why }
func (r *receiverFailed) Unwrap() error { return ErrReceiverClosed }

// put writes a message behind tail, and gives where the next one goes. That is tail itself
// if there is no room, with how many bytes are to be free. What was published ends at start.
func (e *end) put(base unsafe.Pointer, start, tail uint32, message []byte) (next, missing uint32, err error) {
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
	used := tail - e.other
	if used > e.capacity || e.capacity-used < whole {
		e.other = e.look(base, ringHead)
		// What is written here and not published is the sender's business.
		if start-e.other > e.capacity || (tail|e.other)&recordMask != 0 || load(base, e.at+ringMagic) != ringMagicNumber {
			return tail, 0, e.broken(base)
		}
		used = tail - e.other
		if e.capacity-used < whole {
			return tail, whole, nil
		}
	} else if (tail|e.other)&recordMask != 0 {
		return tail, 0, e.broken(base)
	}
	data := e.at + ringData
	if size > room {
		putHead(base, data+at, recordSkip)
		at = 0
	}
	if length&recordMask != 0 {
		putHead(base, data+at+size-recordAlign, 0)
	}
	putHead(base, data+at, length)
	if length > 0 {
		copyBytes(unsafe.Add(base, data+at+recordHead), unsafe.Pointer(unsafe.SliceData(message)), uintptr(length))
	}
	return tail + whole, 0, nil
}

// publish lets the receiver see what was written up to tail.
func (e *end) publish(base unsafe.Pointer, tail uint32) {
	e.tell(base, ringTail, tail)
	if load(base, e.at+ringReceiverWaits) != 0 {
		ringWake(e.core.handle, e.at, sideReceiver)
	}
}

func openSender(v AnyView) (*Sender, error) {
	return openAt(v, sideSender, func(e *end) *Sender { return &Sender{e} })
}

func (s *Sender) passes() passing {
	return passingEnd(ringSenderDescription, "sender of a ring", openSender, func(s *Sender) *end { return s.end })
}
