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

// mostAsked bounds how many errors of a tree are asked for their text: one may wrap itself.
const mostAsked = 256

// teller finds out what an error says. The methods that it calls are those of the guest's own
// types, which may panic.
type teller struct {
	parts []string
	stack string
	asked int
	// A panic of such a method is the text that it gives.
	isGuarded bool
}

// chain is an error's message, its causes and a stack trace if an *Error among them has
// one. The host prints the parts with ": " between them, so that what a message repeats
// of its cause is cut off.
func chain(err error) (parts []string, stack string) {
	var t teller
	t.walk(err)
	return t.parts, t.stack
}

// guardedChain is chain where a panic would end the guest.
func guardedChain(err error) (parts []string, stack string) {
	t := teller{isGuarded: true}
	t.walk(err)
	return t.parts, t.stack
}

func (t *teller) walk(err error) {
	// A chain could go on for ever.
	if len(t.parts) >= maxErrorStrings {
		return
	}
	if e, ok := err.(*Error); ok && e != nil {
		t.parts = append(append(t.parts, e.Message), e.Causes...)
		if t.stack == "" {
			t.stack = e.Stack
		}
		return
	}
	if f, ok := err.(*fault); ok {
		t.parts = append(t.parts, f.parts...)
		if t.stack == "" {
			t.stack = f.stack
		}
		return
	}
	text := t.text(err)
	var causes []error
	if t.asked++; t.asked <= mostAsked {
		causes = t.unwrap(err)
	}
	if len(causes) > 1 && t.isJoined(text, causes) {
		text = ""
	}
	for _, cause := range causes {
		why := t.text(cause)
		if text == why {
			text = ""
		} else if before, ok := strings.CutSuffix(text, ": "+why); ok {
			text = before
		}
	}
	if text != "" || len(causes) == 0 {
		t.parts = append(t.parts, text)
	}
	for _, cause := range causes {
		if t.asked > mostAsked {
			return
		}
		t.walk(cause)
	}
}

func (t *teller) text(err error) string {
	if !t.isGuarded {
		return err.Error()
	}
	return guarded(err.Error, func() string {
		return "an error of type " + typeText(err) + " whose method Error panics"
	})
}

func (t *teller) unwrap(err error) (causes []error) {
	if t.isGuarded {
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

// isJoined says whether the text is only that of the causes, as errors.Join makes it.
func (t *teller) isJoined(text string, causes []error) bool {
	for i, cause := range causes {
		if i > 0 {
			var ok bool
			if text, ok = strings.CutPrefix(text, "\n"); !ok {
				return false
			}
		}
		var ok bool
		if text, ok = strings.CutPrefix(text, t.text(cause)); !ok {
			return false
		}
	}
	return text == ""
}

// guarded is what a method of the guest's says, or something else if it panics.
func guarded(say, instead func() string) (said string) {
	defer func() {
		if recover() != nil {
			said = instead()
		}
	}()
	return say()
}

// failure writes what a task ends with: an error, or a value of Lua that comes back. It calls
// methods of the guest's types, and so belongs to the task, as a panic of it does.
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
func (w *writer) err(err error) { w.errorParts(chain(err)) }

func (w *writer) errorParts(parts []string, stack string) {
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

// luaError reads the strings of an error value whose head is s.
func (r *reader) luaError(s *slot) *Error {
	e := new(Error)
	count := int(s.aux &^ errorHasStack)
	for i := range count {
		text := r.own(r.next())
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
	w.err(err)
	return nil
}
