// Command guest is what the benchmark of the bridge calls.
package main

import (
	"context"

	"github.com/luago-project/luago/guests/go/luago"
)

// Doors that wait opens and closes, one for each number.
var doors = map[int64]chan bool{}

func door(id int64) chan bool {
	if doors[id] == nil {
		doors[id] = make(chan bool, 1)
	}
	return doors[id]
}

// Goroutines that only wait, to see what one takes.
var idle = make(chan bool)

func init() {
	add := func(_ context.Context, a, b int64) (int64, error) { return a + b, nil }
	luago.Func2("add", add, luago.NonBlocking)
	luago.Func2("add_in_goroutine", add)

	luago.Func2("each", func(ctx context.Context, n int64, f luago.Function) (int64, error) {
		var sum int64
		for i := range n {
			value, err := luago.Invoke[int64](ctx, f, i)
			if err != nil {
				return 0, err
			}
			sum += value
		}
		return sum, nil
	})

	luago.Func1("length", func(_ context.Context, data []byte) (int64, error) {
		return int64(len(data)), nil
	}, luago.NonBlocking)

	luago.Func1("wait", func(ctx context.Context, id int64) (bool, error) {
		select {
		case more := <-door(id):
			return more, nil
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	})
	luago.Func2("open", func(_ context.Context, id int64, more bool) (bool, error) {
		door(id) <- more
		return true, nil
	}, luago.NonBlocking)

	luago.Func1("idle", func(_ context.Context, n int64) (bool, error) {
		for range n {
			go func() { <-idle }()
		}
		return true, nil
	}, luago.NonBlocking)

	luago.Func1("burn", func(_ context.Context, n int64) (int64, error) {
		x := uint64(88172645463325252)
		for range n {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
		return int64(x >> 1), nil
	})
}

func main() {}
