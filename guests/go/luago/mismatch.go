package luago

import "strconv"

// mismatch says why a value cannot pass, and where it is in the argument.
type mismatch struct {
	path    string // such as ".points[3].x"; empty for the argument itself
	problem string
}

func (m *mismatch) Error() string {
	switch {
	case m.path == "":
		return m.problem
	case m.path[0] == '.':
		return "field '" + elideMiddle(m.path[1:]) + "': " + m.problem
	default:
		return "element " + elideMiddle(m.path) + ": " + m.problem
	}
}

// elideMiddle leaves out the middle of a path that is too long to be read.
func elideMiddle(path string) string {
	const limit, head, tail = 160, 80, 60
	if len(path) <= limit {
		return path
	}
	return path[:head] + "…" + path[len(path)-tail:]
}

func expected(what string, got *slot) error {
	return &mismatch{problem: "expected " + what + ", got " + got.luaType()}
}

func newMismatch(problem string) error {
	return &mismatch{problem: problem}
}

// withPath adds an element at the start of the path of a mismatch.
func withPath(err error, element string) error {
	if m, ok := err.(*mismatch); ok {
		m.path = element + m.path
	}
	return err
}

// withIndex adds an index at the start of the path, counted from 1 as in Lua.
func withIndex(err error, index int) error {
	return withPath(err, "["+strconv.Itoa(index+1)+"]")
}

func badArgument(number int, function string, err error) error {
	return &conversionError{"bad argument #" + strconv.Itoa(number) + " to '" + function + "' (", err}
}

func badResult(function string, err error) error {
	return &conversionError{"bad result of '" + function + "' (", err}
}

// conversionError is the error of an argument or a result that cannot pass.
type conversionError struct {
	prefix string
	err    error
}

func (e *conversionError) Error() string { return e.prefix + e.err.Error() + ")" }

// Unwrap returns the error of one of the program's text marshalers, but no mismatch, whose text
// is in the message.
func (e *conversionError) Unwrap() error {
	if _, ok := e.err.(*mismatch); ok {
		return nil
	}
	return e.err
}
