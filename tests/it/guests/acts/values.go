package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

type point struct {
	X, Y float64
	Name string `lua:"label,omitempty"`
}

type nested struct {
	Points []point
	Tags   map[string]int
	Next   *nested
	Wait   time.Duration
	hidden int
}

var errInner = errors.New("no such place")

func init() {
	luago.Func2("add", func(_ context.Context, a, b int64) (int64, error) { return a + b, nil },
		luago.NonBlocking, luago.Doc("add gives the sum of two integers."))
	luago.Func2("add_task", func(_ context.Context, a, b int64) (int64, error) { return a + b, nil })
	luago.Func1("echo", func(_ context.Context, v any) (any, error) { return v, nil })
	luago.Func1("echo_direct", func(_ context.Context, v any) (any, error) { return v, nil },
		luago.NonBlocking)
	luago.Func1("integer", func(_ context.Context, n int64) (int64, error) { return n, nil })
	luago.Func1("byte", func(_ context.Context, n uint8) (uint8, error) { return n, nil })
	luago.Func0("large", func(context.Context) (int64, error) { return 1<<53 + 1, nil })
	luago.Func0("largest", func(context.Context) (uint64, error) { return math.MaxUint64, nil })
	luago.Func2("distance", func(_ context.Context, a, b point) (float64, error) {
		return math.Hypot(a.X-b.X, a.Y-b.Y), nil
	}, luago.NonBlocking)
	luago.Func1("nest", func(_ context.Context, n nested) (nested, error) {
		return nested{Points: n.Points, Tags: n.Tags, Next: &n, Wait: 2 * n.Wait}, nil
	})
	luago.Bytes("reverse", func(_ context.Context, data []byte) ([]byte, error) {
		for i, j := 0, len(data)-1; i < j; i, j = i+1, j-1 {
			data[i], data[j] = data[j], data[i]
		}
		return data, nil
	})
	luago.Register("many", func(_ context.Context, more ...any) (int, []any, *point) {
		return len(more), more, nil
	})
	luago.Func1("kind", func(_ context.Context, v any) (string, error) {
		return fmt.Sprintf("%T", v), nil
	})
	luago.Proc1("fail", func(_ context.Context, who string) error {
		return fmt.Errorf("cannot find %s: %w", who, fmt.Errorf("map is bad: %w", errInner))
	})
	luago.Proc1("fail_directly", func(_ context.Context, who string) error {
		return fmt.Errorf("cannot find %s: %w", who, errInner)
	}, luago.NonBlocking)
	luago.Proc0("fail_joined", func(context.Context) error {
		return errors.Join(errors.New("first"), errors.New("second"))
	})
}
