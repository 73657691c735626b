package luago

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// task is one call from Lua. It is its own context.
type task struct {
	scope
	id         uint32
	function   string
	invocation invocation
	out        *writer
	hasRun     bool
	// What invoke returned, and that it did.
	failure    error
	isReturned bool
	isDone     bool
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
	return s.task.id
}

// startTask is luago_start, but for letting the goroutine run.
func startTask(id uint32, number int32, r *reader, timeout int64) *task {
	t := &task{id: id}
	t.task = t
	if timeout > 0 {
		t.deadline = time.Now().Add(time.Duration(timeout))
	}
	r.owner = &t.scope
	bridge.Lock()
	bridge.live++
	bridge.goroutines++
	bridge.tasks[id] = t
	bridge.Unlock()
	if t.prepare(number, r) {
		t.start()
	}
	return t
}

// prepare reads the arguments; if it cannot, the task is done.
func (t *task) prepare(number int32, r *reader) (ok bool) {
	defer func() {
		if !ok {
			t.hasRun, t.out = true, borrowWriter()
			t.finish(recover())
		}
	}()
	var err error
	if number == -1 {
		t.function = "next"
		t.invocation, err = nextOf(t, r)
	} else if f := functionNumber(number); f != nil {
		t.function = f.name
		t.invocation, err = f.begin(r)
	} else {
		err = errors.New("the guest has no function number " + strconv.Itoa(int(number)))
	}
	if err != nil {
		t.failure, t.isReturned = err, true
		return false
	}
	return true
}

func (t *task) run() {
	defer func() { t.finish(recover()) }()
	t.hasRun, t.out = true, borrowWriter()
	t.failure = t.invocation.invoke(t, t.out)
	t.isReturned = true
}

// finish says that the task is done. The value is what was recovered from a panic.
func (t *task) finish(recovered any) {
	status := statusOK
	w := t.out
	var ended *fault
	switch {
	case recovered != nil:
		ended = panicked(recovered)
	case !t.isReturned:
		ended = exited()
	case t.fault != nil:
		ended = t.fault
	case t.failure != nil:
		status = statusError
		w.dropStream()
		w.reset()
		w.failure(t.failure, "")
	}
	if ended != nil {
		status = ended.status
		w.dropStream()
		w.reset()
		w.failure(ended.err, ended.stack)
	}
	goroutine := goroutineNumber()
	if w.stream == nil {
		// As with net/http, what a call leaves running is told that it is over.
		t.end(context.Canceled, context.Canceled)
	} else {
		t.disarm()
	}
	bridge.Lock()
	t.isDone, t.task = true, nil
	delete(bridge.tasks, t.id)
	bridge.live--
	bridge.goroutines--
	call := t.invocation
	if ended != nil {
		// It may be half-way through anything: it is not used again.
		call = nil
	}
	t.invocation, t.out = nil, nil
	post(event{kind: eventDone, task: t.id, number: status}, w, call, goroutine)
	bridge.Unlock()
}

// cancelTask is luago_cancel, but for letting goroutines run.
func cancelTask(id uint32, kind int32, r *reader) {
	bridge.Lock()
	t := bridge.tasks[id]
	bridge.Unlock()
	if t == nil {
		return
	}
	why := ""
	if r.count > 0 {
		why, _ = r.string()
	}
	switch kind {
	case 1:
		t.end(context.DeadlineExceeded, context.DeadlineExceeded)
	case 2:
		t.end(context.Canceled, ErrClosed)
	default:
		t.end(context.Canceled, causeOf(why))
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
	tasks := make([]*task, 0, len(bridge.tasks))
	for _, t := range bridge.tasks {
		tasks = append(tasks, t)
	}
	streams := make([]*stream, 0, len(bridge.streams))
	for _, s := range bridge.streams {
		streams = append(streams, s)
	}
	bridge.Unlock()
	for _, t := range tasks {
		t.end(context.Canceled, ErrClosed)
	}
	for _, s := range streams {
		s.drop(ErrClosed)
	}
}
