package luago

// worker is a goroutine that runs one task after the other: to wake one costs less than
// half of what it costs to start one.
type worker struct {
	tasks chan *task
}

// idle workers, guarded by the bridge's lock.
var idle struct {
	workers [64]*worker
	count   int
}

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
