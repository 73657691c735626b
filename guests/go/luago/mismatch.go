package luago

import "strconv"

// mismatch says why a value cannot pass, and where in the argument it stands.
type mismatch struct {
	path    string // such as ".points[3].x"; empty for the argument itself
	problem string
}

func (m *mismatch) Error() string {
	switch {
	case m.path == "":
		return m.problem
	case m.path[0] == '.':
		return "field '" + shorten(m.path[1:]) + "': " + m.problem
	default:
		return "element " + shorten(m.path) + ": " + m.problem
	}
}

// shorten leaves out the middle of a path that nobody would read to its end.
func shorten(path string) string {
	const most, head, tail = 160, 80, 60
	if len(path) <= most {
		return path
	}
	return path[:head] + "…" + path[len(path)-tail:]
}

func expected(what string, got *slot) error {
	return &mismatch{problem: "expected " + what + ", got " + got.typeName()}
}

func unusable(problem string) error {
	return &mismatch{problem: problem}
}

// within puts a segment before the path of a mismatch.
func within(err error, segment string) error {
	if m, ok := err.(*mismatch); ok {
		m.path = segment + m.path
	}
	return err
}

// atIndex is within for an element of a sequence, counted as Lua does.
func atIndex(err error, index int) error {
	return within(err, "["+strconv.Itoa(index+1)+"]")
}

func badArgument(number int, function string, err error) error {
	return &conversionError{"bad argument #" + strconv.Itoa(number) + " to '" + function + "' (", err}
}

func badResult(function string, err error) error {
	return &conversionError{"bad result of '" + function + "' (", err}
}

// conversionError names the function whose argument or result a mismatch is about.
type conversionError struct {
	head string
	why  error
}

func (e *conversionError) Error() string { return e.head + e.why.Error() + ")" }

// Unwrap shows what a text marshaler of the guest's said, but not our own mismatch,
// whose text is in the message.
func (e *conversionError) Unwrap() error {
	if _, ok := e.why.(*mismatch); ok {
		return nil
	}
	return e.why
}
