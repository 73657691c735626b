package luago

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// task is one call from Lua. It is its own context.
type task struct {
	tableEntry
	scope
	invocation invocation
	out        *writer
	// invoke has returned, and has returned an error.
	isReturned, hasFailed bool
	isDone                bool
	// The panic of a goroutine that the task has started.
	goroutinePanic *abnormalExit
}

// TaskID returns the number by which luago knows a task, for logs. It is 0 if the context belongs
// to no task.
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

// startTask implements luago_start. With threads, as in native tests, the goroutine of the task may
// not have run when it returns.
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
	bridge.tasks.insert(&t.tableEntry)
	bridge.Unlock()
	isReady := t.prepare(number, r)
	if segments.releaseUnclaimed != nil && !r.isRetained {
		segments.releaseUnclaimed(r)
	}
	if isReady {
		t.start()
	}
}

// prepare reads the arguments. If it cannot, the task is done.
func (t *task) prepare(number int32, r *reader) (ok bool) {
	defer func() {
		if !ok {
			if t.out == nil {
				t.out = getWriter()
			}
			t.finish(recover())
		}
	}()
	var err error
	if number == functionStreamNext {
		t.invocation, err = newStreamStep(t, r)
	} else if f := functionAt(number); f != nil {
		t.invocation, err = f.bind(r)
	} else {
		err = errors.New("the guest has no function number " + strconv.Itoa(int(number)))
	}
	if err != nil {
		t.out = getWriter()
		t.setError(err)
		t.isReturned = true
		return false
	}
	return true
}

func (t *task) run() {
	defer func() { t.finish(recover()) }()
	t.out = getWriter()
	if err := t.invocation.invoke(t, t.out); err != nil {
		t.setError(err)
	}
	t.isReturned = true
}

// setError writes the error that the task returns.
func (t *task) setError(err error) {
	t.out.cancelStream()
	t.out.reset()
	t.out.failure(err)
	t.hasFailed = true
}

// finish ends the task, with the value that was recovered from a panic if there was one.
func (t *task) finish(recovered any) {
	bridge.Lock()
	isNormal := recovered == nil && t.isReturned && t.goroutinePanic == nil
	bridge.Unlock()
	switch {
	case !isNormal:
		t.endAbnormally(recovered)
	case t.hasFailed:
		t.reportDone(statusError, t.invocation)
	default:
		t.reportDone(statusOK, t.invocation)
	}
}

// reportDone tells the host that the task is done.
func (t *task) reportDone(status uint32, call invocation) {
	w := t.out
	bridge.Lock()
	isPlain := t.more == nil && t.waiting == nil
	bridge.Unlock()
	goroutine := goroutineNumber()
	if w.stream != nil {
		t.clearDeadline()
	} else if !isPlain {
		t.cancel(taskEnded)
	}
	bridge.Lock()
	if w.stream == nil && t.ended == nil {
		t.ended = taskEnded
	}
	t.isDone, t.task = true, nil
	bridge.tasks.remove(&t.tableEntry)
	bridge.live--
	bridge.goroutines--
	t.invocation, t.out = nil, nil
	post(event{kind: kindDone, task: t.number, number: status}, w, call, goroutine)
	bridge.Unlock()
}

// endAbnormally ends a task that did not return, or of which a goroutine has panicked.
func (t *task) endAbnormally(recovered any) {
	ended := goexitExit()
	defer func() {
		w := t.out
		w.cancelStream()
		w.reset()
		w.abnormalExit(ended)
		// The invocation may be in an inconsistent state, so it is not reused.
		t.reportDone(ended.status, nil)
	}()
	switch {
	case recovered != nil:
		// A method of the recovered value can end the goroutine.
		ended = panicExit(recovered)
	case t.isReturned:
		ended = t.goroutinePanic
	}
}

// cancelTask implements luago_cancel, except that it does not let goroutines run.
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
		t.cancel(deadlineExceeded)
	case cancelClosing:
		t.cancel(&cancellation{context.Canceled, ErrClosed})
	default:
		t.cancel(&cancellation{context.Canceled, cancelCause(why)})
	}
}

func cancelCause(why string) error {
	if why == "" {
		return ErrCancelled
	}
	return &cancelError{why}
}

// closeAll implements luago_close: it cancels all tasks and streams.
func closeAll() {
	bridge.Lock()
	tasks := bridge.tasks.all()
	streams := make([]*stream, 0, len(bridge.streams))
	for _, s := range bridge.streams {
		streams = append(streams, s)
	}
	bridge.Unlock()
	for _, e := range tasks {
		taskOf(e).cancel(&cancellation{context.Canceled, ErrClosed})
	}
	for _, s := range streams {
		s.cancel(ErrClosed)
	}
}
