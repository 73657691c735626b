package luago

import (
	"errors"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// abnormalExit is a panic or a Goexit that ended a goroutine. Its texts are collected at once:
// the methods that return them are the program's, and later nothing would recover their panics.
type abnormalExit struct {
	status uint32
	err    error
	text   string
	parts  []string
	stack  string
}

func (e *abnormalExit) Error() string { return e.text }
func (e *abnormalExit) Unwrap() error { return e.err }

// panicExit describes a recovered value. It is called while the stack is still there.
func panicExit(value any) *abnormalExit {
	e := &abnormalExit{status: statusPanic, stack: currentStack()}
	err, ok := value.(error)
	if ok {
		e.err = &panicError{err}
	} else {
		e.err = errors.New("panic: " + callOr(
			func() string { return panicText(value) },
			func() string { return "a value of type " + typeName(value) + " whose methods panic" },
		))
	}
	var stack string
	e.parts, stack = safeErrorChain(e.err)
	if stack != "" {
		e.stack = stack
	}
	e.text = (&errorWalker{recovers: true}).text(e.err)
	return e
}

type panicError struct{ cause error }

func (p *panicError) Error() string {
	return "panic: " + (&errorWalker{recovers: true}).text(p.cause)
}

func (p *panicError) Unwrap() error { return p.cause }

func goexitExit() *abnormalExit {
	err := errors.New("runtime.Goexit ended the goroutine before the function returned")
	return &abnormalExit{statusGoexit, err, err.Error(), []string{err.Error()}, currentStack()}
}

// abnormalExit writes its error.
func (w *writer) abnormalExit(e *abnormalExit) {
	w.errorStrings(e.parts, e.stack)
	w.count = 1
}

// panicText formats a value as the runtime does, without the weight of package fmt.
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
	return "a value of type " + typeName(value)
}

// maxStack bounds the text of a stack trace. Go itself leaves out the middle of one with more
// than 100 frames.
const maxStack = 16 << 10

func currentStack() string {
	text := make([]byte, maxStack)
	return trimStack(string(text[:runtime.Stack(text, false)]))
}

// trimStack removes the frames of this package and those of the runtime that lead to a panic.
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
		if !isInternalFrame(frame) {
			kept = append(kept, frame)
		}
	}
	if len(kept) == 1 {
		kept = append(kept, all...)
	}
	kept[0] += ":"
	return strings.Join(kept, "\n")
}

// sdkFolder is where the files of this package were when the guest was built.
var sdkFolder = func() string {
	_, file, _, _ := runtime.Caller(0)
	return "\n\t" + file[:strings.LastIndexByte(file, '/')+1]
}()

func isInternalFrame(frame string) bool {
	// The frame of an inlined function has the name of the function that it is inlined into.
	if _, file, ok := strings.Cut(frame, sdkFolder); ok && !strings.Contains(file, "_test.go:") {
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

func typeName(v any) string { return reflect.TypeOf(v).String() }
