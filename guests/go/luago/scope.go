package luago

import (
	"context"
	"time"
)

// scope is the context of a task or of a stream. Most functions never look at theirs,
// so that it makes a real context, with its channel and timer, only when asked for one.
// Its fields are guarded by the bridge's lock.
type scope struct {
	// The task that calls of Lua belong to now: nil once it is done, and for a stream
	// between two steps.
	task *task
	// Calls of Lua that wait in this very scope.
	waiting *call
	ended   *ending // nil while it lasts
	more    *extras // nil while there are none
}

// ending is how a scope ended.
type ending struct{ err, cause error }

var (
	// As with net/http, what a call leaves running is told that it is over.
	endOfTask = &ending{context.Canceled, context.Canceled}
	timedOut  = &ending{context.DeadlineExceeded, context.DeadlineExceeded}
)

// extras is what few scopes need.
type extras struct {
	deadline time.Time // zero: none
	real     context.Context
	cancel   context.CancelCauseFunc
	expiry   *expiry
	timer    *time.Timer
	// Ends when this one does: the scope of a stream that a step waits for.
	follower *scope
}

// extra gives the extras to write to. The lock is held.
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

func (s *scope) Done() <-chan struct{} { return s.materialise().Done() }

func (s *scope) Err() error {
	if how := s.ending(); how != nil {
		return how.err
	}
	return nil
}

// ending is how the scope ended, nil if it has not. It looks at the clock, as a goroutine
// that computes keeps timers from running.
func (s *scope) ending() *ending {
	bridge.Lock()
	how, more := s.ended, s.more
	var deadline time.Time
	if more != nil {
		deadline = more.deadline
	}
	bridge.Unlock()
	if how == nil && !deadline.IsZero() && time.Until(deadline) <= 0 {
		s.end(timedOut)
		bridge.Lock()
		how = s.ended
		bridge.Unlock()
	}
	return how
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
	var real context.Context
	if s.more != nil {
		real = s.more.real
	}
	bridge.Unlock()
	if real != nil {
		return real
	}
	expiry := &expiry{done: make(chan struct{})}
	made, cancel := context.WithCancelCause(expiry)
	bridge.Lock()
	more := s.extra()
	if more.real != nil {
		real = more.real
		bridge.Unlock()
		cancel(nil)
		return real
	}
	more.real, more.cancel, more.expiry = made, cancel, expiry
	how := s.ended
	bridge.Unlock()
	if how != nil {
		how.stop(expiry, cancel)
	} else {
		s.arm()
	}
	return made
}

// arm starts the timer of a scope that has a deadline.
func (s *scope) arm() {
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
	timer := time.AfterFunc(time.Until(deadline), func() { s.end(timedOut) })
	bridge.Lock()
	defer bridge.Unlock()
	if more.timer != nil || s.ended != nil {
		timer.Stop()
		return
	}
	more.timer = timer
}

// disarm takes away the deadline: that of a call which started a stream does not bind
// the stream.
func (s *scope) disarm() {
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

// end cancels the scope, once: what comes later changes nothing.
func (s *scope) end(how *ending) {
	goroutine := goroutineNumber()
	bridge.Lock()
	if s.ended != nil {
		bridge.Unlock()
		return
	}
	s.ended = how
	var calls *call
	for c := s.waiting; c != nil; c = s.waiting {
		takeCall(c.number)
		c.abandoned(how.cause, goroutine)
		c.nextHere, calls = calls, c
	}
	var more extras
	if s.more != nil {
		more = *s.more
		s.more.follower = nil
	}
	bridge.Unlock()
	if more.timer != nil {
		more.timer.Stop()
	}
	if more.cancel != nil {
		how.stop(more.expiry, more.cancel)
	}
	for c := calls; c != nil; {
		next := c.nextHere
		c.nextHere = nil
		c.wake()
		c = next
	}
	if more.follower != nil {
		more.follower.end(how)
	}
}

func (how *ending) stop(expiry *expiry, cancel context.CancelCauseFunc) {
	if how.err == context.DeadlineExceeded {
		expiry.expire()
	} else {
		cancel(how.cause)
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
