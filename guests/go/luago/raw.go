package luago

import (
	"context"
	"math"
	"reflect"
	"unsafe"
)

// Bytes registers a function from bytes to bytes, which are strings in Lua. The argument is valid
// until the function returns; the result may be a part of it. If they are larger than a few KiB,
// neither is copied within the guest.
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

// Raw registers a function that reads its arguments and writes its results itself, which is the
// fastest way. Both are valid until the function returns.
func Raw(name string, f func(ctx context.Context, args *Args, out *Results) error, opts ...Option) {
	made := &raw{name: name, f: f}
	register(&function{name: name, callee: made, borrowsFrame: true}, opts)
}

type raw struct {
	name string
	f    func(ctx context.Context, args *Args, out *Results) error
	free []*rawCall
	// For direct calls, which are made one at a time.
	args Args
	out  Results
}

type rawCall struct {
	function *raw
	args     Args
	out      Results
	// A copy of the frame, which outlives the host's entry.
	frame reader
	slots []slot
}

func (f *raw) bind(r *reader) (invocation, error) {
	var c *rawCall
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &rawCall{function: f}
	}
	c.frame = *r
	if !r.isOwned {
		c.frame.slots = c.copyFrame(r)
	}
	r.isRetained = true
	c.args.reader, c.args.function = &c.frame, f.name
	return c, nil
}

func (f *raw) callDirect(r *reader, w *writer) error {
	a := &f.args
	if a.reader != r || f.out.writer != w {
		a.reader, a.function, f.out.writer = r, f.name, w
	}
	a.index = 0
	if len(a.retained) > 0 {
		// The last call has panicked.
		a.releaseRetained()
	}
	err := f.f(nonBlockingContext{}, a, &f.out)
	if len(a.retained) > 0 {
		a.releaseRetained()
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
	if segments.releaseUnclaimed != nil {
		defer segments.releaseUnclaimed(&c.frame)
	}
	return c.function.f(ctx, &c.args, &c.out)
}

func (c *rawCall) release() {
	f := c.function
	*c = rawCall{function: f, slots: c.slots[:0]}
	if len(f.free) < maxFree {
		f.free = append(f.free, c)
	}
}

// Args are the arguments of a function registered with [Raw], counted from 0.
type Args struct {
	*reader
	text []byte // keeps the strings of a copied frame alive
	// The argument that the reader is at: usually the next to be read.
	index    int
	function string
	// What Arg has returned: the function may use slices of a segment in it.
	retained []unsafe.Pointer
}

func (a *Args) releaseRetained() {
	clear(a.retained)
	a.retained = a.retained[:0]
}

// Len returns the number of arguments.
func (a *Args) Len() int { return a.count }

// seek moves the reader to an argument, and returns its first slot.
func (a *Args) seek(i int) (*slot, error) {
	if i != a.index || i >= a.count {
		if i < 0 || i >= a.count {
			return nil, a.argumentError(i, newMismatch("expected a value, got no value"))
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

// advance moves the reader past an argument of one slot.
func (a *Args) advance() {
	a.at++
	a.index++
}

func (a *Args) argumentError(i int, err error) error {
	return badArgument(i+1, a.function, err)
}

// IsNil reports whether an argument is nil or missing.
func (a *Args) IsNil(i int) bool {
	s, err := a.seek(i)
	return err != nil || s.tag == tagNil
}

// Bool returns a boolean.
func (a *Args) Bool(i int) (bool, error) {
	s, err := a.seek(i)
	if err != nil {
		return false, err
	}
	if s.tag != tagBoolean {
		return false, a.argumentError(i, expected("boolean", s))
	}
	a.advance()
	return s.payload != 0, nil
}

// Int returns an integer, or a number without a fraction.
func (a *Args) Int(i int) (int64, error) {
	s, err := a.seek(i)
	if err != nil {
		return 0, err
	}
	n := int64(s.payload)
	if s.tag != tagInteger {
		if n, err = wholeNumber(s, "integer"); err != nil {
			return 0, a.argumentError(i, err)
		}
	}
	a.advance()
	return n, nil
}

// Float returns a number.
func (a *Args) Float(i int) (float64, error) {
	s, err := a.seek(i)
	if err != nil {
		return 0, err
	}
	f := math.Float64frombits(s.payload)
	if s.tag != tagNumber {
		if s.tag != tagInteger {
			return 0, a.argumentError(i, expected("number", s))
		}
		f = float64(int64(s.payload))
	}
	a.advance()
	return f, nil
}

// String returns a copy of a string.
func (a *Args) String(i int) (string, error) {
	b, err := a.Bytes(i)
	return string(b), err
}

// Bytes returns the bytes of a string without a copy. They are valid until the function returns.
func (a *Args) Bytes(i int) ([]byte, error) {
	s, err := a.seek(i)
	if err != nil {
		return nil, err
	}
	if s.tag != tagString {
		return nil, a.argumentError(i, expected("string", s))
	}
	a.advance()
	return unsafe.Slice(unsafe.StringData(s.text()), int(s.aux)), nil
}

// Value returns an argument as the nearest Go type.
func (a *Args) Value(i int) (any, error) {
	if _, err := a.seek(i); err != nil {
		return nil, err
	}
	v, err := a.any()
	if err != nil {
		// The reader is in the middle of a value.
		a.at, a.index, a.depth = 0, 0, 0
		return nil, a.argumentError(i, err)
	}
	a.index++
	return v, nil
}

// Arg returns an argument as a T, converted as for functions that are registered with types: a
// struct, say, or a [*Segment], which is kept until the function returns.
func Arg[T any](a *Args, i int) (T, error) {
	into := new(T)
	c, err := codecOf(reflect.TypeFor[T]())
	if err != nil {
		return *into, a.argumentError(i, err)
	}
	if _, err := a.seek(i); err != nil {
		return *into, err
	}
	if err := c.decode(a.reader, unsafe.Pointer(into)); err != nil {
		// The reader is in the middle of a value.
		a.at, a.index, a.depth = 0, 0, 0
		return *into, a.argumentError(i, err)
	}
	a.index++
	if segments.releaseUnclaimed != nil {
		a.retained = append(a.retained, unsafe.Pointer(into))
	}
	return *into, nil
}

// Results takes the results of a function registered with [Raw], in order.
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

// Bytes adds a string without copying its bytes in Go.
func (r *Results) Bytes(b []byte) error { return r.add(r.writer.bytes(b)) }

// Value adds a value of any type that can pass.
func (r *Results) Value(v any) error { return r.add(r.writer.any(v)) }

func (r *Results) add(err error) error {
	if err == nil {
		r.writer.count++
	}
	return err
}
