package luago

import "context"

// Go starts a goroutine that is reported if it panics: the panic cancels the context of
// the task that ctx belongs to, as its cause, and the task ends with it. After the task's
// end the panic is reported to the host.
func Go(ctx context.Context, f func(ctx context.Context)) {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	bridge.Lock()
	bridge.goroutines++
	bridge.Unlock()
	go func() {
		defer func() {
			var ended *fault
			defer func() { blame(s, ended) }()
			if value := recover(); value != nil {
				ended = exited()
				// It may not come back: the methods that say it are the guest's.
				ended = panicked(value)
			}
		}()
		f(ctx)
	}()
}

// blame ends a goroutine of luago.Go, with its panic if there was one.
func blame(s *scope, ended *fault) {
	goroutine := uint32(0)
	if ended != nil {
		goroutine = goroutineNumber()
	}
	bridge.Lock()
	bridge.goroutines--
	if ended == nil {
		bridge.Unlock()
		return
	}
	if s != nil && s.task != nil && !s.task.isDone {
		if s.task.fault == nil {
			s.task.fault = ended
		}
		bridge.Unlock()
		s.end(&ending{context.Canceled, ended})
		return
	}
	bridge.Unlock()
	w := borrowWriter()
	w.fault(ended)
	bridge.Lock()
	post(event{kind: kindReport}, w, nil, goroutine)
	bridge.Unlock()
	if s != nil {
		s.end(&ending{context.Canceled, ended})
	}
}
