// Command retry goes on trying what it may not do.
package main

import (
	"context"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func1("retry", func(ctx context.Context, n int) (int, error) {
		failed := 0
		for range n {
			if _, err := luago.Call1[string](ctx, "not.granted", "x"); err != nil {
				failed++
			}
		}
		return failed, nil
	})
	luago.Proc1("late", func(ctx context.Context, n int) error {
		ctx = context.WithoutCancel(ctx)
		luago.Go(ctx, func(ctx context.Context) {
			for range n {
				_, _ = luago.Call1[string](ctx, "string.upper", "x")
			}
		})
		return nil
	})
}

func main() {}
