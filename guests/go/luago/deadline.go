package luago

import (
	"context"
	"sync"
	"time"
)

// deadlineContext is the parent of a scope's real context. A context can be cancelled only with
// the error context.Canceled, but takes over the error of its parent. This one ends with
// context.DeadlineExceeded, whoever notices first that the deadline has passed.
type deadlineContext struct {
	sync.Mutex
	done chan struct{}
	err  error
	// What AfterFunc was given.
	onDone func()
}

func (c *deadlineContext) Deadline() (deadline time.Time, ok bool) { return }
func (c *deadlineContext) Done() <-chan struct{}                   { return c.done }
func (c *deadlineContext) Value(any) any                           { return nil }

func (c *deadlineContext) Err() error {
	c.Lock()
	defer c.Unlock()
	return c.err
}

// AfterFunc saves the context package a goroutine that waits for Done.
func (c *deadlineContext) AfterFunc(f func()) (stop func() bool) {
	c.onDone = f
	return func() bool {
		c.Lock()
		defer c.Unlock()
		was := c.onDone != nil
		c.onDone = nil
		return was
	}
}

func (c *deadlineContext) expire() {
	c.Lock()
	onDone := c.onDone
	c.onDone, c.err = nil, context.DeadlineExceeded
	close(c.done)
	c.Unlock()
	if onDone != nil {
		onDone()
	}
}
