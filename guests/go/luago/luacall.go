package luago

import (
	"context"
	"errors"
	"strconv"
	"unsafe"
)

// call is a call from Go to Lua. It is in the bridge's table from when it is sent until it is
// answered or abandoned, whichever comes first.
type call struct {
	tableEntry
	name   string // of the callee; empty for a function that Lua passed
	target uint32
	task   uint32
	scope  *scope
	writer *writer
	// The list of calls of its scope, if it waits in that very scope.
	nextInScope, prevInScope *call
	isInScope                bool

	parker
	ready chan struct{}
	// The codec and the destination of the one result that is wanted; nil for all results.
	codec   *codec
	into    unsafe.Pointer
	value   uint64 // a destination for it
	results []any
	err     error
	// Set if this is not a call but a wait for something else, which is cancelled differently.
	canceller interface{ cancelWait() }
}

func newCall(name string, target uint32, s *scope) *call {
	w := getWriter()
	c := getCall()
	c.name, c.target, c.scope, c.writer = name, target, s, w
	return c
}

// getCall returns a call, which release puts back.
func getCall() *call {
	bridge.Lock()
	var c *call
	if bridge.freeCallCount > 0 {
		bridge.freeCallCount--
		c = bridge.freeCalls[bridge.freeCallCount]
	}
	bridge.Unlock()
	if c == nil {
		c = new(call)
	}
	return c
}

// release ends the use of a call that has been waited for.
func (c *call) release() {
	*c = call{ready: c.ready}
	bridge.Lock()
	if bridge.freeCallCount < maxFree {
		bridge.freeCalls[bridge.freeCallCount] = c
		bridge.freeCallCount++
	}
	bridge.Unlock()
}

// callee names the function in messages.
func (c *call) callee() string {
	if c.name == "" {
		return "the function of Lua"
	}
	return "'" + c.name + "'"
}

func (c *call) arguments(args []any) error {
	for i, arg := range args {
		if err := c.writer.any(arg); err != nil {
			return &conversionError{"bad argument #" + strconv.Itoa(i+1) + " to " + c.callee() + " (", err}
		}
		c.writer.count++
	}
	return nil
}

// wait sends the call and blocks the goroutine until it is answered or the context ends.
func (c *call) wait(ctx context.Context, of *codec, into unsafe.Pointer) error {
	c.codec, c.into = of, into
	own, _ := ctx.(*task)
	if own != nil && &own.scope == c.scope {
		// The scope cancels its calls itself, without the cost of a channel for Done.
		if own.more != nil {
			if ended := c.scope.checkEnded(); ended != nil {
				return ended.cause
			}
			c.scope.startTimer()
		}
		c.prepareToPark()
		if err := c.send(true); err != nil {
			return err
		}
		c.park()
		return c.err
	}
	if ctx.Err() != nil {
		return cancelReason(ctx)
	}
	c.useChannel()
	if err := c.send(false); err != nil {
		return err
	}
	select {
	case <-c.ready:
	case <-ctx.Done():
		c.abandon(cancelReason(ctx))
		// It is ready because it was abandoned just now, or was answered before that.
		<-c.ready
	}
	c.hasRun = true
	return c.err
}

func (c *call) send(isInScope bool) error {
	goroutine := goroutineNumber()
	bridge.Lock()
	s := c.scope
	if s.task == nil {
		bridge.Unlock()
		return errors.New(c.callee() + " cannot be called: the task that the context belongs to is over")
	}
	if isInScope && s.ended != nil {
		bridge.Unlock()
		return s.ended.cause
	}
	c.task = s.task.number
	c.register(isInScope)
	w := c.writer
	c.writer = nil
	post(event{kind: kindCall, task: c.task, number: c.number, target: c.target}, w, nil, goroutine)
	bridge.Unlock()
	return nil
}

