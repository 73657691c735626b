package luago

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
)

func TestAChainOfErrorsIsTakenApart(t *testing.T) {
	luaError := &Error{Message: "a", Causes: []string{"b"}, Stack: "stack"}
	for _, each := range []struct {
		err   error
		parts []string
	}{
		{io.EOF, []string{"EOF"}},
		{fmt.Errorf("load: %w", fmt.Errorf("open: %w", io.EOF)), []string{"load", "open", "EOF"}},
		{fmt.Errorf("load (%w)", io.EOF), []string{"load (EOF)", "EOF"}},
		{fmt.Errorf("%w", io.EOF), []string{"EOF"}},
		{errors.Join(io.EOF, io.ErrClosedPipe), []string{"EOF", "io: read/write on closed pipe"}},
		{fmt.Errorf("go: %w", luaError), []string{"go", "a", "b"}},
	} {
		if parts, _ := errorChain(each.err); !slices.Equal(parts, each.parts) {
			t.Errorf("%v: got %q", each.err, parts)
		}
	}
	if _, stack := errorChain(fmt.Errorf("go: %w", luaError)); stack != "stack" {
		t.Errorf("got %q", stack)
	}
}

// knot is an error that wraps itself, or the errors that it is given.
type knot struct{ around []error }

func (k *knot) Error() string   { return "knot" }
func (k *knot) Unwrap() []error { return k.around }

type self struct{}

func (s self) Error() string { return "self" }
func (s self) Unwrap() error { return s }

func TestAnErrorThatWrapsItselfHasAnEnd(t *testing.T) {
	pair, wide := new(knot), new(knot)
	pair.around = []error{fmt.Errorf("tied: %w", pair)}
	wide.around = []error{wide, self{}, wide}
	for _, err := range []error{self{}, pair, wide, fmt.Errorf("a: %w", self{}), errors.Join(pair, wide, io.EOF)} {
		parts, _ := errorChain(err)
		if len(parts) == 0 || len(parts) > maxErrorStrings || parts[0] == "" {
			t.Errorf("%T: got %q", err, parts)
		}
	}
	if parts, _ := errorChain(self{}); !slices.Equal(parts, []string{"self"}) {
		t.Errorf("got %q", parts)
	}
}

func TestAnErrorHasRoomForItsStack(t *testing.T) {
	for _, stack := range []string{"", "stack"} {
		for _, causes := range []int{0, 61, 62, 63, 64, 300} {
			w := new(writer)
			w.failure(&Error{Message: "a", Causes: make([]string, causes), Stack: stack})
			e := (&reader{slots: w.slots, count: 1}).raised().(*Error)
			room := maxErrorStrings - 1
			if stack != "" {
				room--
			}
			if len(w.slots) > 1+maxErrorStrings || len(e.Causes) != min(causes, room) || e.Stack != stack {
				t.Errorf("%d causes, stack %q: got %d and %q", causes, stack, len(e.Causes), e.Stack)
			}
		}
	}
}

type hostile struct{ name string }

func (h *hostile) Error() string { return "hostile " + h.name }

type thrower struct{ value any }

func (b thrower) String() string { panic(b.value) }

type marshaler struct{}

func (marshaler) MarshalText() ([]byte, error) { panic("no text") }

func TestWhatPanicsWhileAPanicIsDescribedIsDescribedItself(t *testing.T) {
	var absent *hostile
	var nothing *Error
	for _, each := range []struct {
		value any
		parts []string
	}{
		{absent, []string{"panic", "an error of type *luago.hostile whose method Error panics"}},
		{errors.Join(io.EOF, &knot{[]error{absent}}), []string{"panic", "EOF", "knot", "an error of type *luago.hostile whose method Error panics"}},
		{nothing, []string{"panic", "an error of type *luago.Error whose method Error panics"}},
		{thrower{"again"}, []string{"panic: a value of type luago.thrower whose methods panic"}},
		{thrower{thrower{nil}}, []string{"panic: a value of type luago.thrower whose methods panic"}},
		{marshaler{}, []string{"panic: a value of type luago.marshaler whose methods panic"}},
		{io.EOF, []string{"panic", "EOF"}},
		{"boom", []string{"panic: boom"}},
	} {
		ended := panicExit(each.value)
		// A joined error with a text that panics is one part.
		if got := ended.parts; !slices.Equal(got, each.parts) {
			t.Errorf("%T: got %q", each.value, got)
		}
		if ended.Error() == "" || ended.stack == "" {
			t.Errorf("%T: %q, %q", each.value, ended.Error(), ended.stack)
		}
	}
}

func TestAnErrorOfLuaComesBackAsItWas(t *testing.T) {
	sent := &Error{Message: "a", Causes: []string{"b", "c"}, Stack: "stack"}
	w := new(writer)
	w.failure(sent)
	got := (&reader{slots: w.slots, count: 1}).raised()
	var e *Error
	if !errors.As(got, &e) || e.Message != "a" || e.Error() != "a: b: c" || e.Stack != "stack" {
		t.Errorf("got %#v", got)
	}
	if unwrapped := errors.Unwrap(got); unwrapped == nil || unwrapped.Error() != "b: c" {
		t.Errorf("got %v", unwrapped)
	}
}

func TestAValueThatLuaRaisedComesBackAsItWas(t *testing.T) {
	w := new(writer)
	w.failure(&Error{Message: "?", Value: map[string]any{"code": int64(3)}})
	got := (&reader{slots: w.slots, count: 1}).raised()
	var e *Error
	if !errors.As(got, &e) || e.Value.(map[string]any)["code"] != int64(3) {
		t.Errorf("got %#v", got)
	}
}

func TestCausesOfContextsAreTold(t *testing.T) {
	for _, each := range []struct {
		cause, target error
		want          bool
	}{
		{cancelCause("enough"), ErrCancelled, true},
		{cancelCause("enough"), context.Canceled, true},
		{cancelCause(""), ErrCancelled, true},
		{ErrClosed, ErrCancelled, false},
		{ErrClosed, context.Canceled, true},
		{ErrCancelled, ErrClosed, false},
	} {
		if errors.Is(each.cause, each.target) != each.want {
			t.Errorf("%v is %v: not %v", each.cause, each.target, each.want)
		}
	}
}
