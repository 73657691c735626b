package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/luago-project/luago/guests/go/luago"
)

var kept luago.Function

func init() {
	luago.Func2("map", func(ctx context.Context, f luago.Function, list []int) ([]int, error) {
		mapped := make([]int, len(list))
		for i, n := range list {
			var err error
			if mapped[i], err = luago.Invoke[int](ctx, f, n); err != nil {
				return nil, fmt.Errorf("element %d: %w", i+1, err)
			}
		}
		return mapped, nil
	})
	luago.Func2("call", func(ctx context.Context, name string, args []any) ([]any, error) {
		return luago.Call(ctx, name, args...)
	})
	luago.Func1("attempt", func(ctx context.Context, f luago.Function) (string, error) {
		results, err := f.Call(ctx)
		var raised *luago.Error
		switch {
		case err == nil:
			return fmt.Sprintf("gave %d results", len(results)), nil
		case errors.As(err, &raised):
			return fmt.Sprintf("raised %q, a value of type %T", raised.Message, raised.Value), nil
		}
		return "failed: " + err.Error(), nil
	})
	luago.Func2("pass_on", func(ctx context.Context, f luago.Function, wrap bool) ([]any, error) {
		results, err := f.Call(ctx)
		if err != nil && wrap {
			err = fmt.Errorf("pass on: %w", err)
		}
		return results, err
	})
	luago.Func2("down", func(ctx context.Context, f luago.Function, n int) (int, error) {
		if n == 0 {
			return 0, nil
		}
		below, err := luago.Invoke[int](ctx, f, n-1)
		return below + n, err
	})
	luago.Proc1("keep", func(_ context.Context, f luago.Function) error {
		kept = f
		return nil
	})
	luago.Proc0("call_kept", func(ctx context.Context) error {
		_, err := kept.Call(ctx)
		return err
	})
	luago.Func2("less", func(ctx context.Context, a, b int) (bool, error) {
		pause(ctx)
		return a < b, nil
	})
}

// pause has the goroutine wait for another one, so that its task is not done at once.
func pause(ctx context.Context) {
	done := make(chan struct{})
	luago.Go(ctx, func(context.Context) { close(done) })
	<-done
}
