package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/luago-project/luago/guests/go/luago"
)

func init() {
	luago.Proc1("crash", crash)
	luago.Proc1("crash_now", crash, luago.NonBlocking)
	luago.Proc0("leave", leave)
	luago.Proc1("helper", helper)
	luago.Proc1("exit", func(_ context.Context, code int) error {
		os.Exit(code)
		return nil
	})
	luago.Proc1("crash_alone", func(ctx context.Context, message string) error {
		go func() { panic(message) }()
		<-ctx.Done()
		return nil
	})
	luago.Proc0("never", func(context.Context) error {
		<-make(chan int)
		return nil
	})
	luago.Func1("count", func(_ context.Context, name string) (int, error) { return count(name), nil }, luago.NonBlocking)
	luago.Func1("counted", func(_ context.Context, name string) (int, error) { return counts[name], nil }, luago.NonBlocking)
	luago.Func1("sleep", func(_ context.Context, ms int) (string, error) {
		time.Sleep(time.Duration(ms) * time.Millisecond)
		return fmt.Sprintf("slept %d ms", ms), nil
	})
}

// counts is what the guest remembers, as long as it lives.
var counts = map[string]int{}

func count(name string) int {
	counts[name]++
	return counts[name]
}

func leave(context.Context) error {
	defer count("left")
	runtime.Goexit()
	return nil
}

func helper(ctx context.Context, message string) error {
	luago.Go(ctx, func(context.Context) { panic(message) })
	<-ctx.Done()
	return nil
}

func crash(_ context.Context, how string) error {
	switch how {
	case "index":
		numbers := []int{1, 2, 3}
		numbers[len(how)]++
	case "nil":
		var p *point
		p.X = 1
	case "map":
		var m map[string]int
		m["x"] = 1
	case "error":
		panic(fmt.Errorf("bad state: %w", errQuota))
	default:
		deeper(how)
	}
	return nil
}

//go:noinline
func deeper(message string) {
	panic(message)
}
