package luago

import (
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// reader takes values from a frame. Reading past the frame's end is an index out of
// range, which ends the task like any panic.
type reader struct {
	slots []slot
	at    int
	count int    // top-level values
	owner *scope // whose functions of Lua these are
	depth int
	// The frame stands in memory of its own, so that what is read may be a view of it.
	isFresh bool
	// Somebody keeps the frame, and will give back the segments that nobody takes.
	isKept bool
}

// sharedBytes is the size from which a string of a fresh frame is not copied:
// a small one should not keep a large frame alive.
const sharedBytes = 4096

func (r *reader) next() *slot {
	s := &r.slots[r.at]
	r.at++
	return s
}

func (r *reader) integer(what string) (int64, error) {
	s := r.next()
	if s.tag == tagInteger {
		return int64(s.payload), nil
	}
	return wholeNumber(s, what)
}

func wholeNumber(s *slot, what string) (int64, error) {
	if s.tag != tagNumber {
		return 0, expected(what, s)
	}
	f := math.Float64frombits(s.payload)
	if f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 {
		return 0, unusable("expected " + what + ", got number " + formatFloat(f))
	}
	return int64(f), nil
}

func (r *reader) number() (float64, error) {
	switch s := r.next(); s.tag {
	case tagNumber:
		return math.Float64frombits(s.payload), nil
	case tagInteger:
		return float64(int64(s.payload)), nil
	default:
		return 0, expected("number", s)
	}
}

func (r *reader) string() (string, error) {
	s := r.next()
	if s.tag != tagString {
		return "", expected("string", s)
	}
	return r.own(s), nil
}

// own is a string that may be kept.
func (r *reader) own(s *slot) string {
	if r.isFresh && s.aux >= sharedBytes {
		return s.text()
	}
	return strings.Clone(s.text())
}

func (r *reader) bytes() ([]byte, error) {
	s := r.next()
	if s.tag != tagString {
		if s.tag == tagNil {
			return nil, nil
		}
		return nil, expected("string", s)
	}
	return r.ownBytes(s), nil
}

func (r *reader) ownBytes(s *slot) []byte {
	if s.aux == 0 {
		return []byte{}
	}
	view := unsafe.Slice((*byte)(pointer(s.payload)), int(s.aux))
	if r.isFresh {
		return view
	}
	return append([]byte(nil), view...)
}

func (r *reader) enter() error {
	if r.depth++; r.depth > maxDepth {
		return unusable("tables are nested too deeply: at most " + strconv.Itoa(maxDepth) + " levels can pass")
	}
	return nil
}

func (r *reader) leave() { r.depth-- }

// skip passes over one value with all that is inside it.
func (r *reader) skip() {
	for left := 1; left > 0; left-- {
		switch s := r.next(); s.tag {
		case tagSequence:
			left += int(s.aux)
		case tagTable:
			left += 2 * int(s.aux)
		case tagError:
			left += int(s.aux &^ errorHasStack)
		case tagSegment:
			left++
		case tagView:
			left += int(s.aux)
		}
	}
}

var absent = []slot{{tag: tagNil}}

// plain reads an argument whose slot holds the value as it is. If it is none, nothing has
// been read.
func (r *reader) plain(of *codec, p unsafe.Pointer, number int) bool {
	if number > r.count || r.slots[r.at].tag != of.plain {
		return false
	}
	*(*uint64)(p) = r.slots[r.at].payload
	r.at++
	return true
}

// argument reads the argument with this number, counted from 1, into p.
func (r *reader) argument(c *codec, p unsafe.Pointer, function string, number int) error {
	if number <= r.count {
		if err := c.decode(r, p); err != nil {
			return badArgument(number, function, err)
		}
		return nil
	}
	missing := reader{slots: absent}
	if err := c.decode(&missing, p); err != nil {
		if m, ok := err.(*mismatch); ok {
			m.problem = strings.Replace(m.problem, "got nil", "got no value", 1)
		}
		return badArgument(number, function, err)
	}
	return nil
}
