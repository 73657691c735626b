package luago

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"strconv"
)

// stream is a result that Lua reads step by step.
type stream struct {
	number   uint32
	function string
	scope    *scope
	source   source
	// Held by the step that reads: a coroutine of Lua each may ask for the next value.
	turn chan struct{}
	// The source is at its end, or must not be asked again. Belongs to who has the turn.
	isOver bool
}

// source is where the values come from.
type source interface {
	// next gives the values of the next step, none at the end.
	next(ctx context.Context) ([]reflect.Value, error)
	// stop is called once, after the last next.
	stop()
}

// isStream says whether the type is a channel to read from, an iter.Seq or an iter.Seq2.
func isStream(t reflect.Type) bool {
	return t.Kind() == reflect.Chan && t.ChanDir()&reflect.RecvDir != 0 || t.CanSeq2() && t.Kind() == reflect.Func || t.CanSeq() && t.Kind() == reflect.Func
}

// elements are the types of a step's values.
func elements(t reflect.Type) []reflect.Type {
	if t.Kind() == reflect.Chan {
		return []reflect.Type{t.Elem()}
	}
	yield := t.In(0)
	list := make([]reflect.Type, yield.NumIn())
	for i := range list {
		list[i] = yield.In(i)
	}
	return list
}

// openStream makes a stream of a function's result.
func (w *writer) openStream(v reflect.Value, function string, ctx context.Context) error {
	if v.IsNil() {
		w.null()
		w.count++
		return nil
	}
	t, ok := ctx.(*task)
	if !ok {
		return errors.New("'" + function + "' gives a stream and so cannot be called as non-blocking")
	}
	// The result itself is forgotten when the task is done.
	v = reflect.ValueOf(v.Interface())
	s := &stream{function: function, scope: &t.scope, turn: make(chan struct{}, 1)}
	if v.Kind() == reflect.Chan {
		s.source = &channel{from: v}
	} else {
		s.source = newIterator(v)
	}
	bridge.Lock()
	for {
		bridge.lastStream++
		if bridge.lastStream != 0 && bridge.streams[bridge.lastStream] == nil {
			break
		}
	}
	s.number = bridge.lastStream
	bridge.streams[s.number] = s
	bridge.Unlock()
	w.put(tagStream, 0, uint64(s.number))
	w.count++
	w.stream = s
	return nil
}

// dropStream undoes openStream where the task ends with an error after all.
func (w *writer) dropStream() {
	if w.stream != nil {
		w.stream.drop(ErrCancelled)
		w.stream = nil
	}
}

// drop cancels the stream and forgets it.
func (s *stream) drop(why error) {
	if !s.forget() {
		return
	}
	s.scope.end(&ending{context.Canceled, why})
	// An iterator runs code of the guest's when it is stopped, which may wait.
	Go(context.Background(), func(context.Context) { s.stop() })
}

// forget takes the stream from the table, and says whether it was there.
func (s *stream) forget() bool {
	bridge.Lock()
	defer bridge.Unlock()
	if bridge.streams[s.number] != s {
		return false
	}
	delete(bridge.streams, s.number)
	return true
}

func (s *stream) stop() {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if !s.isOver {
		s.isOver = true
		s.source.stop()
	}
}

func dropStream(number uint32) {
	bridge.Lock()
	s := bridge.streams[number]
	bridge.Unlock()
	if s != nil {
		s.drop(ErrCancelled)
	}
}

// step is the invocation that asks a stream for its next values.
type step struct {
	of   *stream
	task *task
}

func nextOf(t *task, r *reader) (invocation, error) {
	number, err := r.integer("number of a stream")
	if err != nil {
		return nil, err
	}
	bridge.Lock()
	s := bridge.streams[uint32(number)]
	bridge.Unlock()
	return &step{s, t}, nil
}

func (p *step) release() {}

func (p *step) invoke(ctx context.Context, w *writer) error {
	s := p.of
	if s == nil {
		return nil
	}
	select {
	case s.turn <- struct{}{}:
	default:
		select {
		case s.turn <- struct{}{}:
		case <-ctx.Done():
			return reasonOf(ctx)
		}
	}
	defer func() { <-s.turn }()
	if s.isOver {
		return nil
	}
	isWhole := false
	s.lend(p.task, p.task)
	defer func() {
		s.lend(p.task, nil)
		if !isWhole {
			s.finish()
		}
	}()
	values, err := s.source.next(ctx)
	if err == nil && len(values) == 0 && ctx.Err() != nil {
		err = reasonOf(ctx)
	}
	if err != nil {
		if _, waits := s.source.(*channel); waits && ctx.Err() != nil {
			// Only this step was cancelled: the next one goes on.
			isWhole = true
		}
		return err
	}
	for i, v := range values {
		if err := w.any(v.Interface()); err != nil {
			return &conversionError{"bad value #" + strconv.Itoa(i+1) + " of stream '" + s.function + "' (", err}
		}
		w.count++
	}
	isWhole = len(values) > 0
	return nil
}

// finish ends a stream that has come to its end or failed.
func (s *stream) finish() {
	s.isOver = true
	s.forget()
	defer s.scope.end(endOfTask)
	s.source.stop()
}

// lend lets what the stream calls in Lua belong to a step's task, or to none. An iterator
// cannot be left half-way, so that it ends with a step that is cancelled.
func (s *stream) lend(step, to *task) {
	_, isIterator := s.source.(*iterator)
	bridge.Lock()
	s.scope.task = to
	if to != nil && isIterator {
		step.extra().follower = s.scope
	} else if step.more != nil {
		step.more.follower = nil
	}
	bridge.Unlock()
	if to != nil {
		step.arm()
	}
}

// channel is a stream that another goroutine sends.
type channel struct {
	from reflect.Value
}

func (c *channel) next(ctx context.Context) ([]reflect.Value, error) {
	v, ok := c.from.TryRecv()
	if !ok && !v.IsValid() {
		var chosen int
		chosen, v, ok = reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: c.from},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		})
		if chosen == 1 {
			return nil, reasonOf(ctx)
		}
	}
	if !ok {
		return nil, nil
	}
	return []reflect.Value{v}, nil
}

func (c *channel) stop() {}

// iterator is a stream that an iter.Seq or iter.Seq2 yields.
type iterator struct {
	pull   func() ([]reflect.Value, bool)
	cancel func()
	// The second value of a step is an error to raise.
	hasError bool
}

func newIterator(v reflect.Value) *iterator {
	types := elements(v.Type())
	i := &iterator{hasError: len(types) == 2 && types[1] == typeError}
	i.pull, i.cancel = iter.Pull(func(yield func([]reflect.Value) bool) {
		if len(types) == 1 {
			for v := range v.Seq() {
				if !yield([]reflect.Value{v}) {
					return
				}
			}
			return
		}
		for k, v := range v.Seq2() {
			if !yield([]reflect.Value{k, v}) {
				return
			}
		}
	})
	return i
}

func (i *iterator) next(context.Context) ([]reflect.Value, error) {
	values, ok := i.pull()
	if !ok {
		return nil, nil
	}
	if i.hasError {
		if err, _ := values[1].Interface().(error); err != nil {
			return nil, err
		}
		values = values[:1]
	}
	return values, nil
}

func (i *iterator) stop() { i.cancel() }
