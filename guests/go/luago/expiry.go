package luago

import (
	"context"
	"sync"
	"time"
)

// expiry is the parent of a scope's real context. A context can only be cancelled with
// the error context.Canceled, but takes over that of its parent: so this one ends with
// context.DeadlineExceeded, whoever noticed first that the time is up.
type expiry struct {
	sync.Mutex
	done chan struct{}
	err  error
	// What the context package wants to be told, as it would of its own contexts.
	then func()
}

func (e *expiry) Deadline() (deadline time.Time, ok bool) { return }
func (e *expiry) Done() <-chan struct{}                   { return e.done }
func (e *expiry) Value(any) any                           { return nil }

func (e *expiry) Err() error {
	e.Lock()
	defer e.Unlock()
	return e.err
}

// AfterFunc spares the context package a goroutine that waits for Done.
func (e *expiry) AfterFunc(f func()) (stop func() bool) {
	e.then = f
	return func() bool {
		e.Lock()
		defer e.Unlock()
		was := e.then != nil
		e.then = nil
		return was
	}
}

func (e *expiry) expire() {
	e.Lock()
	then := e.then
	e.then, e.err = nil, context.DeadlineExceeded
	close(e.done)
	e.Unlock()
	if then != nil {
		then()
	}
}
