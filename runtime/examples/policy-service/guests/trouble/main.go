// Command trouble is a guest that works well, and badly in every way that Go knows, for the
// soak of the service.
package main

import (
	"context"
	"fmt"
	"iter"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Func2("add", func(_ context.Context, a, b int) (int, error) {
		return a + b, nil
	}, luago.NonBlocking)
	luago.Func1("upper", func(_ context.Context, text string) (string, error) {
		return strings.ToUpper(text), nil
	})
	luago.Func1("nap", func(ctx context.Context, d time.Duration) (string, error) {
		select {
		case <-time.After(d):
			return "rested", nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	})
	luago.Func1("countdown", func(_ context.Context, n int) (iter.Seq[int], error) {
		return func(yield func(int) bool) {
			for ; n > 0 && yield(n); n-- {
			}
		}, nil
	})
	luago.Func2("map", func(ctx context.Context, list []int, f luago.Function) ([]int, error) {
		for i, v := range list {
			mapped, err := luago.Invoke[int](ctx, f, v)
			if err != nil {
				return nil, err
			}
			list[i] = mapped
		}
		return list, nil
	})
	luago.Func1("sum", func(_ context.Context, v luago.View[float64]) (float64, error) {
		values, err := v.Slice()
		sum := 0.0
		for _, f := range values {
			sum += f
		}
		return sum, err
	})

	luago.Proc0("panic", func(context.Context) error { panic("boom") })
	luago.Proc0("die", func(ctx context.Context) error {
		go panic("all is lost")
		<-ctx.Done()
		return nil
	})
	luago.Proc0("deadlock", func(context.Context) error { select {} })
	luago.Proc1("exit", func(_ context.Context, code int) error {
		os.Exit(code)
		return nil
	})
	luago.Proc0("hog", func(context.Context) error {
		for hoard := [][]byte{}; ; hoard = append(hoard, make([]byte, 1<<20)) {
			runtime.Gosched()
		}
	})
	luago.Proc0("busy", func(context.Context) error {
		for n := 0; ; n++ {
			sink = n
		}
	})
	luago.Proc0("recurse", func(context.Context) error {
		sink = deeper(1)
		return nil
	})
	luago.Func1("leak", func(_ context.Context, n int) (int, error) {
		for range n {
			go func() { <-make(chan int) }()
		}
		runtime.Gosched()
		return n, nil
	})
	luago.Func1("refused", func(ctx context.Context, n int) (int, error) {
		refused := 0
		for range n {
			if _, err := luago.Call1[string](ctx, "db.user", "ana"); err != nil {
				refused++
			}
		}
		return refused, nil
	})
	luago.Proc0("flood", func(context.Context) error {
		for {
			fmt.Println(strings.Repeat("much ado ", 1000))
		}
	})
}

func main() {}

var sink int

func deeper(n int) int {
	return deeper(n+1) + n
}
