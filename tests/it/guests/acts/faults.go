package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

var (
	hoard [][]byte
	sink  int
)

func recurse(n int) int {
	var room [64]int
	room[n%64] = n
	return recurse(n+1) + room[(n+1)%64]
}

func panicWithStack(what string) { panic(what) }

func init() {
	luago.Proc1("panic", func(_ context.Context, what string) error {
		panicWithStack(what)
		return nil
	})
	luago.Proc0("panic_error", func(context.Context) error {
		panic(fmt.Errorf("wrapped: %w", errInner))
	})
	luago.Proc1("panic_directly", func(_ context.Context, what string) error { panic(what) },
		luago.NonBlocking)
	luago.Proc0("goexit", func(context.Context) error {
		runtime.Goexit()
		return nil
	})
	luago.Func0("nil_dereference", func(context.Context) (float64, error) {
		var p *point
		return p.X, nil
	})
	luago.Func1("index", func(_ context.Context, i int) (int, error) { return []int{1, 2, 3}[i], nil })
	luago.Proc1("panic_in_goroutine", func(_ context.Context, what string) error {
		go func() { panicWithStack(what) }()
		time.Sleep(time.Second)
		return nil
	})
	luago.Proc1("panic_in_luago_go", func(ctx context.Context, what string) error {
		luago.Go(ctx, func(context.Context) { panicWithStack(what) })
		<-ctx.Done()
		return context.Cause(ctx)
	})
	luago.Proc1("panic_after_the_end", func(ctx context.Context, what string) error {
		luago.Go(ctx, func(context.Context) {
			time.Sleep(5 * time.Millisecond)
			panicWithStack(what)
		})
		return nil
	})
	luago.Proc1("exit", func(_ context.Context, code int) error {
		os.Exit(code)
		return nil
	})
	luago.Proc1("exit_directly", func(_ context.Context, code int) error {
		os.Exit(code)
		return nil
	}, luago.NonBlocking)
	// spin computes without ever letting others go on.
	luago.Proc0("spin", func(context.Context) error {
		for {
			sink++
		}
	})
	luago.Proc0("spin_directly", func(context.Context) error {
		for {
			sink++
		}
	}, luago.NonBlocking)
	// spin_politely lets others go on, and ignores its context.
	luago.Proc0("spin_politely", func(context.Context) error {
		for {
			runtime.Gosched()
		}
	})
	// spin_until_done looks at its context as it computes.
	luago.Proc0("spin_until_done", func(ctx context.Context) error {
		for ctx.Err() == nil {
			runtime.Gosched()
		}
		return context.Cause(ctx)
	})
	luago.Func1("work", func(_ context.Context, ms int64) (int64, error) {
		for until := time.Now().Add(milliseconds(ms)); time.Now().Before(until); {
			sink++
		}
		return ms, nil
	})
	luago.Proc0("hoard", func(context.Context) error {
		for {
			hoard = append(hoard, bytes.Repeat([]byte{1}, 1<<20))
		}
	})
	luago.Proc1("grow", func(_ context.Context, mib int) error {
		hoard = append(hoard, bytes.Repeat([]byte{1}, mib<<20))
		return nil
	})
	luago.Proc1("flood", func(_ context.Context, mib int) error {
		line := bytes.Repeat([]byte("flood "), 1<<10)
		for written := 0; written < mib<<20; written += len(line) {
			if _, err := os.Stderr.Write(line); err != nil {
				return err
			}
		}
		return nil
	})
	luago.Func0("recurse", func(context.Context) (int, error) { return recurse(0), nil })
	luago.Func0("recurse_directly", func(context.Context) (int, error) { return recurse(0), nil },
		luago.NonBlocking)
	luago.Proc0("block_directly", func(context.Context) error {
		<-make(chan struct{})
		return nil
	}, luago.NonBlocking)
	luago.Proc0("sleep_directly", func(context.Context) error {
		time.Sleep(5 * time.Millisecond)
		return nil
	}, luago.NonBlocking)
	luago.Func1("die", func(_ context.Context, how string) (int64, error) {
		switch how {
		case "exit":
			os.Exit(3)
		case "panic":
			go panicWithStack("plain goroutine")
			time.Sleep(time.Second)
		case "memory":
			for {
				hoard = append(hoard, bytes.Repeat([]byte{1}, 1<<20))
			}
		}
		return 0, errors.New("I do not know how to die of " + how)
	})
}
