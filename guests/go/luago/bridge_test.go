package luago

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// host plays luago's part: it makes entries and collects events.
type host struct {
	t      *testing.T
	events []event
	frames [][]slot
	kept   []*writer
}

var register1 sync.Once

func newHost(t *testing.T) *host {
	register1.Do(registerForTests)
	h := &host{t: t}
	h.drain()
	return h
}

func number(name string) int32 {
	for i, f := range registry.functions {
		if f.name == name {
			return int32(i)
		}
	}
	return -2
}

func registerForTests() {
	Func2("add", func(_ context.Context, a, b int) (int, error) { return a + b, nil })
	Func2("addNow", func(_ context.Context, a, b int) (int, error) { return a + b, nil }, NonBlocking)
	Func1("callNow", func(ctx context.Context, f Function) (int, error) { return Invoke[int](ctx, f) }, NonBlocking)
	Func1("panicNow", func(context.Context, int) (int, error) { panic("now") }, NonBlocking)
	Func1("pointNow", func(_ context.Context, p inner) (inner, error) {
		if p.ID < 0 {
			panic("negative")
		}
		return p, nil
	}, NonBlocking)
	Proc0("wait", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
	Func1("twice", func(ctx context.Context, n int) (int, error) { return Call1[int](ctx, "double", n) })
	Func1("derived", func(ctx context.Context, n int) (int, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return Call1[int](ctx, "double", n)
	})
	Proc0("panic", func(context.Context) error { panic(fmt.Errorf("outer: %w", errors.New("inner"))) })
	Proc0("nil", func(context.Context) error { var p *inner; p.X = 1; return nil })
	Proc0("goexit", func(context.Context) error { runtime.Goexit(); return nil })
	Proc0("child", func(ctx context.Context) error {
		Go(ctx, func(context.Context) { panic("child") })
		<-ctx.Done()
		return nil
	})
	Func1("iterate", func(_ context.Context, n int) (iter.Seq[int], error) {
		return func(yield func(int) bool) {
			for i := 0; i < n && yield(i); i++ {
			}
		}, nil
	})
	Register("variadic", func(first string, rest ...int) (int, string) { return len(rest), first })
	Raw("raw", func(_ context.Context, args *Args, out *Results) error {
		b, err := args.Bytes(1)
		if err != nil {
			return err
		}
		n, err := args.Int(0)
		if err != nil {
			return err
		}
		out.Int(n)
		return out.Bytes(b)
	})
	Bytes("bytes", func(_ context.Context, b []byte) ([]byte, error) { return b[1:], nil })
}

func (h *host) frame(args []any) *reader {
	w := new(writer)
	for _, arg := range args {
		if err := w.any(arg); err != nil {
			h.t.Fatal(err)
		}
		w.count++
	}
	h.kept = append(h.kept, w)
	return &reader{slots: w.slots, count: w.count}
}

// drain copies the events, as the host does before its next entry.
func (h *host) drain() {
	bridge.Lock()
	defer bridge.Unlock()
	for i, e := range bridge.events {
		var slots []slot
		if w := bridge.posted[i].frame; w != nil {
			slots = append(slots, w.slots...)
			h.kept = append(h.kept, &writer{kept: append(w.kept[:0:0], w.kept...)})
		}
		h.events, h.frames = append(h.events, e), append(h.frames, slots)
	}
	bridge.seen = len(bridge.events)
	acknowledgeSeen()
}

func (h *host) start(task uint32, name string, args ...any) {
	startTask(task, number(name), h.frame(args), 0)
}

// next waits for an event of a kind, and gives its values.
func (h *host) next(kind uint32) (event, []any) {
	h.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond / 10) {
		h.drain()
		for i, e := range h.events {
			if e.kind != kind {
				continue
			}
			r := &reader{slots: h.frames[i]}
			var values []any
			for r.at < len(r.slots) {
				v, err := r.any()
				if err != nil {
					h.t.Fatal(err)
				}
				values = append(values, v)
			}
			h.events = append(h.events[:i:i], h.events[i+1:]...)
			h.frames = append(h.frames[:i:i], h.frames[i+1:]...)
			return e, values
		}
	}
	h.t.Fatal("the event did not come")
	return event{}, nil
}

