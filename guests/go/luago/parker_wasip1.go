package luago

// parker blocks a goroutine until its call is answered: on a coro, or else on the call's
// channel.
type parker struct {
	coro *coro
	// The goroutine waits on the channel, or will.
	usesChannel bool
	// The wait is over, even if it has not begun.
	isReady bool
	// The goroutine has run since then.
	hasRun bool
}

// useChannel makes the call's channel, on which its goroutine waits.
func (c *call) useChannel() {
	if c.ready == nil {
		c.ready = make(chan struct{}, 1)
	}
	c.usesChannel = true
}

// prepareToPark is called before the call is sent. There is nothing to do, as park may not need a
// channel.
func (c *call) prepareToPark() {}

// park blocks until the call is answered or abandoned.
func (c *call) park() {
	if c.isReady {
		return
	}
	if workers.parked < maxParked {
		if main := takeMain(); main != nil {
			c.coro = main
			workers.parked++
			main.switchTo()
			workers.parked--
			return
		}
	}
	c.useChannel()
	if !c.isReady {
		<-c.ready
	}
	c.hasRun = true
}

// wake unblocks the goroutine. Any goroutine can call it.
func (c *call) wake() {
	c.isReady = true
	if c.coro != nil {
		schedule(c.coro)
	} else if c.usesChannel {
		c.ready <- struct{}{}
	}
}

// resume is wake for an entry of the host's, which lets the goroutine run.
func (c *call) resume() {
	if c.coro != nil {
		ensureStandby()
		c.coro.switchFromMain()
		runOthersIfAny()
		return
	}
	// The goroutine waits on the channel, and the scheduler has to wake it. If it runs while the
	// main goroutine is blocked on a coro, its next call can use that.
	number := c.number
	c.wake()
	ensureStandby()
	if last := workers.readyCount - 1; last >= 0 {
		workers.readyCount = last
		workers.ready[last].switchFromMain()
		runOthersIfAny()
	} else {
		runOthers()
	}
	if c.number == number && !c.hasRun {
		// Sometimes the scheduler prefers goroutines that have yielded.
		runOthers()
	}
}
