package luago

import (
	"context"
	"errors"
	"strconv"
	"unsafe"
)

// call is a call from Go to Lua. It is in the bridge's table from the time that it is
// sent until it is answered or abandoned, whichever comes first.
type call struct {
	entry
	name   string // of the callee; empty for a function that Lua passed
	target uint32
	task   uint32
	scope  *scope
	writer *writer
	// In the list of its scope, if it waits in that very one.
	nextHere, prevHere *call
	isListed           bool

	berth
	ready chan struct{}
	// Where the one result that is wanted goes; without a codec it is all of them.
	of      *codec
	into    unsafe.Pointer
	value   uint64 // a place for it
	results []any
	err     error
	// Set where it is no call but a wait for something else, which the host has another
	// way to end.
	quitter interface{ quit() }
}

func newCall(name string, target uint32, s *scope) *call {
	w := borrowWriter()
	c := borrowCall()
	c.name, c.target, c.scope, c.writer = name, target, s, w
	return c
}

// borrowCall gives a call that goes back with release.
func borrowCall() *call {
	bridge.Lock()
	var c *call
	if bridge.freeCount > 0 {
		bridge.freeCount--
		c = bridge.freeCalls[bridge.freeCount]
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
	if bridge.freeCount < mostFree {
		bridge.freeCalls[bridge.freeCount] = c
		bridge.freeCount++
	}
	bridge.Unlock()
}

// callee is what messages call the function.
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

// wait sends the call and parks the goroutine until it is answered or the context ends.
func (c *call) wait(ctx context.Context, of *codec, into unsafe.Pointer) error {
	c.of, c.into = of, into
	own, _ := ctx.(*task)
	if own != nil && &own.scope == c.scope {
		// The scope ends its calls itself, without the cost of a channel for Done.
		if own.more != nil {
			if how := c.scope.ending(); how != nil {
				return how.cause
			}
			c.scope.arm()
		}
		c.board()
		if err := c.send(true); err != nil {
			return err
		}
		c.park()
		return c.err
	}
	if ctx.Err() != nil {
		return reasonOf(ctx)
	}
	c.open()
	if err := c.send(false); err != nil {
		return err
	}
	select {
	case <-c.ready:
	case <-ctx.Done():
		c.abandon(reasonOf(ctx))
		// Either that has made it ready, or the answer was quicker.
		<-c.ready
	}
	c.hasRun = true
	return c.err
}

func (c *call) send(isListed bool) error {
	goroutine := goroutineNumber()
	bridge.Lock()
	s := c.scope
	if s.task == nil {
		bridge.Unlock()
		return errors.New(c.callee() + " cannot be called: the task that the context belongs to is over")
	}
	if isListed && s.ended != nil {
		bridge.Unlock()
		return s.ended.cause
	}
	c.task = s.task.number
	c.enlist(isListed)
	w := c.writer
	c.writer = nil
	post(event{kind: kindCall, task: c.task, number: c.number, target: c.target}, w, nil, goroutine)
	bridge.Unlock()
	return nil
}

// enlist gives the call its number and puts it into the table, and into the list of its
// scope. The lock is held.
func (c *call) enlist(isListed bool) {
	for {
		bridge.lastCall++
		if bridge.lastCall != 0 && bridge.calls.find(bridge.lastCall) == nil {
			break
		}
	}
	c.number = bridge.lastCall
	bridge.calls.insert(&c.entry)
	if isListed {
		s := c.scope
		c.isListed = true
		c.nextHere = s.waiting
		if c.nextHere != nil {
			c.nextHere.prevHere = c
		}
		s.waiting = c
	}
}

// takeCall removes a call from the table; only who gets it may end it. The lock is held.
func takeCall(number uint32) *call {
	found := bridge.calls.find(number)
	if found == nil {
		return nil
	}
	c := callOf(found)
	bridge.calls.remove(found)
	if c.isListed {
		c.isListed = false
		if c.prevHere != nil {
			c.prevHere.nextHere = c.nextHere
		} else {
			c.scope.waiting = c.nextHere
		}
		if c.nextHere != nil {
			c.nextHere.prevHere = c.prevHere
		}
		c.nextHere, c.prevHere = nil, nil
	}
	return c
}

// abandon ends a call whose context has ended, if it has not been answered.
func (c *call) abandon(why error) {
	goroutine := goroutineNumber()
	bridge.Lock()
	if found := bridge.calls.find(c.number); found != &c.entry {
		bridge.Unlock()
		return
	}
	takeCall(c.number)
	c.abandoned(why, goroutine)
	bridge.Unlock()
	c.wake()
}

// abandoned says that a call that was taken is not waited for any more. The lock is held.
func (c *call) abandoned(why error, goroutine uint32) {
	c.err = why
	if c.quitter != nil {
		c.quitter.quit()
		return
	}
	post(event{kind: kindAbandon, task: c.task, number: c.number}, nil, nil, goroutine)
}

// deliver is luago_deliver.
func deliver(number uint32, status int32, r *reader) {
	bridge.Lock()
	c := takeCall(number)
	bridge.Unlock()
	if c == nil {
		if segments.giveBack != nil {
			segments.giveBack(r)
		}
		letRun()
		return
	}
	if s := c.of; status == answerOK && s != nil && r.count > 0 && r.slots[0].tag == s.plain {
		*(*uint64)(c.into) = r.slots[0].payload
	} else {
		r.owner = c.scope
		c.answer(status, r)
	}
	if segments.giveBack != nil {
		segments.giveBack(r)
	}
	c.resume()
}

func (c *call) answer(status int32, r *reader) {
	// A text unmarshaler may panic; that is the caller's trouble and not the entry's.
	defer func() {
		if value := recover(); value != nil {
			c.err = panicked(value)
		}
	}()
	if status != answerOK {
		c.err = r.raised()
		return
	}
	if c.of != nil {
		c.err = c.result(r)
		return
	}
	for i := range r.count {
		v, err := r.any()
		if err != nil {
			c.err = c.badAnswer(i+1, err)
			return
		}
		c.results = append(c.results, v)
	}
}

func (c *call) result(r *reader) error {
	if r.count == 0 {
		r = &reader{slots: absent}
	}
	if err := c.of.decode(r, c.into); err != nil {
		return c.badAnswer(1, err)
	}
	return nil
}

func (c *call) badAnswer(number int, err error) error {
	return &conversionError{"bad result #" + strconv.Itoa(number) + " of " + c.callee() + " (", err}
}

// reasonOf is why a context has ended: the cause, where that is only a better text for
// the context's error.
func reasonOf(ctx context.Context) error {
	err := ctx.Err()
	if cause := context.Cause(ctx); errors.Is(cause, err) {
		return cause
	}
	return err
}
