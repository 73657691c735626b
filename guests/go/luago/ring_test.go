//go:build !wasip1

package luago

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand"
	"strings"
	"testing"
)

func newRing(t *testing.T, capacity int) (*Sender, *Receiver) {
	t.Helper()
	from, to, err := NewRing(capacity)
	if err != nil {
		t.Fatal(err)
	}
	return from, to
}

// startAt puts both indices of an empty ring somewhere else.
func startAt(t *testing.T, s *Sender, r *Receiver, index uint32) {
	t.Helper()
	memory := memoryOf(t, s)
	binary.LittleEndian.PutUint32(memory[ringTail:], index)
	binary.LittleEndian.PutUint32(memory[ringHead:], index)
	s.end.other, r.end.other = index, index
}

func memoryOf(t *testing.T, s *Sender) []byte {
	t.Helper()
	memory, err := s.end.passed().segment.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return memory
}

// nextMessage is one that no other is equal to, unless it is very short.
func nextMessage(random *rand.Rand, most int, number *uint32) []byte {
	message := make([]byte, random.Intn(most+1))
	for i := range message {
		message[i] = byte(*number >> (8 * (i % 4)))
	}
	*number++
	return message
}

func TestARingIsAQueueWhateverIsDoneInWhichOrder(t *testing.T) {
	for seed := range int64(300) {
		random := rand.New(rand.NewSource(seed))
		capacity := minRingCapacity << random.Intn(6)
		s, r := newRing(t, capacity)
		if seed%2 == 0 {
			startAt(t, s, r, uint32(-8*random.Intn(64)))
		}
		var model [][]byte
		number, isClosed := uint32(0), false
		take := func(got []byte) {
			if len(model) == 0 || !bytes.Equal(got, model[0]) {
				t.Fatalf("seed %d: got %x of %x", seed, got, model)
			}
			model = model[1:]
		}
		for range 400 {
			switch what := random.Intn(20); {
			case what < 6:
				m := nextMessage(random, capacity/2-8, &number)
				ok, err := s.TrySend(m)
				if isClosed != (err == ErrEndClosed) || !isClosed && err != nil {
					t.Fatal(err)
				}
				if ok {
					model = append(model, m)
				} else if !isClosed && len(model) == 0 {
					t.Fatalf("seed %d: no room for %d bytes in an empty ring", seed, len(m))
				}
			case what < 9:
				var batch [][]byte
				for range random.Intn(8) {
					batch = append(batch, nextMessage(random, capacity/4, &number))
				}
				n, _, err := s.offerAll(batch)
				if !isClosed && err != nil {
					t.Fatal(err)
				}
				model = append(model, batch[:n]...)
			case what < 15:
				got, ok, err := r.TryReceive()
				if ok {
					take(got)
				} else if len(model) > 0 || isClosed != (err == io.EOF) {
					t.Fatalf("seed %d: nothing of %d: %v", seed, len(model), err)
				}
			case what < 19:
				most := random.Intn(4)
				got, err := r.takeAll(most)
				if want := len(model); err != nil && err != io.EOF || most > 0 && len(got) != min(most, want) || most == 0 && len(got) != want {
					t.Fatalf("seed %d: %d of %d with at most %d: %v", seed, len(got), want, most, err)
				}
				for _, m := range got {
					take(m)
				}
			case random.Intn(20) == 0:
				s.Close()
				isClosed = true
			}
		}
	}
}

