package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

// gates are channels that are closed once somebody has opened them.
var gates = map[string]chan struct{}{}

func gate(name string) chan struct{} {
	if gates[name] == nil {
		gates[name] = make(chan struct{})
	}
	return gates[name]
}

var (
	lastCause string
	began     int
	counter   int
)

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func init() {
	luago.Func1("quick", func(_ context.Context, id int64) (int64, error) { return id, nil })
	luago.Func2("nap", func(ctx context.Context, id, ms int64) (int64, error) {
		select {
		case <-time.After(milliseconds(ms)):
			return id, nil
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	})
	// stubborn does not look at its context.
	luago.Func2("stubborn", func(_ context.Context, id, ms int64) (int64, error) {
		time.Sleep(milliseconds(ms))
		return id, nil
	})
	luago.Func2("yielding", func(_ context.Context, id, times int64) (int64, error) {
		for range times {
			runtime.Gosched()
		}
		return id, nil
	})
	luago.Func2("wait", func(ctx context.Context, id int64, name string) (int64, error) {
		select {
		case <-gate(name):
			return id, nil
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	})
	luago.Func3("wait_for", func(ctx context.Context, id int64, name string, ms int64) (int64, error) {
		select {
		case <-gate(name):
		case <-time.After(milliseconds(ms)):
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
		return id, nil
	})
	luago.Proc1("open", func(_ context.Context, name string) error {
		close(gate(name))
		delete(gates, name)
		return nil
	})
	luago.Proc1("open_for_good", func(_ context.Context, name string) error {
		select {
		case <-gate(name):
		default:
			close(gate(name))
		}
		return nil
	}, luago.NonBlocking)

	// until_done ends with its context, and keeps why that ended.
	luago.Proc0("until_done", func(ctx context.Context) error {
		lastCause = ""
		<-ctx.Done()
		cause := context.Cause(ctx)
		lastCause = fmt.Sprintf("%v; %v; cancelled=%t deadline=%t closed=%t", ctx.Err(), cause,
			errors.Is(cause, luago.ErrCancelled), errors.Is(cause, context.DeadlineExceeded),
			errors.Is(cause, luago.ErrClosed))
		return cause
	})
	luago.Func0("last_cause", func(context.Context) (string, error) { return lastCause, nil },
		luago.NonBlocking)
	// time_left is nil for a context without a deadline.
	luago.Func0("time_left", func(ctx context.Context) (*float64, error) {
		deadline, ok := ctx.Deadline()
		if !ok {
			return nil, nil
		}
		left := time.Until(deadline).Seconds()
		return &left, nil
	})
	luago.Proc0("begin", func(ctx context.Context) error {
		began++
		<-ctx.Done()
		return context.Cause(ctx)
	})
	luago.Func0("began", func(context.Context) (int, error) { return began, nil }, luago.NonBlocking)
	luago.Func0("count_up", func(context.Context) (int, error) {
		counter++
		return counter, nil
	}, luago.NonBlocking)
	luago.Func0("count_up_task", func(context.Context) (int, error) {
		counter++
		return counter, nil
	})
	// forever ignores that it is cancelled, and nothing wakes it.
	luago.Proc0("forever", func(context.Context) error {
		<-make(chan struct{})
		return nil
	})
}
