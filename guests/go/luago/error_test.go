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
		if parts, _ := chain(each.err); !slices.Equal(parts, each.parts) {
			t.Errorf("%v: got %q", each.err, parts)
		}
	}
	if _, stack := chain(fmt.Errorf("go: %w", luaError)); stack != "stack" {
		t.Errorf("got %q", stack)
	}
}

func TestAnErrorOfLuaComesBackAsItWas(t *testing.T) {
	sent := &Error{Message: "a", Causes: []string{"b", "c"}, Stack: "stack"}
	w := new(writer)
	w.failure(sent, "")
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
	w.failure(&Error{Message: "?", Value: map[string]any{"code": int64(3)}}, "")
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
		{causeOf("enough"), ErrCancelled, true},
		{causeOf("enough"), context.Canceled, true},
		{causeOf(""), ErrCancelled, true},
		{ErrClosed, ErrCancelled, false},
		{ErrClosed, context.Canceled, true},
		{ErrCancelled, ErrClosed, false},
	} {
		if errors.Is(each.cause, each.target) != each.want {
			t.Errorf("%v is %v: not %v", each.cause, each.target, each.want)
		}
	}
}
