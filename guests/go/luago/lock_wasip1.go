package luago

import "runtime"

// lock keeps goroutines out of what another one is in the middle of. There is one thread
// and no preemption, so that a flag will do; sync.Mutex costs several times as much here,
// as Go's atomic operations are not inlined for wasm.
type lock struct{ isHeld bool }

func (l *lock) Lock() {
	if l.isHeld {
		l.wait()
	}
	l.isHeld = true
}

// wait is for the one that the garbage collector has made wait while it held the lock.
func (l *lock) wait() {
	for l.isHeld {
		runtime.Gosched()
	}
}

func (l *lock) Unlock() { l.isHeld = false }
