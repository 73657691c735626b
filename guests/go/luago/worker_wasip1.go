package luago

import "runtime"

// worker is a goroutine that runs one task after another. Switching to it is most of the cost
// of a call, so this is not left to Go's scheduler: the main goroutine switches to the worker
// through a coro. When the task is done or calls Lua, the worker switches back to the main
// goroutine, which returns to the host.
//
// A task can also block on something that this package knows nothing of, while the main goroutine
// is blocked on the coro. Then the scheduler gets to the standby worker, which is always runnable
// while the main goroutine is blocked on a coro, and switches to the main goroutine.
//
// There is one thread and no preemption. But a goroutine that allocates can be descheduled to
// assist the garbage collector, so the state must be consistent at every allocation.
type worker struct {
	// A coro to switch to; nil to become the standby worker.
	assignments chan *coro
}

// maxParked bounds the calls to Lua that wait on a coro, as coros are never freed.
const maxParked = 255

var workers struct {
	// The number of all workers.
	count int
	// The workers that wait for an assignment.
	idle      [64]*worker
	idleCount int
	// The coros on which workers wait for a task.
	ready      [maxParked + 1]*coro
	readyCount int
	// The task for the worker that is switched to next; nil if it is to become idle.
	next *task
	// The standby worker is in the scheduler's queue.
	hasStandby bool
	// The main goroutine is in the scheduler's queue.
	isYielding bool
	// The number of goroutines that wait on a coro for the answer to a call.
	parked uint32
	// How often in a row the scheduler was not called because it had nothing to run.
	skippedYields uint32
}

// start runs the task on a worker, until it blocks or is done.
func (t *task) start() {
	for workers.readyCount == 0 {
		c := newCoro()
		ensureStandby()
		c.switchFromMain()
	}
	ensureStandby()
	workers.readyCount--
	c := workers.ready[workers.readyCount]
	workers.next = t
	c.switchFromMain()
	runOthersIfAny()
}

// ensureStandby is to be called just before the main goroutine switches to a coro.
func ensureStandby() {
	if !workers.hasStandby {
		schedule(nil)
		workers.hasStandby = true
	}
}

// schedule gives an assignment to an idle worker or a new one.
func schedule(c *coro) {
	if workers.idleCount > 0 {
		workers.idleCount--
		w := workers.idle[workers.idleCount]
		workers.idle[workers.idleCount] = nil
		w.assignments <- c
		return
	}
	w := &worker{assignments: make(chan *coro, 1)}
	w.assignments <- c
	workers.count++
	go w.run()
}

// run ends when there are enough workers, or with a task that calls runtime.Goexit.
func (w *worker) run() {
	defer func() { workers.count-- }()
	for {
		c := <-w.assignments
		if c == nil {
			c = standBy()
		}
		for c != nil {
			workers.ready[workers.readyCount] = c
			workers.readyCount++
			c.switchTo()
			t := workers.next
			if t == nil {
				break
			}
			workers.next = nil
			t.run()
			t = nil
			c = takeMain()
		}
		if workers.idleCount == len(workers.idle) {
			return
		}
		workers.idle[workers.idleCount] = w
		workers.idleCount++
	}
}

// standBy runs when the scheduler gets to the standby worker. It returns the coro on which the
// main goroutine is blocked, or nil if it is not.
func standBy() *coro {
	for mainCoro == nil && workers.isYielding {
		runtime.Gosched()
	}
	workers.hasStandby = false
	return takeMain()
}

// runOthers lets other goroutines run.
func runOthers() {
	workers.isYielding = true
	runtime.Gosched()
	workers.isYielding = false
}

// maxSkippedYields bounds how long the scheduler, and with it timers, do not run.
const maxSkippedYields = 64

// runOthersIfAny is runOthers if there may be runnable ones. Those that wait on a coro are not.
func runOthersIfAny() {
	if bridge.live <= workers.parked && runtime.NumGoroutine() == 1+workers.count+coroCount {
		if workers.skippedYields++; workers.skippedYields < maxSkippedYields {
			return
		}
	}
	workers.skippedYields = 0
	runOthers()
}
