package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/luago-project/luago/guests/go/luago"
)

type notFound struct{ name string }

func (e *notFound) Error() string { return "not found: " + e.name }

func find(string) *notFound { return nil }

// hostile does something else than to say what it is.
type hostile struct{ do func() }

func (h hostile) Error() string                { h.do(); return "hostile" }
func (h hostile) String() string               { h.do(); return "hostile" }
func (h hostile) GoString() string             { h.do(); return "hostile" }
func (h hostile) Is(error) bool                { h.do(); return false }
func (h hostile) Unwrap() error                { h.do(); return nil }
func (h hostile) MarshalText() ([]byte, error) { h.do(); return []byte("hostile"), nil }

// unwrapper has a text, and cannot say what it wraps.
type unwrapper struct{ do func() }

func (unwrapper) Error() string   { return "unwrapper" }
func (u unwrapper) Unwrap() error { u.do(); return nil }

// loop wraps itself.
type loop struct{}

func (loop) Error() string   { return "loop" }
func (l loop) Unwrap() error { return l }

// reader cannot be read from text.
type textReader struct{ text string }

func (t *textReader) UnmarshalText([]byte) error { panic("no reader") }

type shown struct{ do func() }

func (s shown) String() string { s.do(); return "shown" }

// endless is how far down there is no stack for.
const endless = 1 << 50

// down has next to nothing in variables, so that its calls need the machine's stack most.
func down(n int) int {
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}

var misdeeds = map[string]func(){
	"panic":  func() { panic("misdeed") },
	"nil":    func() { var p *point; p.X++ },
	"goexit": runtime.Goexit,
	"nest":   func() { panic(shown{func() { panic("misdeed") }}) },
	"error":  func() { panic(hostile{func() { panic("misdeed") }}) },
}

func errorOf(kind string, do func()) error {
	switch kind {
	case "plain":
		return hostile{do}
	case "wrapped":
		return &wrapped{hostile{do}}
	case "joined":
		return errors.Join(errInner, &wrapped{hostile{do}})
	case "unwrap":
		return unwrapper{do}
	case "lua":
		return &luago.Error{Message: "m", Value: hostile{do}}
	}
	return nil
}

type wrapped struct{ cause error }

func (*wrapped) Error() string   { return "wrapped" }
func (w *wrapped) Unwrap() error { return w.cause }

func init() {
	luago.Func1("find", func(_ context.Context, name string) (int, error) { return 1, find(name) })
	luago.Func1("find_directly", func(_ context.Context, name string) (int, error) { return 1, find(name) },
		luago.NonBlocking)
	luago.Proc0("typed_nil_of_luago", func(context.Context) error {
		var e *luago.Error
		return e
	})
	luago.Proc1("loop", func(_ context.Context, how string) error {
		switch how {
		case "joined":
			return errors.Join(loop{}, loop{})
		case "panic":
			panic(loop{})
		}
		return fmt.Errorf("in a %w", loop{})
	})
	luago.Func2("returns", func(_ context.Context, kind, misdeed string) (int, error) {
		return 1, errorOf(kind, misdeeds[misdeed])
	})
	luago.Func2("returns_directly", func(_ context.Context, kind, misdeed string) (int, error) {
		return 1, errorOf(kind, misdeeds[misdeed])
	}, luago.NonBlocking)
	luago.Func2("gives", func(_ context.Context, kind, misdeed string) (error, error) {
		return errorOf(kind, misdeeds[misdeed]), nil
	})
	luago.Func1("gives_text", func(_ context.Context, misdeed string) (any, error) {
		return hostile{misdeeds[misdeed]}, nil
	})
	luago.Proc2("panics", func(_ context.Context, kind, misdeed string) error {
		do := misdeeds[misdeed]
		if kind == "shown" {
			panic(shown{do})
		}
		panic(errorOf(kind, do))
	})
	luago.Proc2("panics_directly", func(_ context.Context, kind, misdeed string) error {
		panic(errorOf(kind, misdeeds[misdeed]))
	}, luago.NonBlocking)
	luago.Proc2("panics_aside", func(ctx context.Context, kind, misdeed string) error {
		luago.Go(ctx, func(context.Context) { panic(errorOf(kind, misdeeds[misdeed])) })
		<-ctx.Done()
		return context.Cause(ctx)
	})
	luago.Func1("take_text", func(_ context.Context, t *textReader) (string, error) { return t.text, nil })
	luago.Func1("call_text", func(ctx context.Context, f luago.Function) (string, error) {
		t, err := luago.Invoke[*textReader](ctx, f)
		if err != nil {
			return "", err
		}
		return t.text, nil
	})
	luago.Func1("json", func(_ context.Context, v any) (string, error) {
		b, err := json.Marshal(v)
		return string(b), err
	})
	luago.Func1("narrow", func(_ context.Context, f float32) (float32, error) { return f, nil })
	luago.Func1("depth_of_json", func(_ context.Context, n int) (int, error) {
		text := make([]byte, 0, 2*n)
		for range n {
			text = append(text, '[')
		}
		for range n {
			text = append(text, ']')
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			return 0, err
		}
		b, err := json.Marshal(v)
		return len(b) / 2, err
	})
	luago.Func1("levels", func(_ context.Context, n int) (int, error) { return down(n), nil })
	luago.Func1("levels_directly", func(_ context.Context, n int) (int, error) { return down(n), nil },
		luago.NonBlocking)
}

func init() {
	// crowd leaves goroutines behind whose stacks Go prints when it dies: far more than a guest
	// may write.
	luago.Func1("crowd", func(_ context.Context, n int) (int, error) {
		never := make(chan int)
		for range n {
			go func() { never <- 1 }()
		}
		return n, nil
	})
	luago.Proc2("write_and_grow", func(_ context.Context, text string, mib int) error {
		fmt.Fprint(os.Stderr, text)
		hoard = append(hoard, make([]byte, mib<<20))
		return nil
	})
	switch os.Getenv("AT_START") {
	case "memory":
		hoard = append(hoard, make([]byte, 1<<30))
	case "crowd":
		never := make(chan int)
		for range 5000 {
			go func() { never <- 1 }()
		}
		runtime.Gosched()
		hoard = append(hoard, make([]byte, 1<<30))
	case "recurse":
		down(endless)
	}
}
