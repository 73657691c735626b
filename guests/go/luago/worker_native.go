//go:build !wasip1

package luago

import "runtime"

// worker is a goroutine that runs one task after the other.
type worker struct {
	tasks chan *task
}

// idle workers, guarded by the bridge's lock.
var idle struct {
	workers [64]*worker
	count   int
}

// start lets a worker run the task.
func (t *task) start() {
	bridge.Lock()
	if idle.count == 0 {
		bridge.Unlock()
		w := &worker{tasks: make(chan *task, 1)}
		go w.run(t)
		return
	}
	idle.count--
	w := idle.workers[idle.count]
	idle.workers[idle.count] = nil
	bridge.Unlock()
	w.tasks <- t
}

// run ends with a task that calls runtime.Goexit, or when there are enough workers.
func (w *worker) run(t *task) {
	for {
		t.run()
		t = nil
		bridge.Lock()
		if idle.count == len(idle.workers) {
			bridge.Unlock()
			return
		}
		idle.workers[idle.count] = w
		idle.count++
		bridge.Unlock()
		t = <-w.tasks
	}
}

// letRun gives the goroutines that can run a turn.
func letRun() { runtime.Gosched() }

// berth is where a goroutine waits for the answer to its call. Here that is the call's
// channel.
type berth struct{ hasRun bool }

// open makes the call's channel, at which it is waited for.
func (c *call) open() {
	if c.ready == nil {
		c.ready = make(chan struct{}, 1)
	}
}

// board prepares for park.
func (c *call) board() { c.open() }

// park waits until the call is answered or abandoned.
func (c *call) park() { <-c.ready }

// wake ends the wait. It can be called by any goroutine.
func (c *call) wake() { c.ready <- struct{}{} }

// resume is wake for an entry of the host's, which lets the goroutine run.
func (c *call) resume() { c.wake() }
