package luago

import "errors"

// The frame of the last direct call.
var outbox writer

// The frame of the present entry. Entries are made one at a time and read it at once.
var inFrame reader

// callNow is luago_call: the status of a call that runs on the host's own stack. The
// results or the error are left in the outbox.
func callNow(number int32, r *reader) (status uint32) {
	isReturned := false
	defer func() {
		if !isReturned {
			status = endedNow(recover())
		}
		if segments.giveBack != nil {
			segments.giveBack(r)
		}
	}()
	outbox.reset()
	var err error
	if f := functionNumber(number); f != nil && f.flags&functionNonBlocking != 0 {
		err = f.now(r, &outbox)
	} else {
		err = notNow(f)
	}
	if err != nil {
		outbox.reset()
		outbox.failure(err)
		status = statusError
	}
	isReturned = true
	return status
}

// endedNow leaves the error of a call that did not return.
func endedNow(recovered any) (status uint32) {
	var ended *fault
	if recovered != nil {
		ended = panicked(recovered)
	} else {
		ended = exited()
	}
	outbox.reset()
	outbox.fault(ended)
	return ended.status
}

func notNow(f *function) error {
	if f == nil {
		return errors.New("the guest has no function with this number")
	}
	return errors.New("'" + f.name + "' is not registered as non-blocking and needs a task")
}

func functionBorrows(number int32) bool {
	f := functionNumber(number)
	return f != nil && f.borrows
}
