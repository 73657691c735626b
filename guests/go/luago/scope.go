package luago

import (
	"context"
	"time"
)

// scope is the context of a task or of a stream. As most functions never use theirs, it makes a
// real context, with a channel and a timer, only when it has to. Its fields are guarded by the
// bridge's lock.
type scope struct {
	// The task that calls to Lua belong to at the moment: nil once it is done, and between two
	// steps of a stream.
	task *task
	// The first of the calls to Lua that wait in this very scope.
	waiting *call
	ended   *cancellation // nil while it is active
	more    *extras       // nil if there are none
}

// cancellation is why a scope has ended.
type cancellation struct{ err, cause error }

var (
	// As in net/http, what a call leaves running is cancelled when the call returns.
	taskEnded        = &cancellation{context.Canceled, context.Canceled}
	deadlineExceeded = &cancellation{context.DeadlineExceeded, context.DeadlineExceeded}
)

// extras is what few scopes have.
type extras struct {
	deadline time.Time // zero: none
	real     context.Context
	cancel   context.CancelCauseFunc
	parent   *deadlineContext
	timer    *time.Timer
	// The scope that ends with this one: that of the stream whose step the task is.
	dependent *scope
}

// extra returns the extras for writing. The lock must be held.
func (s *scope) extra() *extras {
	if s.more == nil {
		s.more = new(extras)
	}
	return s.more
}

type scopeKey struct{}

func (s *scope) Deadline() (deadline time.Time, ok bool) {
	bridge.Lock()
	defer bridge.Unlock()
	if s.more != nil {
		deadline = s.more.deadline
	}
	return deadline, !deadline.IsZero()
}

func (s *scope) Done() <-chan struct{} { return s.realContext().Done() }

func (s *scope) Err() error {
	if why := s.checkEnded(); why != nil {
		return why.err
	}
	return nil
}

// checkEnded returns why the scope has ended, or nil. It checks the deadline itself, as timers do
// not run while a goroutine computes.
func (s *scope) checkEnded() *cancellation {
	bridge.Lock()
	why, more := s.ended, s.more
	var deadline time.Time
	if more != nil {
		deadline = more.deadline
	}
	bridge.Unlock()
	if why == nil && !deadline.IsZero() && time.Until(deadline) <= 0 {
		s.cancel(deadlineExceeded)
		bridge.Lock()
		why = s.ended
		bridge.Unlock()
	}
	return why
}

func (s *scope) Value(key any) any {
	if key == (scopeKey{}) {
		return s
	}
	// The context package looks up a key of its own to find the cause.
	return s.realContext().Value(key)
}

// String keeps the fields out of a printed context.
func (s *scope) String() string { return "luago task" }

func (s *scope) realContext() context.Context {
	bridge.Lock()
	var real context.Context
	if s.more != nil {
		real = s.more.real
	}
	bridge.Unlock()
	if real != nil {
		return real
	}
	parent := &deadlineContext{done: make(chan struct{})}
	made, cancel := context.WithCancelCause(parent)
	bridge.Lock()
	more := s.extra()
	if more.real != nil {
		real = more.real
		bridge.Unlock()
		cancel(nil)
		return real
	}
	more.real, more.cancel, more.parent = made, cancel, parent
	why := s.ended
	bridge.Unlock()
	if why != nil {
		why.apply(parent, cancel)
	} else {
		s.startTimer()
	}
	return made
}

// startTimer starts the timer of a scope that has a deadline.
func (s *scope) startTimer() {
	bridge.Lock()
	more := s.more
	isNeeded := more != nil && !more.deadline.IsZero() && more.timer == nil && s.ended == nil
	var deadline time.Time
	if isNeeded {
		deadline = more.deadline
	}
	bridge.Unlock()
	if !isNeeded {
		return
	}
	timer := time.AfterFunc(time.Until(deadline), func() { s.cancel(deadlineExceeded) })
	bridge.Lock()
	defer bridge.Unlock()
	if more.timer != nil || s.ended != nil {
		timer.Stop()
		return
	}
	more.timer = timer
}

// clearDeadline removes the deadline: a stream is not bound by that of the call that started it.
func (s *scope) clearDeadline() {
	bridge.Lock()
	defer bridge.Unlock()
	if s.more == nil {
		return
	}
	s.more.deadline = time.Time{}
	if s.more.timer != nil {
		s.more.timer.Stop()
	}
}

// cancel ends the scope. Cancelling it again changes nothing.
func (s *scope) cancel(why *cancellation) {
	goroutine := goroutineNumber()
	bridge.Lock()
	if s.ended != nil {
		bridge.Unlock()
		return
	}
	s.ended = why
	var calls *call
	for c := s.waiting; c != nil; c = s.waiting {
		takeCall(c.number)
		c.markAbandoned(why.cause, goroutine)
		c.nextInScope, calls = calls, c
	}
	var more extras
	if s.more != nil {
		more = *s.more
		s.more.dependent = nil
	}
	bridge.Unlock()
	if more.timer != nil {
		more.timer.Stop()
	}
	if more.cancel != nil {
		why.apply(more.parent, more.cancel)
	}
	for c := calls; c != nil; {
		next := c.nextInScope
		c.nextInScope = nil
		c.wake()
		c = next
	}
	if more.dependent != nil {
		more.dependent.cancel(why)
	}
}

// apply ends a real context.
func (c *cancellation) apply(parent *deadlineContext, cancel context.CancelCauseFunc) {
	if c.err == context.DeadlineExceeded {
		parent.expire()
	} else {
		cancel(c.cause)
	}
}

// nonBlockingContext is the context of calls of non-blocking functions.
type nonBlockingContext struct{}

func (nonBlockingContext) Deadline() (deadline time.Time, ok bool) { return }
func (nonBlockingContext) Done() <-chan struct{}                   { return nil }
func (nonBlockingContext) Err() error                              { return nil }
func (nonBlockingContext) String() string                          { return "luago non-blocking call" }

func (nonBlockingContext) Value(key any) any {
	if key == (scopeKey{}) {
		return nonBlockingContext{}
	}
	return nil
}
