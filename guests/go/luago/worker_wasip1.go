package luago

import "runtime"

// A worker is a goroutine that runs one task after the other. How it gets to run is what
// most of a call costs, so that it is not left to Go's scheduler: the main goroutine and
// the worker change places in a cell. When the task is done, or calls Lua, the worker
// changes places with the main goroutine again, which returns to the host.
//
// A task can also wait for something that this package knows nothing of, while the main
// goroutine waits in the cell. Then the scheduler comes to the relief: a worker that is
// always ready to run while the main goroutine is in a cell, and takes its place there.
//
// There is one thread and no preemption. But what allocates can be made to wait by the
// garbage collector, so that nothing here may allocate half-way through a change.
type worker struct {
	// A cell to wait in, in place of the goroutine there; or nil: to be the relief.
	orders chan *cell
}

// mostParked bounds the calls of Lua that wait in cells, as cells are never given up.
const mostParked = 255

var workers struct {
	// How many there are, whatever they do.
	count int
	// Those that wait for orders.
	idle      [64]*worker
	idleCount int
	// Those that wait in a cell for a task are in these.
	spare      [mostParked + 1]*cell
	spareCount int
	// What the worker that leaves its cell next is to run, nil to leave it to others.
	task *task
	// The relief is in a queue of the scheduler's.
	hasRelief bool
	// The main goroutine is in a queue of the scheduler's.
	isYielding bool
	// Goroutines that wait in a cell for the answer to a call.
	parked uint32
	// Tasks and answers for which the scheduler had nothing to do.
	swift uint32
}

// start lets a worker run the task, until it waits for something or is done.
func (t *task) start() {
	for workers.spareCount == 0 {
		c := newCell()
		callRelief()
		c.enter()
	}
	callRelief()
	workers.spareCount--
	c := workers.spare[workers.spareCount]
	workers.task = t
	c.enter()
	letOthersRun()
}

// callRelief is to be called just before the main goroutine enters a cell.
func callRelief() {
	if !workers.hasRelief {
		order(nil)
		workers.hasRelief = true
	}
}

// order lets an idle worker or a new one do something.
func order(c *cell) {
	if workers.idleCount > 0 {
		workers.idleCount--
		w := workers.idle[workers.idleCount]
		workers.idle[workers.idleCount] = nil
		w.orders <- c
		return
	}
	w := &worker{orders: make(chan *cell, 1)}
	w.orders <- c
	workers.count++
	go w.run()
}

// run ends when there are enough workers, or with a task that calls runtime.Goexit.
func (w *worker) run() {
	defer func() { workers.count-- }()
	for {
		c := <-w.orders
		if c == nil {
			c = relieve()
		}
		for c != nil {
			workers.spare[workers.spareCount] = c
			workers.spareCount++
			c.swap()
			t := workers.task
			if t == nil {
				break
			}
			workers.task = nil
			t.run()
			t = nil
			c = leaveMain()
		}
		if workers.idleCount == len(workers.idle) {
			return
		}
		workers.idle[workers.idleCount] = w
		workers.idleCount++
	}
}

// relieve is the first turn that the scheduler gives the relief: the cell that the main
// goroutine waits in, or nil if it does not.
func relieve() *cell {
	for mainCell == nil && workers.isYielding {
		runtime.Gosched()
	}
	workers.hasRelief = false
	return leaveMain()
}

// letRun gives the goroutines that can run a turn.
func letRun() {
	workers.isYielding = true
	runtime.Gosched()
	workers.isYielding = false
}

// swiftAtMost bounds how long the scheduler, and with it timers, get no turn.
const swiftAtMost = 64

// letOthersRun is letRun if there may be any that can run. What waits in a cell cannot.
func letOthersRun() {
	if bridge.live <= workers.parked && runtime.NumGoroutine() == 1+workers.count+cellCount {
		if workers.swift++; workers.swift < swiftAtMost {
			return
		}
	}
	workers.swift = 0
	letRun()
}
