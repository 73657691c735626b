// Command segments is a guest for tests of segments, views and rings.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/luago-project/luago/guests/go/luago"
)

var (
	kept  *luago.Segment
	hoard [][]byte
)

func main() {}

func init() {
	luago.Proc2("fill", func(_ context.Context, s *luago.Segment, b uint8) error {
		memory, err := s.Bytes()
		if err != nil {
			return err
		}
		for i := range memory {
			memory[i] = b
		}
		return nil
	}, luago.NonBlocking)
	luago.Func1("sum", sum, luago.NonBlocking)
	luago.Func1("sum_task", sum)
	luago.Func1("length", func(_ context.Context, s *luago.Segment) (int, error) { return s.Len(), nil },
		luago.NonBlocking)
	luago.Func1("is_read_only", func(_ context.Context, s *luago.Segment) (bool, error) {
		return s.ReadOnly(), nil
	}, luago.NonBlocking)
	luago.Func1("echo", func(_ context.Context, s *luago.Segment) (*luago.Segment, error) { return s, nil },
		luago.NonBlocking)
	luago.Func1("echo_any", func(_ context.Context, v any) (any, error) { return v, nil })
	luago.Func1("kind", func(_ context.Context, v any) (string, error) { return fmt.Sprintf("%T", v), nil },
		luago.NonBlocking)
	luago.Func1("text", func(_ context.Context, s *luago.Segment) ([]byte, error) { return s.Bytes() },
		luago.NonBlocking)
	luago.Func3("sub", func(_ context.Context, s *luago.Segment, offset, n int) (*luago.Segment, error) {
		return s.Sub(offset, n), nil
	}, luago.NonBlocking)
	luago.Func1("read_only", func(_ context.Context, s *luago.Segment) (*luago.Segment, error) {
		return s.AsReadOnly()
	}, luago.NonBlocking)
	luago.Func1("make", func(_ context.Context, n int) (*luago.Segment, error) { return luago.NewSegment(n) },
		luago.NonBlocking)
	luago.Func1("make_task", func(_ context.Context, n int) (*luago.Segment, error) { return luago.NewSegment(n) })
	luago.Proc1("keep", func(_ context.Context, s *luago.Segment) error {
		kept = s
		return nil
	}, luago.NonBlocking)
	// kept_byte is counted from 1, as in Lua.
	luago.Func1("kept_byte", func(_ context.Context, i int) (uint8, error) {
		if kept == nil {
			return 0, errors.New("no segment is kept")
		}
		memory, err := kept.Bytes()
		if err != nil {
			return 0, err
		}
		return memory[i-1], nil
	}, luago.NonBlocking)
	luago.Func0("kept", func(context.Context) (*luago.Segment, error) { return kept, nil }, luago.NonBlocking)
	luago.Proc0("drop_kept", func(context.Context) error {
		if kept == nil {
			return nil
		}
		s := kept
		kept = nil
		return s.Close()
	}, luago.NonBlocking)
	luago.Proc0("forget_kept", func(context.Context) error {
		kept = nil
		return nil
	}, luago.NonBlocking)
	// write_read_only does what ends a guest.
	luago.Proc1("write_read_only", func(_ context.Context, s *luago.Segment) error {
		memory, err := s.Bytes()
		if err != nil {
			return err
		}
		memory[0] = 1
		return nil
	}, luago.NonBlocking)
	luago.Proc1("write_at", func(_ context.Context, s *luago.Segment) error {
		_, err := s.WriteAt([]byte("x"), 0)
		return err
	}, luago.NonBlocking)
	// stale uses a segment that it has closed; so is the caller's of this guest.
	luago.Func1("stale", func(_ context.Context, s *luago.Segment) (uint8, error) {
		if err := s.Close(); err != nil {
			return 0, err
		}
		memory, err := s.Bytes()
		if err != nil {
			return 0, err
		}
		return memory[0], nil
	}, luago.NonBlocking)
	luago.Func1("stale_result", func(_ context.Context, s *luago.Segment) (*luago.Segment, error) {
		return s, s.Close()
	}, luago.NonBlocking)
	// grow keeps so many bytes of Go's own memory.
	luago.Func1("grow", func(_ context.Context, n int) (int, error) {
		hoard = append(hoard, bytes.Repeat([]byte{1}, n))
		return len(hoard), nil
	}, luago.NonBlocking)
	luago.Func0("hoard_sum", func(context.Context) (int, error) {
		total := 0
		for _, part := range hoard {
			for _, b := range part {
				total += int(b)
			}
		}
		return total, nil
	}, luago.NonBlocking)
	// call passes a segment on to a function of Lua.
	luago.Func2("call", func(ctx context.Context, f luago.Function, s *luago.Segment) (*luago.Segment, error) {
		return luago.Invoke[*luago.Segment](ctx, f, s)
	})
}

func sum(_ context.Context, s *luago.Segment) (int, error) {
	memory, err := s.Bytes()
	if err != nil {
		return 0, err
	}
	total := 0
	for _, b := range memory {
		total += int(b)
	}
	return total, nil
}
