package luago

import "context"

// Go starts a goroutine whose panics are reported: a panic cancels the context of the task that
// ctx belongs to, as its cause, and the task ends with it. After the end of the task the panic
// is reported to the host.
func Go(ctx context.Context, f func(ctx context.Context)) {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	bridge.Lock()
	bridge.goroutines++
	bridge.Unlock()
	go func() {
		defer func() {
			var ended *abnormalExit
			defer func() { goroutineEnded(s, ended) }()
			if value := recover(); value != nil {
				ended = goexitExit()
				// This may not return: it calls methods of the program's.
				ended = panicExit(value)
			}
		}()
		f(ctx)
	}()
}

// goroutineEnded ends a goroutine that Go has started, with its panic if there was one.
func goroutineEnded(s *scope, ended *abnormalExit) {
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
		if s.task.goroutinePanic == nil {
			s.task.goroutinePanic = ended
		}
		bridge.Unlock()
		s.cancel(&cancellation{context.Canceled, ended})
		return
	}
	bridge.Unlock()
	w := getWriter()
	w.abnormalExit(ended)
	bridge.Lock()
	post(event{kind: kindReport}, w, nil, goroutine)
	bridge.Unlock()
	if s != nil {
		s.cancel(&cancellation{context.Canceled, ended})
	}
}
