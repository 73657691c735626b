package luago

import (
	"context"
	"unsafe"
)

// wait parks the goroutine until the other end has done something, or the context ends. A
// sender says how many bytes are to be free. It can come back with nothing changed.
func (e *end) wait(ctx context.Context, wanted uint32) error {
	var own *scope
	if t, ok := ctx.(*task); ok {
		own = &t.scope
	} else if _, ok := ctx.Value(scopeKey{}).(atOnce); ok {
		return errWaitNow
	} else if ctx.Err() != nil {
		return reasonOf(ctx)
	}
	// One goroutine waits at an end; others wait for it, and look again.
	select {
	case e.turn <- struct{}{}:
	default:
		select {
		case e.turn <- struct{}{}:
		case <-ctx.Done():
			return reasonOf(ctx)
		}
		<-e.turn
		return nil
	}
	defer func() { <-e.turn }()
	if own != nil {
		return e.waitIn(own, wanted)
	}
	c := borrowCall()
	c.quitter = e
	c.open()
	if isReady, err := e.announce(c, wanted, false); isReady {
		return err
	}
	select {
	case <-c.ready:
	case <-ctx.Done():
		c.abandon(reasonOf(ctx))
		// Either that has made it ready, or somebody was quicker.
		<-c.ready
	}
	c.hasRun = true
	return e.waited(c)
}

// waitIn waits in the context of a task itself, which ends what waits in it without the
// cost of a channel for Done.
func (e *end) waitIn(own *scope, wanted uint32) error {
	c := borrowCall()
	c.quitter, c.scope = e, own
	if own.more != nil {
		if how := own.ending(); how != nil {
			c.release()
			return how.cause
		}
		own.arm()
	}
	c.board()
	if isReady, err := e.announce(c, wanted, true); isReady {
		return err
	}
	c.park()
	return e.waited(c)
}

// announce tells the host that the call waits. If it need not, the call is released.
func (e *end) announce(c *call, wanted uint32, isListed bool) (isReady bool, err error) {
	base, number, err := e.enlist(c, isListed)
	if err != nil {
		c.release()
		return true, err
	}
	if e.side == sideSender {
		store(base, e.at+ringSenderWaits, wanted)
	}
	said := ringWait(e.core.handle, e.at, e.side, number)
	if said == ringWaitWaiting {
		return false, nil
	}
	bridge.Lock()
	isOurs := bridge.calls.find(number) == &c.entry
	if isOurs {
		takeCall(number)
	}
	e.waiting = nil
	bridge.Unlock()
	if !isOurs {
		// The context has ended meanwhile, which has woken it.
		return false, nil
	}
	if said == ringWaitFailed {
		err = segmentError("cannot wait for the ring")
	}
	c.release()
	return true, err
}

// enlist makes the call findable for whoever ends it. Who closes the end comes before that,
// and is noticed, or after it, and finds it.
func (e *end) enlist(c *call, isListed bool) (base unsafe.Pointer, number uint32, err error) {
	e.Lock()
	defer e.Unlock()
	if base, err = e.begin(); err != nil {
		return nil, 0, err
	}
	bridge.Lock()
	defer bridge.Unlock()
	if isListed && c.scope.ended != nil {
		return nil, 0, c.scope.ended.cause
	}
	c.enlist(isListed)
	e.waiting = c
	return base, c.number, nil
}

// waited ends a wait: its error, if it was not the other end that has ended it.
func (e *end) waited(c *call) error {
	bridge.Lock()
	if e.waiting == c {
		e.waiting = nil
	}
	bridge.Unlock()
	err := c.err
	c.release()
	return err
}

// quit takes back what announce has told. The bridge's lock is held.
func (e *end) quit() {
	e.waiting = nil
	if !e.core.isClosed {
		ringUnwait(e.core.handle, e.at, e.side)
	}
}

// stopWaiting ends the wait at this end, if there is one, with an error.
func (e *end) stopWaiting(why error) {
	bridge.Lock()
	c := e.waiting
	if c == nil || bridge.calls.find(c.number) != &c.entry {
		bridge.Unlock()
		return
	}
	takeCall(c.number)
	c.abandoned(why, 0)
	bridge.Unlock()
	c.wake()
}
