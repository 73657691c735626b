package main

import (
	"context"
	"errors"
	"iter"

	"github.com/luago-project/luago/guests/go/luago"
)

// open is how many streams have begun and not ended.
var open int

func init() {
	luago.Func1("numbers", func(_ context.Context, n int) (iter.Seq[int], error) {
		return func(yield func(int) bool) {
			open++
			defer func() { open-- }()
			for i := range n {
				if !yield(i + 1) {
					return
				}
			}
		}, nil
	})
	luago.Func1("squares", func(_ context.Context, n int) (iter.Seq2[int, int], error) {
		return func(yield func(int, int) bool) {
			for i := range n {
				if !yield(i+1, (i+1)*(i+1)) {
					return
				}
			}
		}, nil
	})
	luago.Func1("fragile", func(_ context.Context, n int) (iter.Seq2[int, error], error) {
		return func(yield func(int, error) bool) {
			for i := range n {
				if !yield(i+1, nil) {
					return
				}
			}
			yield(0, errors.New("the source has run dry"))
		}, nil
	})
	luago.Func1("ticks", func(ctx context.Context, n int) (<-chan string, error) {
		ticks := make(chan string)
		open++
		luago.Go(ctx, func(ctx context.Context) {
			defer close(ticks)
			defer func() { open-- }()
			for i := range n {
				select {
				case ticks <- []string{"tick", "tock"}[i%2]:
				case <-ctx.Done():
					ends = append(ends, "ticks: "+describe(ctx))
					return
				}
			}
		})
		return ticks, nil
	})
	luago.Func0("open", func(context.Context) (int, error) { return open, nil }, luago.NonBlocking)
}
