//go:build !wasip1

package luago

import "runtime"

// worker is a goroutine that runs one task after another.
type worker struct {
	tasks chan *task
}

// The idle workers, guarded by the bridge's lock.
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

// runOthers lets other goroutines run.
func runOthers() { runtime.Gosched() }

// parker blocks a goroutine until its call is answered. Here that is the call's channel.
type parker struct{ hasRun bool }

// useChannel makes the call's channel, on which its goroutine waits.
func (c *call) useChannel() {
	if c.ready == nil {
		c.ready = make(chan struct{}, 1)
	}
}

// prepareToPark is called before the call is sent.
func (c *call) prepareToPark() { c.useChannel() }

// park blocks until the call is answered or abandoned.
func (c *call) park() { <-c.ready }

// wake unblocks the goroutine. Any goroutine can call it.
func (c *call) wake() { c.ready <- struct{}{} }

// resume is wake for an entry of the host's, which lets the goroutine run.
func (c *call) resume() { c.wake() }
