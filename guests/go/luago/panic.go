package luago

import (
	"errors"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// fault is a panic or a Goexit that ended a goroutine. What it says is found out at once: the
// methods that say it are the guest's, and nobody is left to recover when they panic.
type fault struct {
	status uint32
	err    error
	text   string
	parts  []string
	stack  string
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.err }

// panicked describes a recovered value; it is called while the stack still stands.
func panicked(value any) *fault {
	f := &fault{status: statusPanic, stack: ownStack()}
	err, ok := value.(error)
	if ok {
		f.err = &panicError{err}
	} else {
		f.err = errors.New("panic: " + guarded(
			func() string { return panicText(value) },
			func() string { return "a value of type " + typeText(value) + " whose methods panic" },
		))
	}
	var stack string
	f.parts, stack = guardedChain(f.err)
	if stack != "" {
		f.stack = stack
	}
	f.text = (&teller{isGuarded: true}).text(f.err)
	return f
}

type panicError struct{ cause error }

func (p *panicError) Error() string {
	return "panic: " + (&teller{isGuarded: true}).text(p.cause)
}

func (p *panicError) Unwrap() error { return p.cause }

func exited() *fault {
	err := errors.New("runtime.Goexit ended the goroutine before the function returned")
	return &fault{statusGoexit, err, err.Error(), []string{err.Error()}, ownStack()}
}

// fault writes the error of one.
func (w *writer) fault(f *fault) {
	w.errorParts(f.parts, f.stack)
	w.count = 1
}

// panicText shows a value as the runtime does, without the weight of package fmt.
func panicText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case interface{ String() string }:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return formatFloat(v)
	}
	w := new(writer)
	if w.any(value) == nil && len(w.slots) == 1 && w.slots[0].tag != tagNil {
		if w.slots[0].tag == tagString {
			return w.slots[0].text()
		}
		return keyText(&w.slots[0])
	}
	return "a value of type " + typeText(value)
}

// mostStack bounds the text of a stack trace; Go itself leaves out the middle of a
// deep one after 100 frames.
const mostStack = 16 << 10

func ownStack() string {
	text := make([]byte, mostStack)
	return trimStack(string(text[:runtime.Stack(text, false)]))
}

// trimStack takes out the frames of the SDK and of the runtime's way to a panic.
func trimStack(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	kept := []string{strings.TrimSuffix(lines[0], " [running]:")}
	var all []string
	for i := 1; i < len(lines); i++ {
		frame := lines[i]
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") {
			i++
			frame += "\n" + lines[i]
		}
		all = append(all, frame)
		if !isOurs(frame) {
			kept = append(kept, frame)
		}
	}
	if len(kept) == 1 {
		kept = append(kept, all...)
	}
	kept[0] += ":"
	return strings.Join(kept, "\n")
}

// ownFolder is where the SDK's files were when the guest was built.
var ownFolder = func() string {
	_, file, _, _ := runtime.Caller(0)
	return "\n\t" + file[:strings.LastIndexByte(file, '/')+1]
}()

func isOurs(frame string) bool {
	// What was inlined into the guest's code has the name of the function that it is in.
	if _, file, ok := strings.Cut(frame, ownFolder); ok && !strings.Contains(file, "_test.go:") {
		return true
	}
	frame = strings.TrimPrefix(frame, "created by ")
	for _, prefix := range []string{
		"panic(", "runtime.gopanic(", "runtime.panic", "runtime.sigpanic(", "runtime.goPanic",
		"runtime.Goexit(", "runtime/debug.", "runtime.goexit(", "reflect.Value.call(", "reflect.Value.Call(",
		"iter.Pull", "runtime.corostart", "runtime.coroswitch",
	} {
		if strings.HasPrefix(frame, prefix) {
			return true
		}
	}
	return false
}
func typeText(v any) string { return reflect.TypeOf(v).String() }
