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
	// Held by the step that reads: several Lua coroutines may ask for the next value.
	turn chan struct{}
	// The source is exhausted, or must not be used again. Guarded by turn.
	isFinished bool
}

// source is where the values come from.
type source interface {
	// next returns the values of the next step, or none at the end.
	next(ctx context.Context) ([]reflect.Value, error)
	// stop is called once, after the last next.
	stop()
}

// isStream reports whether the type is a channel to receive from, an iter.Seq or an iter.Seq2.
func isStream(t reflect.Type) bool {
	return t.Kind() == reflect.Chan && t.ChanDir()&reflect.RecvDir != 0 || t.CanSeq2() && t.Kind() == reflect.Func || t.CanSeq() && t.Kind() == reflect.Func
}

// elementTypes returns the types of the values of a step.
func elementTypes(t reflect.Type) []reflect.Type {
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
	// The result itself is dropped when the task is done.
	v = reflect.ValueOf(v.Interface())
	s := &stream{function: function, scope: &t.scope, turn: make(chan struct{}, 1)}
	if v.Kind() == reflect.Chan {
		s.source = &channelSource{from: v}
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

// cancelStream undoes openStream if the task ends with an error after all.
func (w *writer) cancelStream() {
	if w.stream != nil {
		w.stream.cancel(ErrCancelled)
		w.stream = nil
	}
}

// cancel ends the stream and its context.
func (s *stream) cancel(why error) {
	if !s.unregister() {
		return
	}
	s.scope.cancel(&cancellation{context.Canceled, why})
	// Stopping an iterator runs the program's code, which may block.
	Go(context.Background(), func(context.Context) { s.stop() })
}

// unregister removes the stream from the table, and reports whether it was there.
func (s *stream) unregister() bool {
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
	if !s.isFinished {
		s.isFinished = true
		s.source.stop()
	}
}

func dropStream(number uint32) {
	bridge.Lock()
	s := bridge.streams[number]
	bridge.Unlock()
	if s != nil {
		s.cancel(ErrCancelled)
	}
}

// streamStep is the invocation that reads the next values of a stream.
type streamStep struct {
	stream *stream
	task   *task
}

func newStreamStep(t *task, r *reader) (invocation, error) {
	number, err := r.integer("number of a stream")
	if err != nil {
		return nil, err
	}
	bridge.Lock()
	s := bridge.streams[uint32(number)]
	bridge.Unlock()
	return &streamStep{s, t}, nil
}

func (p *streamStep) release() {}

func (p *streamStep) invoke(ctx context.Context, w *writer) error {
	s := p.stream
	if s == nil {
		return nil
	}
	select {
	case s.turn <- struct{}{}:
	default:
		select {
		case s.turn <- struct{}{}:
		case <-ctx.Done():
			return cancelReason(ctx)
		}
	}
	defer func() { <-s.turn }()
	if s.isFinished {
		return nil
	}
	continues := false
	s.attach(p.task, p.task)
	defer func() {
		s.attach(p.task, nil)
		if !continues {
			s.finish()
		}
	}()
	values, err := s.source.next(ctx)
	if err == nil && len(values) == 0 && ctx.Err() != nil {
		err = cancelReason(ctx)
	}
	if err != nil {
		if _, waits := s.source.(*channelSource); waits && ctx.Err() != nil {
			// Only this step was cancelled: the next one continues.
			continues = true
		}
		return err
	}
	for i, v := range values {
		if err := w.any(v.Interface()); err != nil {
			return &conversionError{"bad value #" + strconv.Itoa(i+1) + " of stream '" + s.function + "' (", err}
		}
		w.count++
	}
	continues = len(values) > 0
	return nil
}

// finish ends a stream that is exhausted or has failed.
func (s *stream) finish() {
	s.isFinished = true
	s.unregister()
	defer s.scope.cancel(taskEnded)
	s.source.stop()
}

// attach makes calls of the stream to Lua belong to the task of a step, or to none. An iterator
// cannot be suspended in the middle of a step, so it ends when a step is cancelled.
func (s *stream) attach(step, to *task) {
	_, isIterator := s.source.(*iteratorSource)
	bridge.Lock()
	s.scope.task = to
	if to != nil && isIterator {
		step.extra().dependent = s.scope
	} else if step.more != nil {
		step.more.dependent = nil
	}
	bridge.Unlock()
	if to != nil {
		step.startTimer()
	}
}

// channelSource is a channel, to which another goroutine sends.
type channelSource struct {
	from reflect.Value
}

func (c *channelSource) next(ctx context.Context) ([]reflect.Value, error) {
	v, ok := c.from.TryRecv()
	if !ok && !v.IsValid() {
		var chosen int
		chosen, v, ok = reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: c.from},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		})
		if chosen == 1 {
			return nil, cancelReason(ctx)
		}
	}
	if !ok {
		return nil, nil
	}
	return []reflect.Value{v}, nil
}

func (c *channelSource) stop() {}

// iteratorSource is an iter.Seq or iter.Seq2.
type iteratorSource struct {
	pull   func() ([]reflect.Value, bool)
	cancel func()
	// The second value of a step is an error to raise.
	hasError bool
}

func newIterator(v reflect.Value) *iteratorSource {
	types := elementTypes(v.Type())
	i := &iteratorSource{hasError: len(types) == 2 && types[1] == typeError}
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

func (i *iteratorSource) next(context.Context) ([]reflect.Value, error) {
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

func (i *iteratorSource) stop() { i.cancel() }
