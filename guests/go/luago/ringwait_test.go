//go:build !wasip1

package luago

import (
	"context"
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

func TestAWaitEndsWithItsContextOrItsRing(t *testing.T) {
	s, r := newRing(t, 64)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 3)
	receive := func() {
		_, err := r.Receive(ctx)
		ended <- err
	}
	// One of them waits at the end, and the other one for it.
	go receive()
	go receive()
	time.Sleep(2 * time.Millisecond)
	cancel()
	for range 2 {
		if err := <-ended; err != context.Canceled {
			t.Error(err)
		}
	}
	ctx = context.Background()
	go receive()
	time.Sleep(2 * time.Millisecond)
	s.Send(ctx, []byte("x"))
	if err := <-ended; err != nil {
		t.Error(err)
	}
	go receive()
	time.Sleep(2 * time.Millisecond)
	r.Close()
	if err := <-ended; err != ErrEndClosed {
		t.Error(err)
	}
	s, r = newRing(t, 64)
	go receive()
	time.Sleep(2 * time.Millisecond)
	s.end.core.close()
	if err := <-ended; err != ErrSegmentClosed {
		t.Error(err)
	}
	if bridge.calls.count != 0 {
		t.Error("somebody still waits")
	}
}

func TestATaskThatWaitsForARingCanBeCancelled(t *testing.T) {
	h := newHost(t)
	s, r := newRing(t, 64)
	pass := func(args ...any) *reader {
		f := h.frame(args)
		countHandles(f.slots)
		return f
	}
	startTask(1, number("receiveAll"), pass(r), 0)
	time.Sleep(2 * time.Millisecond)
	cancelTask(1, cancelCancelled, h.frame([]any{"enough"}))
	if e := h.failed(1, statusError); e.Message != "enough" {
		t.Error(e)
	}
	for _, e := range h.events {
		if e.kind == kindAbandon {
			t.Error("the host was told of a call that it does not know")
		}
	}
	startTask(2, number("receiveAll"), pass(r), 0)
	for range 10 {
		s.Send(context.Background(), []byte("0123456789"))
	}
	s.Close()
	if got := h.done(2, statusOK); got[0] != int64(100) {
		t.Error(got)
	}
	_, r = newRing(t, 64)
	if status := callNow(number("receiveNow"), pass(r)); status != statusError {
		t.Error(status)
	}
	if e := (&reader{slots: outbox.slots, count: 1}).raised(); !strings.Contains(e.Error(), "cannot wait for a ring: register it without luago.NonBlocking") {
		t.Error(e)
	}
}

func init() {
	all := func(ctx context.Context, r *Receiver) (int, error) {
		total := 0
		for m, err := range r.Messages(ctx) {
			if err != nil {
				return 0, err
			}
			total += len(m)
		}
		return total, nil
	}
	Func1("receiveAll", all)
	Func1("receiveNow", all, NonBlocking)
}

func TestEndsPassAndAreTheSameEnd(t *testing.T) {
	s, r := newRing(t, 128)
	type ends struct {
		From *Sender
		To   *Receiver
	}
	got := mustPass[ends](t, ends{s, r})
	if got.From.end != s.end || got.To.end != r.end {
		t.Error(got)
	}
	if some, ok := mustPass[any](t, s).(*Sender); !ok || some.end != s.end {
		t.Error(some)
	}
	if none := mustPass[*Sender](t, nil); none != nil {
		t.Error(none)
	}
	_, err := passed[*Sender](t, r)
	if err == nil || err.Error() != "expected sender of a ring, got receiver of a ring" {
		t.Error(err)
	}
	_, err = passed[*Segment](t, r)
	if err == nil || err.Error() != "expected segment, got receiver of a ring" {
		t.Error(err)
	}
	_, err = passed[View[uint8]](t, r)
	if err == nil || err.Error() != "expected array of u8, got receiver of a ring" {
		t.Error(err)
	}
	// What one does with an index is seen by the other, though it was elsewhere meanwhile.
	for i := range byte(100) {
		s.TrySend([]byte{i})
		if i%3 == 0 {
			memory := memoryOf(t, s)
			head := binary.LittleEndian.Uint32(memory[ringHead:])
			tail := binary.LittleEndian.Uint32(memory[ringTail:])
			if tail-head >= 16 {
				binary.LittleEndian.PutUint32(memory[ringHead:], tail)
			}
			continue
		}
		if _, _, err := r.TryReceive(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACapacityIsAPowerOfTwo(t *testing.T) {
	for _, n := range []int{0, 63, 65, -64, 32, 1 << 31} {
		if _, _, err := NewRing(n); err == nil {
			t.Errorf("there is a ring of %d bytes", n)
		}
	}
}

func TestAnEndThatWasClosedElsewhereIsClosed(t *testing.T) {
	s, r := newRing(t, 64)
	binary.LittleEndian.PutUint32(memoryOf(t, s)[ringSenderClosed:], ringClosed)
	s.end.core.ends = nil
	again := mustPass[*Sender](t, s)
	if _, err := again.TrySend(nil); err != ErrEndClosed {
		t.Error(err)
	}
	if _, _, err := r.TryReceive(); err == nil {
		t.Error("the ring is not at its end")
	}
}
