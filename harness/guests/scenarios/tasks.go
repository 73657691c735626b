package main

import (
	"context"
	"errors"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

var channels = map[string]chan any{}

func channel(name string) chan any {
	if channels[name] == nil {
		channels[name] = make(chan any)
	}
	return channels[name]
}

// ends tells how the contexts of tasks ended, in the order they did.
var ends []string

func init() {
	luago.Proc2("send", func(ctx context.Context, name string, v any) error {
		select {
		case channel(name) <- v:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	luago.Func1("receive", func(ctx context.Context, name string) (any, error) {
		count("receiving")
		select {
		case v := <-channel(name):
			return v, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	})
	luago.Func2("ping", func(ctx context.Context, name string, rounds int) (int, error) {
		return pingPong(ctx, name, rounds, true)
	})
	luago.Func2("pong", func(ctx context.Context, name string, rounds int) (int, error) {
		return pingPong(ctx, name, rounds, false)
	})
	luago.Proc1("wait", func(ctx context.Context, name string) error {
		count("begun")
		<-ctx.Done()
		ends = append(ends, name+": "+describe(ctx))
		return ctx.Err()
	})
	luago.Func0("ends", func(context.Context) ([]string, error) {
		all := ends
		ends = nil
		return all, nil
	}, luago.NonBlocking)
	luago.Func0("deadline", func(ctx context.Context) (string, error) {
		end, ok := ctx.Deadline()
		if !ok {
			return "no deadline", nil
		}
		left := time.Until(end)
		if left > 0 && left <= 30*time.Second {
			return "a deadline within 30 s", nil
		}
		return "a deadline in " + left.String(), nil
	})
	luago.Func1("turns", func(_ context.Context, n int) (int, error) {
		for range n {
			time.Sleep(0)
		}
		return n, nil
	})
}

func pingPong(ctx context.Context, name string, rounds int, first bool) (int, error) {
	last := 0
	for range rounds {
		if !first {
			select {
			case v := <-channel(name):
				last, _ = v.(int)
			case <-ctx.Done():
				return last, context.Cause(ctx)
			}
		}
		if _, err := luago.Call(ctx, "note", name, first, last+1); err != nil {
			return last, err
		}
		select {
		case channel(name) <- last + 1:
		case <-ctx.Done():
			return last, context.Cause(ctx)
		}
		if first {
			select {
			case v := <-channel(name):
				last, _ = v.(int)
			case <-ctx.Done():
				return last, context.Cause(ctx)
			}
		}
	}
	return last, nil
}

// describe names the error of a context that has ended, and its cause.
func describe(ctx context.Context) string {
	cause := context.Cause(ctx)
	kind := "other"
	switch {
	case errors.Is(cause, context.DeadlineExceeded):
		kind = "deadline"
	case errors.Is(cause, luago.ErrClosed):
		kind = "closed"
	case errors.Is(cause, luago.ErrCancelled):
		kind = "cancelled"
	}
	return ctx.Err().Error() + ", " + kind + ", " + cause.Error()
}
