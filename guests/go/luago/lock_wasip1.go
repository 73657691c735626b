package luago

import "runtime"

// lock is a mutex for one thread without preemption, where a flag will do. sync.Mutex costs
// several times as much, as Go's atomic operations are not inlined for wasm.
type lock struct{ isHeld bool }

func (l *lock) Lock() {
	if l.isHeld {
		l.wait()
	}
	l.isHeld = true
}

// wait lets the holder run, which the garbage collector has made wait while it held the lock.
func (l *lock) wait() {
	for l.isHeld {
		runtime.Gosched()
	}
}

func (l *lock) Unlock() { l.isHeld = false }
