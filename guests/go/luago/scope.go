package luago

import (
	"context"
	"sync"
	"time"
)

// scope is the context of a task or of a stream. Most functions never look at theirs,
// so that it makes a real context, with its channel and timer, only when asked for one.
// Its fields are guarded by the bridge's lock.
type scope struct {
	deadline time.Time // zero: none
	err      error     // why it ended
	cause    error
	real     context.Context
	cancel   context.CancelCauseFunc
	expiry   *expiry
	timer    *time.Timer
	// The task that calls of Lua belong to now: nil once it is done, and for a stream
	// between two steps.
	task *task
	// Calls of Lua that wait in this very scope.
	waiting *call
	// Ends when this one does: the scope of a stream that a step waits for.
	follower *scope
}

type scopeKey struct{}

func (s *scope) Deadline() (time.Time, bool) {
	bridge.Lock()
	defer bridge.Unlock()
	return s.deadline, !s.deadline.IsZero()
}

func (s *scope) Done() <-chan struct{} { return s.materialise().Done() }

// Err looks at the clock, as a goroutine that computes keeps timers from running.
func (s *scope) Err() error {
	bridge.Lock()
	err, deadline := s.err, s.deadline
	bridge.Unlock()
	if err == nil && !deadline.IsZero() && time.Until(deadline) <= 0 {
		s.end(context.DeadlineExceeded, context.DeadlineExceeded)
		return context.DeadlineExceeded
	}
	return err
}

func (s *scope) Value(key any) any {
	if key == (scopeKey{}) {
		return s
	}
	// The context package asks for a key of its own to find the cause.
	return s.materialise().Value(key)
}

// String keeps a printed context from showing its insides.
func (s *scope) String() string { return "luago task" }

func (s *scope) materialise() context.Context {
	bridge.Lock()
	real := s.real
	bridge.Unlock()
	if real != nil {
		return real
	}
	expiry := &expiry{done: make(chan struct{})}
	made, cancel := context.WithCancelCause(expiry)
	bridge.Lock()
	if s.real != nil {
		real = s.real
		bridge.Unlock()
		cancel(nil)
		return real
	}
	s.real, s.cancel, s.expiry = made, cancel, expiry
	err, cause := s.err, s.cause
	bridge.Unlock()
	if err != nil {
		stop(expiry, cancel, err, cause)
	} else {
		s.arm()
	}
	return made
}

// arm starts the timer of a scope that has a deadline.
func (s *scope) arm() {
	bridge.Lock()
	deadline, isArmed := s.deadline, s.timer != nil || s.err != nil
	bridge.Unlock()
	if deadline.IsZero() || isArmed {
		return
	}
	timer := time.AfterFunc(time.Until(deadline), func() {
		s.end(context.DeadlineExceeded, context.DeadlineExceeded)
	})
	bridge.Lock()
	defer bridge.Unlock()
	if s.timer != nil || s.err != nil {
		timer.Stop()
		return
	}
	s.timer = timer
}

// disarm takes away the deadline: that of a call which started a stream does not bind
// the stream.
func (s *scope) disarm() {
	bridge.Lock()
	defer bridge.Unlock()
	s.deadline = time.Time{}
	if s.timer != nil {
		s.timer.Stop()
	}
}

// end cancels the scope, once: what comes later changes nothing.
func (s *scope) end(err, cause error) {
	bridge.Lock()
	if s.err != nil {
		bridge.Unlock()
		return
	}
	s.err, s.cause = err, cause
	if s.timer != nil {
		s.timer.Stop()
	}
	expiry, cancel, calls, follower := s.expiry, s.cancel, s.waiting, s.follower
	s.waiting, s.follower = nil, nil
	bridge.Unlock()
	if cancel != nil {
		stop(expiry, cancel, err, cause)
	}
	for c := calls; c != nil; {
		next := c.next
		c.abandon(cause)
		c = next
	}
	if follower != nil {
		follower.end(err, cause)
	}
}

// reason is why the scope ended, nil if it has not.
func (s *scope) reason() error {
	if s.Err() == nil {
		return nil
	}
	bridge.Lock()
	defer bridge.Unlock()
	return s.cause
}

func stop(expiry *expiry, cancel context.CancelCauseFunc, err, cause error) {
	if err == context.DeadlineExceeded {
		expiry.expire()
	} else {
		cancel(cause)
	}
}

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

// atOnce is the context of all calls of non-blocking functions.
type atOnce struct{}

func (atOnce) Deadline() (deadline time.Time, ok bool) { return }
func (atOnce) Done() <-chan struct{}                   { return nil }
func (atOnce) Err() error                              { return nil }
func (atOnce) String() string                          { return "luago non-blocking call" }

func (atOnce) Value(key any) any {
	if key == (scopeKey{}) {
		return atOnce{}
	}
	return nil
}
