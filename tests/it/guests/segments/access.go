package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"

	"github.com/luago-project/luago/guests/go/luago"
)

// into registers a function that has something write over a segment, and gives how many
// bytes were written.
func into(name string, write func(memory []byte) (int, error)) {
	luago.Func1(name, func(_ context.Context, s *luago.Segment) (int, error) {
		memory, err := s.Bytes()
		if err != nil {
			return 0, err
		}
		return write(memory)
	}, luago.NonBlocking)
}

func init() {
	into("by_store", func(memory []byte) (int, error) {
		memory[len(memory)-1] = 0x5a
		return 1, nil
	})
	into("by_copy", func(memory []byte) (int, error) {
		other := make([]byte, len(memory))
		for i := range other {
			other[i] = 0x5a
		}
		return copy(memory, other), nil
	})
	into("by_clear", func(memory []byte) (int, error) {
		clear(memory)
		return len(memory), nil
	})
	into("by_random", rand.Read)
	into("by_file", func(memory []byte) (int, error) {
		file, err := os.Open("/data/bytes")
		if err != nil {
			return 0, err
		}
		defer file.Close()
		return file.Read(memory)
	})
	luago.Func1("to_file", func(_ context.Context, s *luago.Segment) (int, error) {
		memory, err := s.Bytes()
		if err != nil {
			return 0, err
		}
		return len(memory), os.WriteFile("/data/written", memory, 0o600)
	})
	// scribble writes to the second byte, as fast as it can, until the first is 255.
	luago.Func1("scribble", func(_ context.Context, s *luago.Segment) (int, error) {
		memory, err := s.Bytes()
		if err != nil {
			return 0, err
		}
		for n := 0; ; n++ {
			memory[1]++
			if n%1024 == 0 {
				s.Sync()
				if memory[0] == 255 {
					return n, nil
				}
			}
		}
	})
	// make_and_close makes segments, maps each and closes it.
	luago.Proc2("make_and_close", func(_ context.Context, times, size int) error {
		for i := range times {
			s, err := luago.NewSegment(size)
			if err != nil {
				return err
			}
			memory, err := s.Bytes()
			if err != nil {
				return err
			}
			if memory[0] != 0 || memory[size-1] != 0 {
				return errors.New("a new segment has something in it")
			}
			memory[0], memory[size-1] = byte(i)|1, byte(i)|1
			if err := s.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	luago.Func1("close_twice", func(_ context.Context, s *luago.Segment) (bool, error) {
		part := s.Sub(0, 1)
		err := errors.Join(s.Close(), s.Close(), part.Close())
		_, stale := part.Bytes()
		return errors.Is(stale, luago.ErrSegmentClosed), err
	}, luago.NonBlocking)
	// at uses each of the ways to give an offset and a number of bytes; what does not panic
	// gives an error or nothing.
	luago.Func3("at", func(_ context.Context, s *luago.Segment, offset, n int64) (string, error) {
		told := func(name string, f func() error) (text string) {
			defer func() {
				if recover() != nil {
					text = name + " panics\n"
				}
			}()
			if err := f(); err != nil {
				return name + " fails\n"
			}
			return name + " works\n"
		}
		small := make([]byte, 1)
		return told("Sub", func() error { s.Sub(int(offset), int(n)); return nil }) +
			told("ReadAt", func() error { _, err := s.ReadAt(small, offset); return err }) +
			told("WriteAt", func() error { _, err := s.WriteAt(small, offset); return err }) +
			told("ViewOf", func() error {
				_, err := luago.ViewOf[uint64](s, int(offset), int(n))
				return err
			}), nil
	}, luago.NonBlocking)
	luago.Func1("new_error", func(_ context.Context, n int64) (string, error) {
		if _, err := luago.NewSegment(int(n)); err != nil {
			return err.Error(), nil
		}
		return "", nil
	}, luago.NonBlocking)
	luago.Func1("ring_refusal", func(_ context.Context, capacity int64) (string, error) {
		if _, _, err := luago.NewRing(int(capacity)); err != nil {
			return err.Error(), nil
		}
		return "", nil
	}, luago.NonBlocking)
}
