package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/luago-project/luago/guests/go/luago"
)

type notFound struct{ name string }

func (e *notFound) Error() string { return e.name + " was not found" }

// throwing is an error that cannot say what it is.
type throwing struct{}

func (throwing) Error() string { panic("no words") }

// ring is an error that is its own cause.
type ring struct{}

func (ring) Error() string   { return "ring" }
func (r ring) Unwrap() error { return r }

func init() {
	luago.Proc0("typed_nil", func(context.Context) error {
		var e *notFound
		return e
	})
	luago.Proc0("throwing_error", func(context.Context) error { return errors.Join(errQuota, throwing{}) })
	luago.Proc0("throwing_panic", func(context.Context) error { panic(throwing{}) })
	luago.Proc0("error_in_itself", func(context.Context) error { return ring{} })
	luago.Func1("json", func(_ context.Context, v any) (string, error) {
		text, err := json.Marshal(v)
		return string(text), err
	})
	luago.Func1("depth", func(_ context.Context, n int) (int, error) {
		var v any
		err := json.Unmarshal([]byte(strings.Repeat("[", n)+strings.Repeat("]", n)), &v)
		if err != nil {
			return 0, err
		}
		text, err := json.Marshal(v)
		return len(text) / 2, err
	})
	luago.Func1("narrow", func(_ context.Context, f float32) (float32, error) { return f, nil })
}
