package luago

import (
	"context"
	"unsafe"
)

// wait blocks the goroutine until the other end has made progress, or the context ends. A sender
// says how many bytes have to be free. It may return although nothing has changed.
func (e *ringEnd) wait(ctx context.Context, wanted uint32) error {
	var own *scope
	if t, ok := ctx.(*task); ok {
		own = &t.scope
	} else if _, ok := ctx.Value(scopeKey{}).(nonBlockingContext); ok {
		return errWaitNonBlocking
	} else if ctx.Err() != nil {
		return cancelReason(ctx)
	}
	// One goroutine waits at the end; others wait for that one, and try again.
	select {
	case e.waitTurn <- struct{}{}:
	default:
		select {
		case e.waitTurn <- struct{}{}:
		case <-ctx.Done():
			return cancelReason(ctx)
		}
		<-e.waitTurn
		return nil
	}
	defer func() { <-e.waitTurn }()
	if own != nil {
		return e.waitInTask(own, wanted)
	}
	c := getCall()
	c.canceller = e
	c.useChannel()
	if isReady, err := e.startWait(c, wanted, false); isReady {
		return err
	}
	select {
	case <-c.ready:
	case <-ctx.Done():
		c.abandon(cancelReason(ctx))
		// It is ready because it was abandoned just now, or was woken before that.
		<-c.ready
	}
	c.hasRun = true
	return e.finishWait(c)
}

// waitInTask waits in the context of a task itself, which ends its waits without the cost of a
// channel for Done.
func (e *ringEnd) waitInTask(own *scope, wanted uint32) error {
	c := getCall()
	c.canceller, c.scope = e, own
	if own.more != nil {
		if ended := own.checkEnded(); ended != nil {
			c.release()
			return ended.cause
		}
		own.startTimer()
	}
	c.prepareToPark()
	if isReady, err := e.startWait(c, wanted, true); isReady {
		return err
	}
	c.park()
	return e.finishWait(c)
}

// startWait tells the host that the call waits. If it need not wait, the call is released.
func (e *ringEnd) startWait(c *call, wanted uint32, isInScope bool) (isReady bool, err error) {
	base, number, err := e.registerWait(c, isInScope)
	if err != nil {
		c.release()
		return true, err
	}
	if e.side == sideSender {
		store(base, e.offset+ringSenderWaits, wanted)
	}
	state := ringWait(e.ref.handle, e.offset, e.side, number)
	if state == ringWaitWaiting {
		return false, nil
	}
	bridge.Lock()
	isWaiting := bridge.calls.find(number) == &c.tableEntry
	if isWaiting {
		takeCall(number)
	}
	e.waitingCall = nil
	bridge.Unlock()
	if !isWaiting {
		// The context has ended in the meantime, and has woken it.
		return false, nil
	}
	if state == ringWaitFailed {
		err = segmentError("cannot wait for the ring")
	}
	c.release()
	return true, err
}

// registerWait registers the call, so that what ends the wait finds it. If the end is closed
// before that, it is noticed here; if after it, close finds the call.
func (e *ringEnd) registerWait(c *call, isInScope bool) (base unsafe.Pointer, number uint32, err error) {
	e.Lock()
	defer e.Unlock()
	if base, err = e.open(); err != nil {
		return nil, 0, err
	}
	bridge.Lock()
	defer bridge.Unlock()
	if isInScope && c.scope.ended != nil {
		return nil, 0, c.scope.ended.cause
	}
	c.register(isInScope)
	e.waitingCall = c
	return base, c.number, nil
}

// finishWait ends a wait, and returns its error unless the other end has ended it.
func (e *ringEnd) finishWait(c *call) error {
	bridge.Lock()
	if e.waitingCall == c {
		e.waitingCall = nil
	}
	bridge.Unlock()
	err := c.err
	c.release()
	return err
}

// cancelWait tells the host that the call does not wait any more. The bridge's lock must be held.
func (e *ringEnd) cancelWait() {
	e.waitingCall = nil
	if !e.ref.isClosed {
		ringUnwait(e.ref.handle, e.offset, e.side)
	}
}

// stopWaiting ends the wait at this end, if there is one, with an error.
func (e *ringEnd) stopWaiting(why error) {
	bridge.Lock()
	c := e.waitingCall
	if c == nil || bridge.calls.find(c.number) != &c.tableEntry {
		bridge.Unlock()
		return
	}
	takeCall(c.number)
	c.markAbandoned(why, 0)
	bridge.Unlock()
	c.wake()
}