func (h *host) done(task, status uint32) []any {
	h.t.Helper()
	e, values := h.next(kindDone)
	if e.task != task || e.number != status {
		h.t.Fatalf("task %d ended with status %d: %v", e.task, e.number, values)
	}
	return values
}

// failed waits for the end of a task and gives its error.
func (h *host) failed(task, status uint32) *Error {
	h.t.Helper()
	values := h.done(task, status)
	e, ok := values[0].(*Error)
	if !ok {
		h.t.Fatalf("got %v", values)
	}
	return e
}

func TestATaskGivesItsResult(t *testing.T) {
	h := newHost(t)
	h.start(1, "add", 2, 3)
	if got := h.done(1, statusOK); got[0] != int64(5) {
		t.Error(got)
	}
	h.start(2, "variadic", "x", 1, 2.0)
	if got := h.done(2, statusOK); got[0] != int64(2) || got[1] != "x" {
		t.Error(got)
	}
	h.start(3, "raw", 7, "bytes")
	if got := h.done(3, statusOK); got[0] != int64(7) || got[1] != "bytes" {
		t.Error(got)
	}
	h.start(4, "bytes", "abc")
	if got := h.done(4, statusOK); got[0] != "bc" {
		t.Error(got)
	}
}

func TestABadArgumentEndsTheTask(t *testing.T) {
	h := newHost(t)
	h.start(1, "add", 2, "x")
	if e := h.failed(1, statusError); e.Message != "bad argument #2 to 'add' (expected integer, got string)" {
		t.Error(e)
	}
	h.start(2, "no such function")
	h.failed(2, statusError)
}

func TestADirectCallReturnsAtOnce(t *testing.T) {
	h := newHost(t)
	if status := callNow(number("addNow"), h.frame([]any{2, 3})); status != statusOK || outbox.slots[0].payload != 5 {
		t.Error(status, outbox.slots)
	}
	if status := callNow(number("panicNow"), h.frame([]any{2})); status != statusPanic {
		t.Error(status)
	}
	r := h.frame([]any{Function{handle: 3, owner: new(scope)}})
	if status := callNow(number("callNow"), r); status != statusError {
		t.Error(status)
	}
	if e := (&reader{slots: outbox.slots, count: 1}).raised(); !strings.Contains(e.Error(), "without luago.NonBlocking") {
		t.Error(e)
	}
	if status := callNow(number("add"), h.frame([]any{2, 3})); status != statusError {
		t.Error(status)
	}
}

func TestADirectCallSeesNothingOfOneThatPanicked(t *testing.T) {
	h := newHost(t)
	callNow(number("pointNow"), h.frame([]any{map[string]any{"x": 1, "id": -1}}))
	callNow(number("pointNow"), h.frame([]any{map[string]any{"y": 2}}))
	v, _ := (&reader{slots: outbox.slots, count: 1}).any()
	if m := v.(map[string]any); m["x"] != 0.0 || m["y"] != 2.0 {
		t.Error(m)
	}
}

func TestACallOfLuaParksUntilItIsAnswered(t *testing.T) {
	for _, name := range []string{"twice", "derived"} {
		h := newHost(t)
		h.start(1, name, 21)
		e, values := h.next(kindCall)
		if e.task != 1 || values[0] != "double" || values[1] != int64(21) {
			t.Error(e, values)
		}
		deliver(e.number+1000, answerOK, h.frame(nil))
		deliver(e.number, answerOK, h.frame([]any{42}))
		if got := h.done(1, statusOK); got[0] != int64(42) {
			t.Error(got)
		}
	}
}

