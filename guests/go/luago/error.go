package luago

import (
	"context"
	"errors"
	"strings"
	"unsafe"
)

// Error is an error of Lua or of the host. A function that returns it, not wrapped in another
// error, raises it in Lua as it was.
type Error struct {
	// Message says what failed, without the causes.
	Message string
	// Causes are the messages of the causes, the nearest first.
	Causes []string
	// Stack is a stack trace, or empty.
	Stack string
	// Value is what was raised if that was not an error value but, say, a string or a table.
	Value any
}

// Error returns the message and the causes, separated by ": ".
func (e *Error) Error() string {
	if len(e.Causes) == 0 {
		return e.Message
	}
	return e.Message + ": " + strings.Join(e.Causes, ": ")
}

// Unwrap returns the nearest cause, which has the others as its causes.
func (e *Error) Unwrap() error {
	if len(e.Causes) == 0 {
		return nil
	}
	return &Error{Message: e.Causes[0], Causes: e.Causes[1:]}
}

// cancelError is the cause of a context that luago has cancelled.
type cancelError struct{ why string }

func (c *cancelError) Error() string { return c.why }

// Is makes each of them match context.Canceled, and all but errClosed match ErrCancelled.
func (c *cancelError) Is(target error) bool {
	return target == context.Canceled || target == error(errCancelled) && c != errClosed
}

var (
	errCancelled = &cancelError{"cancelled"}
	errClosed    = &cancelError{"the sandbox closes"}
)

var (
	// ErrCancelled is the cause of the context of a task that Lua or the host has
	// cancelled. The cause itself has the message that the canceller gave; compare with
	// errors.Is(context.Cause(ctx), luago.ErrCancelled).
	ErrCancelled error = errCancelled
	// ErrClosed is the cause of a context that ends because the sandbox closes.
	ErrClosed error = errClosed
)

// maxVisited bounds how many errors of a tree are visited: an error may wrap itself.
const maxVisited = 256

// errorWalker collects the messages of an error and its causes. The methods that it calls are
// the program's, and may panic.
type errorWalker struct {
	parts   []string
	stack   string
	visited int
	// A panic in such a method becomes a text.
	recovers bool
}

// errorChain returns an error's message, the messages of its causes, and the stack trace of the
// first *Error among them that has one. The host prints the parts with ": " between them, so the
// part of a message that repeats its cause is cut off.
func errorChain(err error) (parts []string, stack string) {
	var t errorWalker
	t.walk(err)
	return t.parts, t.stack
}

// safeErrorChain is errorChain for callers in which a panic would end the guest.
func safeErrorChain(err error) (parts []string, stack string) {
	t := errorWalker{recovers: true}
	t.walk(err)
	return t.parts, t.stack
}

func (w *errorWalker) walk(err error) {
	// A chain could go on for ever.
	if len(w.parts) >= maxErrorStrings {
		return
	}
	if e, ok := err.(*Error); ok && e != nil {
		w.parts = append(append(w.parts, e.Message), e.Causes...)
		if w.stack == "" {
			w.stack = e.Stack
		}
		return
	}
	if f, ok := err.(*abnormalExit); ok {
		w.parts = append(w.parts, f.parts...)
		if w.stack == "" {
			w.stack = f.stack
		}
		return
	}
	text := w.text(err)
	var causes []error
	if w.visited++; w.visited <= maxVisited {
		causes = w.unwrap(err)
	}
	if len(causes) > 1 && w.isJoined(text, causes) {
		text = ""
	}
	for _, cause := range causes {
		why := w.text(cause)
		if text == why {
			text = ""
		} else if before, ok := strings.CutSuffix(text, ": "+why); ok {
			text = before
		}
	}
	if text != "" || len(causes) == 0 {
		w.parts = append(w.parts, text)
	}
	for _, cause := range causes {
		if w.visited > maxVisited {
			return
		}
		w.walk(cause)
	}
}

func (w *errorWalker) text(err error) string {
	if !w.recovers {
		return err.Error()
	}
	return callOr(err.Error, func() string {
		return "an error of type " + typeName(err) + " whose method Error panics"
	})
}

func (w *errorWalker) unwrap(err error) (causes []error) {
	if w.recovers {
		defer func() { _ = recover() }()
	}
	var found []error
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		found = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		found = err.Unwrap()
	}
	for _, cause := range found {
		if cause != nil {
			causes = append(causes, cause)
		}
	}
	return causes
}

// isJoined reports whether the text is that of the causes alone, as errors.Join makes it.
func (w *errorWalker) isJoined(text string, causes []error) bool {
	for i, cause := range causes {
		if i > 0 {
			var ok bool
			if text, ok = strings.CutPrefix(text, "\n"); !ok {
				return false
			}
		}
		var ok bool
		if text, ok = strings.CutPrefix(text, w.text(cause)); !ok {
			return false
		}
	}
	return text == ""
}

// callOr returns the result of a method of the program's, or that of otherwise if it panics.
func callOr(method, otherwise func() string) (text string) {
	defer func() {
		if recover() != nil {
			text = otherwise()
		}
	}()
	return method()
}

// failure writes the error that a task returns, or the Lua value that it raises again. It calls
// methods of the program's types, whose panics are the task's.
func (w *writer) failure(err error) {
	if e, ok := err.(*Error); ok && e != nil && e.Value != nil {
		if w.any(e.Value) == nil {
			w.count = 1
			return
		}
		w.reset()
	}
	w.err(err)
	w.count = 1
}

// err writes an error value.
func (w *writer) err(err error) { w.errorStrings(errorChain(err)) }

// errorStrings writes the first strings of an error, of which the stack is one of maxErrorStrings.
func (w *writer) errorStrings(parts []string, stack string) {
	room := maxErrorStrings
	if stack != "" {
		room--
	}
	parts = parts[:min(len(parts), room)]
	aux := uint32(len(parts))
	if stack != "" {
		parts = append(parts[:len(parts):len(parts)], stack)
		aux = uint32(len(parts)) | errorHasStack
	}
	w.put(tagError, aux, 0)
	for _, part := range parts {
		if w.string(part) != nil {
			w.put(tagString, 0, 0)
		}
	}
}

// luaError reads the strings of an error value whose first slot is s.
func (r *reader) luaError(s *slot) *Error {
	e := new(Error)
	count := int(s.aux &^ errorHasStack)
	for i := range count {
		text := r.ownedString(r.next())
		switch {
		case i == 0:
			e.Message = text
		case i == count-1 && s.aux&errorHasStack != 0:
			e.Stack = text
		default:
			e.Causes = append(e.Causes, text)
		}
	}
	return e
}

// raised reads a value of any type that Lua has raised.
func (r *reader) raised() error {
	v, err := r.any()
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *Error:
		return v
	case string:
		return &Error{Message: v, Value: v}
	default:
		return &Error{Message: "Lua raised an error that is no string but a " + r.slots[0].luaType(), Value: v}
	}
}

func decodeError(r *reader, p unsafe.Pointer) error {
	s := r.next()
	switch s.tag {
	case tagNil:
		*(*error)(p) = nil
	case tagError:
		*(*error)(p) = r.luaError(s)
	case tagString:
		*(*error)(p) = errors.New(r.ownedString(s))
	default:
		return expected("error", s)
	}
	return nil
}

func encodeError(w *writer, p unsafe.Pointer) error {
	err := *(*error)(p)
	if err == nil {
		w.null()
		return nil
	}
	w.err(err)
	return nil
}