func TestRingsBetweenGoroutinesLoseAndRepeatNothing(t *testing.T) {
	const count = 3000
	for seed := range int64(12) {
		capacity := minRingCapacity << (seed % 5)
		s, r := newRing(t, capacity)
		startAt(t, s, r, ^uint32(4095))
		ctx := context.Background()
		message := func(i int) []byte {
			number := uint32(i)
			return nextMessage(rand.New(rand.NewSource(int64(i))), min(capacity/2-8, 60), &number)
		}
		done := make(chan error, 1)
		go func() {
			random := rand.New(rand.NewSource(seed))
			var err error
			for sent := 0; sent < count && err == nil; {
				var batch [][]byte
				for range min(random.Intn(40), count-sent) {
					batch = append(batch, message(sent))
					sent++
				}
				if len(batch) == 1 {
					err = s.Send(ctx, batch[0])
				} else {
					_, err = s.SendAll(ctx, batch)
				}
			}
			done <- errors.Join(err, s.Close())
		}()
		random, got := rand.New(rand.NewSource(seed+100)), 0
		var buffer []byte
		for {
			var messages [][]byte
			var err error
			if random.Intn(2) == 0 {
				buffer, err = r.ReceiveInto(ctx, buffer)
				messages = [][]byte{buffer}
			} else {
				messages, err = r.ReceiveAll(ctx, random.Intn(5))
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range messages {
				if want := message(got); !bytes.Equal(m, want) {
					t.Fatalf("seed %d: message %d is %x, not %x", seed, got, m, want)
				}
				got++
			}
		}
		if err := <-done; err != nil || got != count {
			t.Errorf("seed %d: %d messages, %v", seed, got, err)
		}
		bridge.Lock()
		if bridge.calls.count != 0 {
			t.Error("somebody still waits")
		}
		bridge.Unlock()
	}
}

func TestARingThatIsOverwrittenIsAnErrorAtMost(t *testing.T) {
	for seed := range int64(2000) {
		random := rand.New(rand.NewSource(seed))
		s, r := newRing(t, minRingCapacity<<random.Intn(3))
		memory := memoryOf(t, s)
		for range 30 {
			switch random.Intn(4) {
			case 0:
				s.TrySend(make([]byte, random.Intn(40)))
			case 1:
				r.TryReceive()
			case 2:
				r.takeAll(random.Intn(3))
			default:
				at := []int{ringMagic, ringTail, ringHead, ringSenderError, ringReceiverError, ringSenderWaits,
					ringReceiverWaits, ringData + 8*random.Intn(8), 4 * random.Intn(len(memory)/4)}[random.Intn(9)]
				binary.LittleEndian.PutUint32(memory[at:], []uint32{0, 8, 64, 1 << 31, ^uint32(0), uint32(8 * random.Intn(20)), random.Uint32()}[random.Intn(7)])
			}
		}
		if random.Intn(2) == 0 {
			s.Close()
			r.CloseWithError(errors.New("x"))
		}
	}
}

func TestABrokenRingClosesTheEndThatNotices(t *testing.T) {
	s, r := newRing(t, 64)
	memory := memoryOf(t, s)
	binary.LittleEndian.PutUint32(memory[ringTail:], 72)
	if _, _, err := r.TryReceive(); err != ErrRingBroken {
		t.Error(err)
	}
	if _, _, err := r.TryReceive(); err != ErrEndClosed {
		t.Error(err)
	}
	if _, err := s.TrySend(nil); !errors.Is(err, ErrReceiverClosed) || !strings.HasSuffix(err.Error(), ": the ring is broken") {
		t.Error(err)
	}
	segment := newSegmentOf(t, 1024)
	for _, v := range []AnyView{
		{segment, ringSenderDescription, 0}, {segment.Sub(1, 600), ringSenderDescription, 0}, {segment.Sub(0, 100), ringReceiverDescription, 0},
		{s.end.passed().segment.Sub(0, 512+63), ringReceiverDescription, 0},
	} {
		if _, err := passed[any](t, v); err == nil || err.Error() != ErrRingBroken.Error() {
			t.Error(v, err)
		}
	}
}

func TestTheOtherEndLearnsWhyOneWasClosed(t *testing.T) {
	ctx := context.Background()
	s, r := newRing(t, 64)
	s.Send(ctx, []byte("last"))
	s.CloseWithError(errors.New(strings.Repeat("é", 100)))
	s.CloseWithError(errors.New("again"))
	if m, err := r.Receive(ctx); string(m) != "last" || err != nil {
		t.Error(m, err)
	}
	var e *Error
	if _, err := r.Receive(ctx); !errors.As(err, &e) || e.Message != strings.Repeat("é", 78) {
		t.Error(err)
	}
	if err := s.Send(ctx, nil); err != ErrEndClosed {
		t.Error(err)
	}

	s, r = newRing(t, 64)
	r.CloseWithError(errors.New("enough"))
	if err := s.Send(ctx, nil); !errors.Is(err, ErrReceiverClosed) || err.Error() != "the receiver has closed the ring: enough" {
		t.Error(err)
	}
	s, r = newRing(t, 64)
	r.Close()
	if err := s.Send(ctx, nil); err != ErrReceiverClosed {
		t.Error(err)
	}
	if _, err := r.Receive(ctx); err != ErrEndClosed {
		t.Error(err)
	}
	s, _ = newRing(t, 64)
	if err := s.Send(ctx, make([]byte, 25)); err != ErrTooLong {
		t.Error(err)
	}
	if err := s.Send(ctx, make([]byte, 24)); err != nil {
		t.Error(err)
	}
}