func TestAnErrorOfLuaReachesTheCaller(t *testing.T) {
	h := newHost(t)
	h.start(1, "twice", 21)
	e, _ := h.next(kindCall)
	deliver(e.number, answerRaised, h.frame([]any{&Error{Message: "no"}}))
	if e := h.failed(1, statusError); e.Message != "no" {
		t.Error(e)
	}
}

func TestCancellingEndsACall(t *testing.T) {
	for _, name := range []string{"twice", "derived"} {
		h := newHost(t)
		h.start(1, name, 21)
		call, _ := h.next(kindCall)
		cancelTask(1, cancelCancelled, h.frame([]any{"enough"}))
		if e, _ := h.next(kindAbandon); e.number != call.number {
			t.Error(e)
		}
		if e := h.failed(1, statusError); e.Message != "enough" {
			t.Error(e)
		}
		deliver(call.number, answerOK, h.frame([]any{1}))
	}
}

func TestCancellingReachesTheContext(t *testing.T) {
	for kind, want := range []string{"enough", "context deadline exceeded", "the sandbox closes"} {
		h := newHost(t)
		h.start(1, "wait")
		cancelTask(1, int32(kind), h.frame([]any{"enough"}))
		if e := h.failed(1, statusError); e.Message != want {
			t.Error(e)
		}
	}
}

func TestPanicsEndTheirTaskWithTheGoStack(t *testing.T) {
	for _, each := range []struct {
		name, want string
		status     uint32
	}{
		{"panic", "panic: outer: inner", statusPanic},
		{"nil", "panic: runtime error: invalid memory address or nil pointer dereference", statusPanic},
		{"goexit", "runtime.Goexit ended the goroutine before the function returned", statusGoexit},
		{"child", "panic: child", statusPanic},
	} {
		h := newHost(t)
		h.start(1, each.name)
		e := h.failed(1, each.status)
		if e.Error() != each.want {
			t.Errorf("got %q", e.Error())
		}
		if !strings.Contains(e.Stack, "bridge_test.go:") || strings.Contains(e.Stack, "task.go:") ||
			strings.Contains(e.Stack, "gopanic") {
			t.Error(e.Stack)
		}
	}
}

func TestAStreamGivesItsValuesAndEnds(t *testing.T) {
	h := newHost(t)
	startTask(1, number("iterate"), h.frame([]any{2}), 0)
	var id uint32
	for i := 0; id == 0 && i < 5000; i++ {
		time.Sleep(time.Millisecond)
		h.drain()
		for i, e := range h.events {
			if e.kind == kindDone && h.frames[i][0].tag == tagStream {
				id = uint32(h.frames[i][0].payload)
			}
		}
	}
	h.events, h.frames = nil, nil
	for i := range 4 {
		startTask(2, -1, h.frame([]any{id}), 0)
		got := h.done(2, statusOK)
		if i < 2 && (len(got) != 1 || got[0] != int64(i)) || i >= 2 && len(got) != 0 {
			t.Errorf("step %d gave %v", i, got)
		}
	}
	if len(bridge.streams) != 0 {
		t.Error("the stream is still there")
	}
}

func TestManyTasksAtOnceAllEndOnce(t *testing.T) {
	h := newHost(t)
	const tasks = 500
	for i := range uint32(tasks) {
		h.start(i, "twice", int(i))
	}
	for range tasks {
		e, values := h.next(kindCall)
		if e.task%3 == 0 {
			cancelTask(e.task, cancelCancelled, h.frame(nil))
		}
		deliver(e.number, answerOK, h.frame([]any{values[1]}))
	}
	seen := make(map[uint32]bool)
	for range tasks {
		e, _ := h.next(kindDone)
		if seen[e.task] {
			t.Errorf("task %d ended twice", e.task)
		}
		seen[e.task] = true
	}
	if bridge.live != 0 || bridge.goroutines != 0 || bridge.calls.count != 0 || bridge.tasks.count != 0 {
		t.Error(bridge.live, bridge.goroutines, bridge.calls.count, bridge.tasks.count)
	}
}
