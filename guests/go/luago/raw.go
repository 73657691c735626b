package luago

import (
	"context"
	"math"
	"reflect"
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
	// Those of the direct path, where there is one call at a time.
	args Args
	out  Results
}

type rawCall struct {
	of   *raw
	args Args
	out  Results
	// The frame of arguments that outlive the host's entry.
	frame reader
	slots []slot
}

func (f *raw) begin(r *reader) (invocation, error) {
	var c *rawCall
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &rawCall{of: f}
	}
	c.frame = *r
	if !r.isFresh {
		c.frame.slots = c.copyFrame(r)
	}
	r.isKept = true
	c.args.reader, c.args.function = &c.frame, f.name
	return c, nil
}

func (f *raw) now(r *reader, w *writer) error {
	a := &f.args
	if a.reader != r || f.out.writer != w {
		a.reader, a.function, f.out.writer = r, f.name, w
	}
	a.index = 0
	if len(a.held) > 0 {
		// The last call has panicked.
		a.letGo()
	}
	err := f.f(atOnce{}, a, &f.out)
	if len(a.held) > 0 {
		a.letGo()
	}
	return err
}

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
	if segments.giveBack != nil {
		defer segments.giveBack(&c.frame)
	}
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
	*reader
	text []byte // keeps the strings of a copied frame alive
	// The argument that the reader stands before: usually the next to be asked for.
	index    int
	function string
	// What Arg gave: the function may have slices of a segment in it.
	held []unsafe.Pointer
}

func (a *Args) letGo() {
	clear(a.held)
	a.held = a.held[:0]
}

// Len is how many arguments there are.
func (a *Args) Len() int { return a.count }

// seek puts the reader before an argument, whose head it gives.
func (a *Args) seek(i int) (*slot, error) {
	if i != a.index || i >= a.count {
		if i < 0 || i >= a.count {
			return nil, a.bad(i, unusable("expected a value, got no value"))
		}
		if i < a.index {
			a.at, a.index = 0, 0
		}
		for ; a.index < i; a.index++ {
			a.skip()
		}
	}
	return &a.slots[a.at], nil
}

// pass puts the reader after an argument that is no compound.
func (a *Args) pass() {
	a.at++
	a.index++
}

func (a *Args) bad(i int, err error) error {
	return badArgument(i+1, a.function, err)
}

// IsNil says whether an argument is nil or missing.
func (a *Args) IsNil(i int) bool {
	s, err := a.seek(i)
	return err != nil || s.tag == tagNil
}

// Bool gives a boolean.
func (a *Args) Bool(i int) (bool, error) {
	s, err := a.seek(i)
	if err != nil {
		return false, err
	}
	if s.tag != tagBoolean {
		return false, a.bad(i, expected("boolean", s))
	}
	a.pass()
	return s.payload != 0, nil
}

// Int gives an integer, or a number that is whole.
func (a *Args) Int(i int) (int64, error) {
	s, err := a.seek(i)
	if err != nil {
		return 0, err
	}
	n := int64(s.payload)
	if s.tag != tagInteger {
		if n, err = wholeNumber(s, "integer"); err != nil {
			return 0, a.bad(i, err)
		}
	}
	a.pass()
	return n, nil
}

// Float gives a number.
func (a *Args) Float(i int) (float64, error) {
	s, err := a.seek(i)
	if err != nil {
		return 0, err
	}
	f := math.Float64frombits(s.payload)
	if s.tag != tagNumber {
		if s.tag != tagInteger {
			return 0, a.bad(i, expected("number", s))
		}
		f = float64(int64(s.payload))
	}
	a.pass()
	return f, nil
}

// String gives a copy of a string.
func (a *Args) String(i int) (string, error) {
	b, err := a.Bytes(i)
	return string(b), err
}

// Bytes gives a view of a string's bytes, which is valid until the function returns.
func (a *Args) Bytes(i int) ([]byte, error) {
	s, err := a.seek(i)
	if err != nil {
		return nil, err
	}
	if s.tag != tagString {
		return nil, a.bad(i, expected("string", s))
	}
	a.pass()
	return unsafe.Slice(unsafe.StringData(s.text()), int(s.aux)), nil
}

// Value gives an argument as the Go type that is nearest to it.
func (a *Args) Value(i int) (any, error) {
	if _, err := a.seek(i); err != nil {
		return nil, err
	}
	v, err := a.any()
	if err != nil {
		// It stands in the middle of a value.
		a.at, a.index, a.depth = 0, 0, 0
		return nil, a.bad(i, err)
	}
	a.index++
	return v, nil
}

// Arg gives an argument as a T, as the functions get theirs that are registered with types: a
// struct, say, or a [*Segment], which is kept until the function returns.
func Arg[T any](a *Args, i int) (T, error) {
	into := new(T)
	c, err := codecOf(reflect.TypeFor[T]())
	if err != nil {
		return *into, a.bad(i, err)
	}
	if _, err := a.seek(i); err != nil {
		return *into, err
	}
	if err := c.decode(a.reader, unsafe.Pointer(into)); err != nil {
		// It stands in the middle of a value.
		a.at, a.index, a.depth = 0, 0, 0
		return *into, a.bad(i, err)
	}
	a.index++
	if segments.giveBack != nil {
		a.held = append(a.held, unsafe.Pointer(into))
	}
	return *into, nil
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