// register gives the call a number and puts it into the table, and into the list of its scope.
// The lock must be held.
func (c *call) register(isInScope bool) {
	for {
		bridge.lastCall++
		if bridge.lastCall != 0 && bridge.calls.find(bridge.lastCall) == nil {
			break
		}
	}
	c.number = bridge.lastCall
	bridge.calls.insert(&c.tableEntry)
	if isInScope {
		s := c.scope
		c.isInScope = true
		c.nextInScope = s.waiting
		if c.nextInScope != nil {
			c.nextInScope.prevInScope = c
		}
		s.waiting = c
	}
}

// takeCall removes a call from the table. Only who has removed it may end it. The lock must be
// held.
func takeCall(number uint32) *call {
	found := bridge.calls.find(number)
	if found == nil {
		return nil
	}
	c := callOf(found)
	bridge.calls.remove(found)
	if c.isInScope {
		c.isInScope = false
		if c.prevInScope != nil {
			c.prevInScope.nextInScope = c.nextInScope
		} else {
			c.scope.waiting = c.nextInScope
		}
		if c.nextInScope != nil {
			c.nextInScope.prevInScope = c.prevInScope
		}
		c.nextInScope, c.prevInScope = nil, nil
	}
	return c
}

// abandon ends a call whose context has ended, if it has not been answered.
func (c *call) abandon(why error) {
	goroutine := goroutineNumber()
	bridge.Lock()
	if found := bridge.calls.find(c.number); found != &c.tableEntry {
		bridge.Unlock()
		return
	}
	takeCall(c.number)
	c.markAbandoned(why, goroutine)
	bridge.Unlock()
	c.wake()
}

// markAbandoned ends a call that was taken from the table. The lock must be held.
func (c *call) markAbandoned(why error, goroutine uint32) {
	c.err = why
	if c.canceller != nil {
		c.canceller.cancelWait()
		return
	}
	post(event{kind: kindAbandon, task: c.task, number: c.number}, nil, nil, goroutine)
}

// deliver implements luago_deliver.
func deliver(number uint32, status int32, r *reader) {
	bridge.Lock()
	c := takeCall(number)
	bridge.Unlock()
	if c == nil {
		if segments.releaseUnclaimed != nil {
			segments.releaseUnclaimed(r)
		}
		runOthers()
		return
	}
	if s := c.codec; status == answerOK && s != nil && r.count > 0 && r.slots[0].tag == s.immediate {
		*(*uint64)(c.into) = r.slots[0].payload
	} else {
		r.owner = c.scope
		c.decodeAnswer(status, r)
	}
	if segments.releaseUnclaimed != nil {
		segments.releaseUnclaimed(r)
	}
	c.resume()
}

func (c *call) decodeAnswer(status int32, r *reader) {
	// A panic of a text unmarshaler is an error of the call, and must not end the entry.
	defer func() {
		if value := recover(); value != nil {
			c.err = panicExit(value)
		}
	}()
	if status != answerOK {
		c.err = r.raised()
		return
	}
	if c.codec != nil {
		c.err = c.decodeResult(r)
		return
	}
	for i := range r.count {
		v, err := r.any()
		if err != nil {
			c.err = c.badResultError(i+1, err)
			return
		}
		c.results = append(c.results, v)
	}
}

func (c *call) decodeResult(r *reader) error {
	if r.count == 0 {
		r = &reader{slots: absentArgument}
	}
	if err := c.codec.decode(r, c.into); err != nil {
		return c.badResultError(1, err)
	}
	return nil
}

func (c *call) badResultError(number int, err error) error {
	return &conversionError{"bad result #" + strconv.Itoa(number) + " of " + c.callee() + " (", err}
}

// cancelReason returns why a context has ended: its cause, if that wraps the context's error.
func cancelReason(ctx context.Context) error {
	err := ctx.Err()
	if cause := context.Cause(ctx); errors.Is(cause, err) {
		return cause
	}
	return err
}
