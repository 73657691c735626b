package luago

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// task is one call from Lua. It is its own context.
type task struct {
	entry
	scope
	invocation invocation
	out        *writer
	// invoke has returned, and it has done so with an error.
	isReturned, hasFailed bool
	isDone                bool
	// The panic of a goroutine that the task started.
	fault *fault
}

// TaskID gives the number that luago knows a task by, for logs; 0 where the context
// belongs to no task.
func TaskID(ctx context.Context) uint32 {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	if s == nil {
		return 0
	}
	bridge.Lock()
	defer bridge.Unlock()
	if s.task == nil {
		return 0
	}
	return s.task.number
}

// startTask is luago_start. Where the bridge has threads, as in tests, the task's goroutine
// may not have run yet.
func startTask(id uint32, number int32, r *reader, timeout int64) {
	t := new(task)
	t.number, t.task = id, t
	if timeout > 0 {
		t.more = &extras{deadline: time.Now().Add(time.Duration(timeout))}
	}
	r.owner = &t.scope
	bridge.Lock()
	bridge.live++
	bridge.goroutines++
	bridge.tasks.insert(&t.entry)
	bridge.Unlock()
	isReady := t.prepare(number, r)
	if segments.giveBack != nil && !r.isKept {
		segments.giveBack(r)
	}
	if isReady {
		t.start()
	}
}

// prepare reads the arguments; if it cannot, the task is done.
func (t *task) prepare(number int32, r *reader) (ok bool) {
	defer func() {
		if !ok {
			if t.out == nil {
				t.out = borrowWriter()
			}
			t.finish(recover())
		}
	}()
	var err error
	if number == functionStreamNext {
		t.invocation, err = nextOf(t, r)
	} else if f := functionNumber(number); f != nil {
		t.invocation, err = f.begin(r)
	} else {
		err = errors.New("the guest has no function number " + strconv.Itoa(int(number)))
	}
	if err != nil {
		t.out = borrowWriter()
		t.fails(err)
		t.isReturned = true
		return false
	}
	return true
}

func (t *task) run() {
	defer func() { t.finish(recover()) }()
	t.out = borrowWriter()
	if err := t.invocation.invoke(t, t.out); err != nil {
		t.fails(err)
	}
	t.isReturned = true
}

// fails writes the error that the task returns.
func (t *task) fails(err error) {
	t.out.dropStream()
	t.out.reset()
	t.out.failure(err)
	t.hasFailed = true
}

// finish says that the task is done. The value is what was recovered from a panic.
func (t *task) finish(recovered any) {
	bridge.Lock()
	isWhole := recovered == nil && t.isReturned && t.fault == nil
	bridge.Unlock()
	switch {
	case !isWhole:
		t.breakOff(recovered)
	case t.hasFailed:
		t.conclude(statusError, t.invocation)
	default:
		t.conclude(statusOK, t.invocation)
	}
}

// conclude tells the host that the task is done.
func (t *task) conclude(status uint32, call invocation) {
	w := t.out
	bridge.Lock()
	isPlain := t.more == nil && t.waiting == nil
	bridge.Unlock()
	goroutine := goroutineNumber()
	if w.stream != nil {
		t.disarm()
	} else if !isPlain {
		t.end(endOfTask)
	}
	bridge.Lock()
	if w.stream == nil && t.ended == nil {
		t.ended = endOfTask
	}
	t.isDone, t.task = true, nil
	bridge.tasks.remove(&t.entry)
	bridge.live--
	bridge.goroutines--
	t.invocation, t.out = nil, nil
	post(event{kind: kindDone, task: t.number, number: status}, w, call, goroutine)
	bridge.Unlock()
}

// breakOff ends a task that did not return, or of which a goroutine has panicked.
func (t *task) breakOff(recovered any) {
	ended := exited()
	defer func() {
		w := t.out
		w.dropStream()
		w.reset()
		w.fault(ended)
		// The invocation may be half-way through anything: it is not used again.
		t.conclude(ended.status, nil)
	}()
	switch {
	case recovered != nil:
		// A method that describes it can end the goroutine.
		ended = panicked(recovered)
	case t.isReturned:
		ended = t.fault
	}
}

// cancelTask is luago_cancel, but for letting goroutines run.
func cancelTask(id uint32, kind int32, r *reader) {
	bridge.Lock()
	found := bridge.tasks.find(id)
	bridge.Unlock()
	if found == nil {
		return
	}
	t := taskOf(found)
	why := ""
	if r.count > 0 {
		why, _ = r.string()
	}
	switch kind {
	case cancelTimedOut:
		t.end(timedOut)
	case cancelClosing:
		t.end(&ending{context.Canceled, ErrClosed})
	default:
		t.end(&ending{context.Canceled, causeOf(why)})
	}
}

func causeOf(why string) error {
	if why == "" {
		return ErrCancelled
	}
	return &cancelled{why}
}

// closeAll is luago_close: it cancels every task and stream.
func closeAll() {
	bridge.Lock()
	tasks := bridge.tasks.all()
	streams := make([]*stream, 0, len(bridge.streams))
	for _, s := range bridge.streams {
		streams = append(streams, s)
	}
	bridge.Unlock()
	for _, e := range tasks {
		taskOf(e).end(&ending{context.Canceled, ErrClosed})
	}
	for _, s := range streams {
		s.drop(ErrClosed)
	}
}
