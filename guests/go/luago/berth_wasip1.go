package luago

// berth is where a goroutine waits for the answer to its call: in a cell, or else at the
// call's channel.
type berth struct {
	cell *cell
	// It waits, or will, at the channel.
	isOpen bool
	// The wait is over, even if it has not begun.
	isReady bool
	hasRun  bool // since it was ready
}

// open makes the call's channel, at which it is waited for.
func (c *call) open() {
	if c.ready == nil {
		c.ready = make(chan struct{}, 1)
	}
	c.isOpen = true
}

// board prepares for park, which makes do without a channel if it can.
func (c *call) board() {}

// park waits until the call is answered or abandoned.
func (c *call) park() {
	if c.isReady {
		return
	}
	if workers.parked < mostParked {
		if in := leaveMain(); in != nil {
			c.cell = in
			workers.parked++
			in.swap()
			workers.parked--
			return
		}
	}
	c.open()
	if !c.isReady {
		<-c.ready
	}
	c.hasRun = true
}

// wake ends the wait. It can be called by any goroutine.
func (c *call) wake() {
	c.isReady = true
	if c.cell != nil {
		order(c.cell)
	} else if c.isOpen {
		c.ready <- struct{}{}
	}
}

// resume is wake for an entry of the host's, which lets the goroutine run.
func (c *call) resume() {
	if c.cell != nil {
		callRelief()
		c.cell.enter()
		letOthersRun()
		return
	}
	// It waits where the scheduler has to wake it, as it has been relieved. To let it run in
	// the main goroutine's place makes its next call a quick one again.
	number := c.number
	c.wake()
	callRelief()
	if last := workers.spareCount - 1; last >= 0 {
		workers.spareCount = last
		workers.spare[last].enter()
		letOthersRun()
	} else {
		letRun()
	}
	if c.number == number && !c.hasRun {
		// Now and then the scheduler prefers those that have yielded.
		letRun()
	}
}
