package main

import (
	"context"
	"errors"

	"github.com/luago-project/luago/guests/go/luago"
)

var kept luago.Function

func init() {
	luago.Register("call", func(ctx context.Context, name string, args ...any) ([]any, error) {
		return luago.Call(ctx, name, args...)
	})
	luago.Register("apply", func(ctx context.Context, f luago.Function, args ...any) ([]any, error) {
		return f.Call(ctx, args...)
	})
	luago.Func2("apply_one", func(ctx context.Context, f luago.Function, v any) (any, error) {
		return luago.Invoke[any](ctx, f, v)
	})
	luago.Func2("apply_directly", func(ctx context.Context, f luago.Function, v any) (any, error) {
		return luago.Invoke[any](ctx, f, v)
	}, luago.NonBlocking)
	luago.Func2("map", func(ctx context.Context, f luago.Function, list []int64) ([]int64, error) {
		for i, n := range list {
			result, err := luago.Invoke[int64](ctx, f, n)
			if err != nil {
				return nil, err
			}
			list[i] = result
		}
		return list, nil
	})
	// map_at_once calls the function for all elements at the same time.
	luago.Func2("map_at_once", func(ctx context.Context, f luago.Function, list []int64) ([]int64, error) {
		done := make(chan error, len(list))
		for i, n := range list {
			luago.Go(ctx, func(ctx context.Context) {
				result, err := luago.Invoke[int64](ctx, f, n)
				list[i] = result
				done <- err
			})
		}
		var all error
		for range list {
			all = errors.Join(all, <-done)
		}
		return list, all
	})
	luago.Proc1("keep", func(_ context.Context, f luago.Function) error {
		kept = f
		return nil
	})
	luago.Func0("call_kept", func(ctx context.Context) ([]any, error) { return kept.Call(ctx) })
	luago.Func1("give_back", func(_ context.Context, f luago.Function) (luago.Function, error) {
		return f, nil
	})
	// describe tells what an error of Lua is in Go.
	luago.Func1("describe", func(ctx context.Context, f luago.Function) (map[string]any, error) {
		_, err := f.Call(ctx)
		var raised *luago.Error
		if !errors.As(err, &raised) {
			return map[string]any{"text": err.Error()}, nil
		}
		return map[string]any{
			"text": err.Error(), "message": raised.Message, "causes": raised.Causes,
			"value": raised.Value, "traced": raised.Stack != "",
		}, nil
	})
}
