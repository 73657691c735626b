package luago

import "errors"

// outbox is the frame that the last direct call has left.
var outbox writer

// entryFrame is the frame of the current entry. Entries are made one at a time, and read it at
// once.
var entryFrame reader

// directCall implements luago_call: it runs a function on the host's stack, leaves the results
// or the error in the outbox, and returns the status.
func directCall(number int32, r *reader) (status uint32) {
	isReturned := false
	defer func() {
		if !isReturned {
			status = directCallFailed(recover())
		}
		if segments.releaseUnclaimed != nil {
			segments.releaseUnclaimed(r)
		}
	}()
	outbox.reset()
	var err error
	if f := functionAt(number); f != nil && f.flags&functionNonBlocking != 0 {
		err = f.callDirect(r, &outbox)
	} else {
		err = notDirectError(f)
	}
	if err != nil {
		outbox.reset()
		outbox.failure(err)
		status = statusError
	}
	isReturned = true
	return status
}

// directCallFailed leaves the error of a call that did not return.
func directCallFailed(recovered any) (status uint32) {
	var ended *abnormalExit
	if recovered != nil {
		ended = panicExit(recovered)
	} else {
		ended = goexitExit()
	}
	outbox.reset()
	outbox.abnormalExit(ended)
	return ended.status
}

func notDirectError(f *function) error {
	if f == nil {
		return errors.New("the guest has no function with this number")
	}
	return errors.New("'" + f.name + "' is not registered as non-blocking and needs a task")
}

func functionBorrows(number int32) bool {
	f := functionAt(number)
	return f != nil && f.borrowsFrame
}
