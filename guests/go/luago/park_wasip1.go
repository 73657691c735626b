package luago

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// wakeFile stands for the host: there is no file behind its descriptor. Go's scheduler asks
// what can be read only when no goroutine can run, and the host then says that this
// descriptor can. So a read of it lasts exactly as long as the guest has something to do.
var (
	wakeFile  *os.File
	wakeConn  syscall.RawConn
	aWhileAgo = time.Unix(1, 0)
)

func openWake() {
	wakeFile = os.NewFile(wakeDescriptor, "luago")
	conn, err := wakeFile.SyscallConn()
	if err != nil {
		panic("luago: cannot wait for the host: " + err.Error())
	}
	wakeConn = conn
}

// park lets goroutines run until none can, the budget is spent or there are events for
// the host. It says whether none can run.
func park(budget int64) (isIdle bool) {
	if budget > 0 {
		wakeFile.SetReadDeadline(time.Now().Add(time.Duration(budget)))
	}
	runtime.Gosched()
	bridge.Lock()
	if len(bridge.events) > 0 {
		bridge.Unlock()
		if budget > 0 {
			wakeFile.SetReadDeadline(time.Time{})
		}
		return false
	}
	isWoken := false
	bridge.wake = func() {
		isWoken = true
		wakeFile.SetReadDeadline(aWhileAgo)
	}
	bridge.Unlock()
	hasAsked := false
	err := wakeConn.Read(func(uintptr) bool {
		isReady := hasAsked
		hasAsked = true
		return isReady
	})
	bridge.Lock()
	bridge.wake = nil
	bridge.Unlock()
	if budget > 0 || isWoken {
		wakeFile.SetReadDeadline(time.Time{})
	}
	return err == nil && !isWoken
}
