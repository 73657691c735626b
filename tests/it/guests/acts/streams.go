package main

import (
	"context"
	"errors"
	"iter"

	"github.com/luago-project/luago/guests/go/luago"
)

// open counts the streams that have begun and not ended.
var open int

func init() {
	luago.Func1("count", func(_ context.Context, n int64) (iter.Seq[int64], error) {
		return func(yield func(int64) bool) {
			open++
			defer func() { open-- }()
			for i := range n {
				if !yield(i + 1) {
					return
				}
			}
		}, nil
	})
	luago.Func1("pairs", func(_ context.Context, list []string) (iter.Seq2[int, string], error) {
		return func(yield func(int, string) bool) {
			for i, text := range list {
				if !yield(i+1, text) {
					return
				}
			}
		}, nil
	})
	// ticks ends when its context does.
	luago.Func1("ticks", func(ctx context.Context, n int64) (<-chan int64, error) {
		ticks := make(chan int64)
		open++
		go func() {
			defer func() { open-- }()
			defer close(ticks)
			for i := range n {
				select {
				case ticks <- i + 1:
				case <-ctx.Done():
					return
				}
			}
		}()
		return ticks, nil
	})
	luago.Func1("slow_ticks", func(ctx context.Context, ms int64) (<-chan int64, error) {
		ticks := make(chan int64)
		go func() {
			defer close(ticks)
			for i := int64(1); ; i++ {
				wait, stop := context.WithTimeout(ctx, milliseconds(ms))
				<-wait.Done()
				stop()
				select {
				case ticks <- i:
				case <-ctx.Done():
					return
				}
			}
		}()
		return ticks, nil
	})
	luago.Func1("breaking", func(_ context.Context, n int64) (iter.Seq2[int64, error], error) {
		return func(yield func(int64, error) bool) {
			for i := range n {
				if !yield(i+1, nil) {
					return
				}
			}
			yield(0, errors.New("the line is cut"))
		}, nil
	})
	luago.Func1("panicking", func(_ context.Context, n int64) (iter.Seq[int64], error) {
		return func(yield func(int64) bool) {
			for i := range n {
				if !yield(i + 1) {
					return
				}
			}
			panic("in a stream")
		}, nil
	})
	luago.Func0("open_streams", func(context.Context) (int, error) { return open, nil }, luago.NonBlocking)
}
