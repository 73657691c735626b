// Command ticks is a guest with streams: functions whose result is an iterator or a
// channel, which Lua reads with a for loop.
package main

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func1("squares", squares, luago.Doc("squares(n): number and square of 1 to n"))
	luago.Func2("ticks", ticks, luago.Doc("ticks(n, seconds): 1 to n, one each that many seconds"))
	luago.Func1("countdown", countdown, luago.Doc("countdown(n): n to 1, and then an error"))
}

func main() {}

// An iter.Seq2 yields two values at each step. It runs only when Lua asks for a value.
func squares(_ context.Context, n int) (iter.Seq2[int, int], error) {
	return func(yield func(int, int) bool) {
		for i := 1; i <= n; i++ {
			if !yield(i, i*i) {
				return
			}
		}
	}, nil
}

// A channel is filled by a goroutine. It must end when the context does, which is when
// Lua leaves the loop. A time.Duration is a number of seconds in Lua.
func ticks(ctx context.Context, n int, every time.Duration) (<-chan int, error) {
	if every <= 0 {
		return nil, errors.New("the time between two ticks is to be more than 0")
	}
	c := make(chan int)
	luago.Go(ctx, func(ctx context.Context) {
		defer close(c)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for i := 1; i <= n; i++ {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
			select {
			case c <- i:
			case <-ctx.Done():
				return
			}
		}
	})
	return c, nil
}

// An iterator with an error as its second value raises that in Lua.
func countdown(_ context.Context, n int) (iter.Seq2[int, error], error) {
	return func(yield func(int, error) bool) {
		for i := n; i > 0; i-- {
			if !yield(i, nil) {
				return
			}
		}
		yield(0, errors.New("there is nothing below 1"))
	}, nil
}
