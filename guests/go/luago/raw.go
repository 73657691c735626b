package luago

import (
	"context"
	"math"
	"unsafe"
)

// Bytes registers a function from bytes to bytes: a string in Lua. The argument is valid
// until the function returns; the result may be a part of it. Neither has been copied on
// its way, if it is larger than a few KiB.
func Bytes(name string, f func(ctx context.Context, data []byte) ([]byte, error), opts ...Option) {
	Raw(name, func(ctx context.Context, args *Args, out *Results) error {
		data, err := args.Bytes(0)
		if err != nil {
			return err
		}
		if data, err = f(ctx, data); err != nil {
			return err
		}
		return out.Bytes(data)
	}, opts...)
}

// Raw registers a function that reads its arguments and writes its results itself, which
// is the fastest way. Both are valid until it returns.
func Raw(name string, f func(ctx context.Context, args *Args, out *Results) error, opts ...Option) {
	made := &raw{name: name, f: f}
	register(&function{name: name, callee: made, borrows: true}, opts)
}

type raw struct {
	name string
	f    func(ctx context.Context, args *Args, out *Results) error
	free []*rawCall
}

type rawCall struct {
	of   *raw
	args Args
	out  Results
	// Of arguments that outlive the host's entry.
	slots []slot
}

func (f *raw) begin(r *reader) (invocation, error) {
	var c *rawCall
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &rawCall{of: f}
	}
	c.args.reader, c.args.function = *r, f.name
	if r.owner != nil && !r.isFresh {
		c.args.slots = c.copyFrame(r)
		c.args.isFresh = false
	}
	return c, nil
}

func (f *raw) now(r *reader, w *writer) error { return beginNow(f, r, w) }

// copyFrame copies the slots and all strings out of the inbox.
func (c *rawCall) copyFrame(r *reader) []slot {
	start := r.at
	for range r.count {
		r.skip()
	}
	c.slots = append(c.slots[:0], r.slots[start:r.at]...)
	size := 0
	for i := range c.slots {
		if c.slots[i].tag == tagString {
			size += int(c.slots[i].aux)
		}
	}
	c.args.text = make([]byte, 0, size)
	for i := range c.slots {
		if s := &c.slots[i]; s.tag == tagString && s.aux != 0 {
			at := len(c.args.text)
			c.args.text = append(c.args.text, s.text()...)
			s.payload = address(unsafe.Pointer(&c.args.text[at]))
		}
	}
	return c.slots
}

func (c *rawCall) invoke(ctx context.Context, w *writer) error {
	c.out.writer = w
	return c.of.f(ctx, &c.args, &c.out)
}

func (c *rawCall) release() {
	f := c.of
	*c = rawCall{of: f, slots: c.slots[:0]}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}

// Args are the arguments of a function registered with Raw, counted from 0.
type Args struct {
	reader
	text []byte // keeps the strings of a copied frame alive
	// The next call usually asks for the argument after the last one.
	index    int
	function string
}

// Len is how many arguments there are.
func (a *Args) Len() int { return a.count }

// seek puts the reader before an argument.
func (a *Args) seek(i int) error {
	if i < 0 || i >= a.count {
		return a.bad(i, unusable("expected a value, got no value"))
	}
	if i < a.index {
		a.at, a.index = 0, 0
	}
	for ; a.index < i; a.index++ {
		a.skip()
	}
	a.index++
	return nil
}

func (a *Args) bad(i int, err error) error {
	return badArgument(i+1, a.function, err)
}

// IsNil says whether an argument is nil or missing.
func (a *Args) IsNil(i int) bool {
	return a.seek(i) != nil || a.next().tag == tagNil
}

// Bool gives a boolean.
func (a *Args) Bool(i int) (bool, error) {
	if err := a.seek(i); err != nil {
		return false, err
	}
	s := a.next()
	if s.tag != tagBoolean {
		return false, a.bad(i, expected("boolean", s))
	}
	return s.payload != 0, nil
}

// Int gives an integer, or a number that is whole.
func (a *Args) Int(i int) (int64, error) {
	if err := a.seek(i); err != nil {
		return 0, err
	}
	s := a.next()
	if s.tag == tagInteger {
		return int64(s.payload), nil
	}
	n, err := wholeNumber(s, "integer")
	if err != nil {
		return 0, a.bad(i, err)
	}
	return n, nil
}

// Float gives a number.
func (a *Args) Float(i int) (float64, error) {
	if err := a.seek(i); err != nil {
		return 0, err
	}
	s := a.next()
	switch s.tag {
	case tagNumber:
		return math.Float64frombits(s.payload), nil
	case tagInteger:
		return float64(int64(s.payload)), nil
	}
	return 0, a.bad(i, expected("number", s))
}

// String gives a copy of a string.
func (a *Args) String(i int) (string, error) {
	b, err := a.Bytes(i)
	return string(b), err
}

// Bytes gives a view of a string's bytes, which is valid until the function returns.
func (a *Args) Bytes(i int) ([]byte, error) {
	if err := a.seek(i); err != nil {
		return nil, err
	}
	s := a.next()
	if s.tag != tagString {
		return nil, a.bad(i, expected("string", s))
	}
	return unsafe.Slice(unsafe.StringData(s.text()), int(s.aux)), nil
}

// Value gives an argument as the Go type that is nearest to it.
func (a *Args) Value(i int) (any, error) {
	if err := a.seek(i); err != nil {
		return nil, err
	}
	v, err := a.any()
	if err != nil {
		return nil, a.bad(i, err)
	}
	return v, nil
}

// Results takes the results of a function registered with Raw, in their order.
type Results struct{ writer *writer }

// Nil adds nil.
func (r *Results) Nil() { r.writer.null(); r.writer.count++ }

// Bool adds a boolean.
func (r *Results) Bool(b bool) { r.writer.boolean(b); r.writer.count++ }

// Int adds an integer.
func (r *Results) Int(n int64) { r.writer.integer(n); r.writer.count++ }

// Float adds a number.
func (r *Results) Float(f float64) { r.writer.number(f); r.writer.count++ }

// String adds a string.
func (r *Results) String(s string) error { return r.add(r.writer.string(s)) }

// Bytes adds a string whose bytes are not copied in Go.
func (r *Results) Bytes(b []byte) error { return r.add(r.writer.bytes(b)) }

// Value adds any value that can pass.
func (r *Results) Value(v any) error { return r.add(r.writer.any(v)) }

func (r *Results) add(err error) error {
	if err == nil {
		r.writer.count++
	}
	return err
}
