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
	callee string // for messages
	number uint32
	target uint32
	task   uint32
	scope  *scope
	writer *writer
	// In the list of its scope, if it waits in that very one.
	next, prev *call
	isListed   bool

	ready  chan struct{}
	hasRun bool // since it was ready
	// Where the one result that is wanted goes; without a codec it is all of them.
	of      *codec
	into    unsafe.Pointer
	results []any
	err     error
}

func newCall(callee string, target uint32, s *scope) *call {
	return &call{callee: callee, target: target, scope: s, writer: borrowWriter()}
}

func (c *call) arguments(args []any) error {
	for i, arg := range args {
		if err := c.writer.any(arg); err != nil {
			return &conversionError{"bad argument #" + strconv.Itoa(i+1) + " to " + c.callee + " (", err}
		}
		c.writer.count++
	}
	return nil
}

// wait sends the call and parks the goroutine until it is answered or the context ends.
func (c *call) wait(ctx context.Context, of *codec, into unsafe.Pointer) error {
	c.of, c.into = of, into
	c.ready = make(chan struct{}, 1)
	own, _ := ctx.(*task)
	isOwn := own != nil && &own.scope == c.scope
	if isOwn {
		// The scope ends its calls itself, without the cost of a channel for Done.
		if err := c.scope.reason(); err != nil {
			return err
		}
		c.scope.arm()
	} else if ctx.Err() != nil {
		return reasonOf(ctx)
	}
	if err := c.send(isOwn); err != nil {
		return err
	}
	if isOwn {
		<-c.ready
		c.hasRun = true
		return c.err
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
	defer bridge.Unlock()
	s := c.scope
	if s.task == nil {
		return errors.New(c.callee + " cannot be called: the task that the context belongs to is over")
	}
	if isListed && s.err != nil {
		return s.cause
	}
	c.task = s.task.id
	for {
		bridge.lastCall++
		if bridge.lastCall != 0 && bridge.calls[bridge.lastCall] == nil {
			break
		}
	}
	c.number = bridge.lastCall
	bridge.calls[c.number] = c
	if isListed {
		c.isListed = true
		c.next = s.waiting
		if c.next != nil {
			c.next.prev = c
		}
		s.waiting = c
	}
	w := c.writer
	c.writer = nil
	post(event{kind: eventCall, task: c.task, number: c.number, target: c.target}, w, nil, goroutine)
	return nil
}

// take removes a call from the table; only who gets it may end it. The lock is held.
func takeCall(number uint32) *call {
	c := bridge.calls[number]
	if c == nil {
		return nil
	}
	delete(bridge.calls, number)
	if c.isListed {
		c.isListed = false
		if c.prev != nil {
			c.prev.next = c.next
		} else if c.scope.waiting == c {
			c.scope.waiting = c.next
		}
		if c.next != nil {
			c.next.prev = c.prev
		}
		c.next, c.prev = nil, nil
	}
	return c
}

// abandon ends a call whose context has ended, if it has not been answered.
func (c *call) abandon(why error) {
	goroutine := goroutineNumber()
	bridge.Lock()
	defer bridge.Unlock()
	if bridge.calls[c.number] != c {
		return
	}
	takeCall(c.number)
	c.err = why
	post(event{kind: eventAbandon, task: c.task, number: c.number}, nil, nil, goroutine)
	c.ready <- struct{}{}
}

// deliver is luago_deliver, but for letting the goroutine run.
func deliver(number uint32, status int32, r *reader) *call {
	bridge.Lock()
	c := takeCall(number)
	bridge.Unlock()
	if c == nil {
		return nil
	}
	r.owner = c.scope
	c.answer(status, r)
	c.ready <- struct{}{}
	return c
}

func (c *call) answer(status int32, r *reader) {
	// A text unmarshaler may panic; that is the caller's trouble and not the entry's.
	defer func() {
		if value := recover(); value != nil {
			c.err = panicked(value)
		}
	}()
	if status != 0 {
		c.err = r.raised()
		return
	}
	if c.of != nil {
		c.err = r.result(c.of, c.into, c.callee)
		return
	}
	for i := range r.count {
		v, err := r.any()
		if err != nil {
			c.err = badAnswer(i+1, c.callee, err)
			return
		}
		c.results = append(c.results, v)
	}
}

func (r *reader) result(of *codec, into unsafe.Pointer, callee string) error {
	if r.count == 0 {
		r = &reader{slots: absent}
	}
	if err := of.decode(r, into); err != nil {
		return badAnswer(1, callee, err)
	}
	return nil
}

func badAnswer(number int, callee string, err error) error {
	return &conversionError{"bad result #" + strconv.Itoa(number) + " of " + callee + " (", err}
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

func decodeFunction(r *reader, p unsafe.Pointer) error {
	s := r.next()
	switch s.tag {
	case tagNil:
		*(*Function)(p) = Function{}
	case tagFunction:
		*(*Function)(p) = Function{uint32(s.payload), r.owner}
	default:
		return expected("function", s)
	}
	return nil
}

func encodeFunction(w *writer, p unsafe.Pointer) error {
	w.function(*(*Function)(p))
	return nil
}

func (w *writer) function(f Function) {
	if f.IsNil() {
		w.null()
	} else {
		w.put(tagFunction, 0, uint64(f.handle))
	}
}
