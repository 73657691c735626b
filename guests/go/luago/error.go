package luago

import (
	"context"
	"errors"
	"strings"
	"unsafe"
)

// Error is an error of Lua or of the host. Returned to Lua, by itself, it is raised
// there as it was.
type Error struct {
	// Message is what failed, without its causes.
	Message string
	// Causes says why, the nearest cause first.
	Causes []string
	// Stack is a stack trace, empty where there is none.
	Stack string
	// Value is what was raised if it was no error value but, say, a string or table.
	Value any
}

// Error gives the message and its causes, separated by ": ".
func (e *Error) Error() string {
	if len(e.Causes) == 0 {
		return e.Message
	}
	return e.Message + ": " + strings.Join(e.Causes, ": ")
}

// Unwrap gives the nearest cause, with those after it.
func (e *Error) Unwrap() error {
	if len(e.Causes) == 0 {
		return nil
	}
	return &Error{Message: e.Causes[0], Causes: e.Causes[1:]}
}

// cancelled is the cause of a context that luago has cancelled.
type cancelled struct{ why string }

func (c *cancelled) Error() string { return c.why }

// Is lets every such cause be found as context.Canceled, and every one but that of a
// sandbox that closes as ErrCancelled.
func (c *cancelled) Is(target error) bool {
	return target == context.Canceled || target == error(errCancelled) && c != errClosed
}

var (
	errCancelled = &cancelled{"cancelled"}
	errClosed    = &cancelled{"the sandbox closes"}
)

var (
	// ErrCancelled is the cause of the context of a task that Lua or the host has
	// cancelled. The cause itself has the message that the canceller gave; compare with
	// errors.Is(context.Cause(ctx), luago.ErrCancelled).
	ErrCancelled error = errCancelled
	// ErrClosed is the cause of a context that ends because the sandbox closes.
	ErrClosed error = errClosed
)

// mostCauses bounds the chain of an error, which could go on for ever.
const mostCauses = 64

// chain is an error's message, its causes and a stack trace if an *Error among them has
// one. The host prints the parts with ": " between them, so that what a message repeats
// of its cause is cut off.
func chain(err error) (parts []string, stack string) {
	var walk func(err error)
	walk = func(err error) {
		if len(parts) >= mostCauses {
			return
		}
		if e, ok := err.(*Error); ok {
			parts = append(append(parts, e.Message), e.Causes...)
			if stack == "" {
				stack = e.Stack
			}
			return
		}
		text := err.Error()
		causes := unwrap(err)
		if len(causes) > 1 && isJoined(text, causes) {
			text = ""
		}
		for _, cause := range causes {
			why := cause.Error()
			if text == why {
				text = ""
			} else if before, ok := strings.CutSuffix(text, ": "+why); ok {
				text = before
			}
		}
		if text != "" || len(causes) == 0 {
			parts = append(parts, text)
		}
		for _, cause := range causes {
			walk(cause)
		}
	}
	walk(err)
	return parts, stack
}

func unwrap(err error) []error {
	var found []error
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		found = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		found = err.Unwrap()
	}
	var causes []error
	for _, cause := range found {
		if cause != nil {
			causes = append(causes, cause)
		}
	}
	return causes
}

// isJoined says whether the text is only that of the causes, as errors.Join makes it.
func isJoined(text string, causes []error) bool {
	for i, cause := range causes {
		if i > 0 {
			var ok bool
			if text, ok = strings.CutPrefix(text, "\n"); !ok {
				return false
			}
		}
		var ok bool
		if text, ok = strings.CutPrefix(text, cause.Error()); !ok {
			return false
		}
	}
	return text == ""
}

// failure writes what a task ends with: an error, or a value of Lua that comes back.
func (w *writer) failure(err error, stack string) {
	if e, ok := err.(*Error); ok && e.Value != nil && stack == "" {
		if w.any(e.Value) == nil {
			w.count = 1
			return
		}
		w.reset()
	}
	w.err(err, stack)
	w.count = 1
}

// err writes an error value.
func (w *writer) err(err error, stack string) {
	parts, ownStack := chain(err)
	if ownStack != "" {
		stack = ownStack
	}
	w.errorParts(parts, stack)
}

func (w *writer) errorParts(parts []string, stack string) {
	aux := uint32(len(parts))
	if stack != "" {
		parts = append(parts[:len(parts):len(parts)], stack)
		aux = uint32(len(parts)) | hasStack
	}
	w.put(tagError, aux, 0)
	for _, part := range parts {
		if w.string(part) != nil {
			w.put(tagString, 0, 0)
		}
	}
}

// luaError reads the strings of an error value whose head is s.
func (r *reader) luaError(s *slot) *Error {
	e := new(Error)
	count := int(s.aux &^ hasStack)
	for i := range count {
		text := r.own(r.next())
		switch {
		case i == 0:
			e.Message = text
		case i == count-1 && s.aux&hasStack != 0:
			e.Stack = text
		default:
			e.Causes = append(e.Causes, text)
		}
	}
	return e
}

// raised reads what Lua raised, whatever it is.
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
		return &Error{Message: "Lua raised an error that is no string but a " + r.slots[0].typeName(), Value: v}
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
		*(*error)(p) = errors.New(r.own(s))
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
	w.err(err, "")
	return nil
}
