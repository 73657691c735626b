package luago

import (
	"context"
	"unsafe"
)

// mostFree bounds the finished calls of a function that are kept for reuse.
const mostFree = 64

// Func0 registers a function with no parameter, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func0[R any](name string, f func(ctx context.Context) (R, error), opts ...Option) {
	made := &func0[R]{f: f}
	fn := &function{name: name, callee: made}
	made.name = name
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func0[R any] struct {
	name string
	f    func(context.Context) (R, error)
	r    result
	free []*call0[R]
	// The call of the direct path, where there is one at a time.
	direct call0[R]
	isUsed bool
}

type call0[R any] struct {
	of *func0[R]
	r  R
}

func (f *func0[R]) begin(r *reader) (invocation, error) {
	var c *call0[R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call0[R]{of: f}
	}
	return c, nil
}

func (f *func0[R]) now(r *reader, w *writer) error {
	c := &f.direct
	if f.isUsed {
		// The last call has panicked.
		*c = call0[R]{}
	}
	f.isUsed = true
	var err error
	if c.r, err = f.f(atOnce{}); err == nil {
		err = f.r.write(w, unsafe.Pointer(&c.r), f.name, atOnce{})
	}
	*c = call0[R]{}
	f.isUsed = false
	return err
}

func (c *call0[R]) invoke(ctx context.Context, w *writer) (err error) {
	f := c.of
	if c.r, err = f.f(ctx); err != nil {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&c.r), f.name, ctx)
}

func (c *call0[R]) release() {
	f := c.of
	*c = call0[R]{of: f}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}

// Func1 registers a function with one parameter, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func1[A, R any](name string, f func(ctx context.Context, a A) (R, error), opts ...Option) {
	made := &func1[A, R]{f: f}
	fn := &function{name: name, callee: made}
	made.name = name
	made.a = parameter[A](name, 1)
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func1[A, R any] struct {
	name string
	f    func(context.Context, A) (R, error)
	a    *codec
	r    result
	free []*call1[A, R]
	// The call of the direct path, where there is one at a time.
	direct call1[A, R]
	isUsed bool
}

type call1[A, R any] struct {
	of *func1[A, R]
	a  A
	r  R
}

func (f *func1[A, R]) begin(r *reader) (invocation, error) {
	var c *call1[A, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call1[A, R]{of: f}
	}
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return nil, err
	}
	return c, nil
}

func (f *func1[A, R]) now(r *reader, w *writer) error {
	c := &f.direct
	if f.isUsed {
		// The last call has panicked.
		*c = call1[A, R]{}
	}
	f.isUsed = true
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return err
	}
	var err error
	if c.r, err = f.f(atOnce{}, c.a); err == nil {
		err = f.r.write(w, unsafe.Pointer(&c.r), f.name, atOnce{})
	}
	*c = call1[A, R]{}
	f.isUsed = false
	return err
}

func (c *call1[A, R]) invoke(ctx context.Context, w *writer) (err error) {
	f := c.of
	if c.r, err = f.f(ctx, c.a); err != nil {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&c.r), f.name, ctx)
}

func (c *call1[A, R]) release() {
	f := c.of
	*c = call1[A, R]{of: f}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}

// Func2 registers a function with two parameters, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func2[A, B, R any](name string, f func(ctx context.Context, a A, b B) (R, error), opts ...Option) {
	made := &func2[A, B, R]{f: f}
	fn := &function{name: name, callee: made}
	made.name = name
	made.a = parameter[A](name, 1)
	made.b = parameter[B](name, 2)
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func2[A, B, R any] struct {
	name string
	f    func(context.Context, A, B) (R, error)
	a, b *codec
	r    result
	free []*call2[A, B, R]
	// The call of the direct path, where there is one at a time.
	direct call2[A, B, R]
	isUsed bool
}

type call2[A, B, R any] struct {
	of *func2[A, B, R]
	a  A
	b  B
	r  R
}

func (f *func2[A, B, R]) begin(r *reader) (invocation, error) {
	var c *call2[A, B, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call2[A, B, R]{of: f}
	}
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return nil, err
	}
	if err := r.argument(f.b, unsafe.Pointer(&c.b), f.name, 2); err != nil {
		return nil, err
	}
	return c, nil
}

func (f *func2[A, B, R]) now(r *reader, w *writer) error {
	c := &f.direct
	if f.isUsed {
		// The last call has panicked.
		*c = call2[A, B, R]{}
	}
	f.isUsed = true
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return err
	}
	if err := r.argument(f.b, unsafe.Pointer(&c.b), f.name, 2); err != nil {
		return err
	}
	var err error
	if c.r, err = f.f(atOnce{}, c.a, c.b); err == nil {
		err = f.r.write(w, unsafe.Pointer(&c.r), f.name, atOnce{})
	}
	*c = call2[A, B, R]{}
	f.isUsed = false
	return err
}

func (c *call2[A, B, R]) invoke(ctx context.Context, w *writer) (err error) {
	f := c.of
	if c.r, err = f.f(ctx, c.a, c.b); err != nil {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&c.r), f.name, ctx)
}

func (c *call2[A, B, R]) release() {
	f := c.of
	*c = call2[A, B, R]{of: f}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}

// Func3 registers a function with three parameters, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func3[A, B, C, R any](name string, f func(ctx context.Context, a A, b B, c C) (R, error), opts ...Option) {
	made := &func3[A, B, C, R]{f: f}
	fn := &function{name: name, callee: made}
	made.name = name
	made.a = parameter[A](name, 1)
	made.b = parameter[B](name, 2)
	made.c = parameter[C](name, 3)
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func3[A, B, C, R any] struct {
	name    string
	f       func(context.Context, A, B, C) (R, error)
	a, b, c *codec
	r       result
	free    []*call3[A, B, C, R]
	// The call of the direct path, where there is one at a time.
	direct call3[A, B, C, R]
	isUsed bool
}

type call3[A, B, C, R any] struct {
	of *func3[A, B, C, R]
	a  A
	b  B
	c  C
	r  R
}

func (f *func3[A, B, C, R]) begin(r *reader) (invocation, error) {
	var c *call3[A, B, C, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call3[A, B, C, R]{of: f}
	}
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return nil, err
	}
	if err := r.argument(f.b, unsafe.Pointer(&c.b), f.name, 2); err != nil {
		return nil, err
	}
	if err := r.argument(f.c, unsafe.Pointer(&c.c), f.name, 3); err != nil {
		return nil, err
	}
	return c, nil
}

func (f *func3[A, B, C, R]) now(r *reader, w *writer) error {
	c := &f.direct
	if f.isUsed {
		// The last call has panicked.
		*c = call3[A, B, C, R]{}
	}
	f.isUsed = true
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return err
	}
	if err := r.argument(f.b, unsafe.Pointer(&c.b), f.name, 2); err != nil {
		return err
	}
	if err := r.argument(f.c, unsafe.Pointer(&c.c), f.name, 3); err != nil {
		return err
	}
	var err error
	if c.r, err = f.f(atOnce{}, c.a, c.b, c.c); err == nil {
		err = f.r.write(w, unsafe.Pointer(&c.r), f.name, atOnce{})
	}
	*c = call3[A, B, C, R]{}
	f.isUsed = false
	return err
}

func (c *call3[A, B, C, R]) invoke(ctx context.Context, w *writer) (err error) {
	f := c.of
	if c.r, err = f.f(ctx, c.a, c.b, c.c); err != nil {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&c.r), f.name, ctx)
}

func (c *call3[A, B, C, R]) release() {
	f := c.of
	*c = call3[A, B, C, R]{of: f}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}

// Func4 registers a function with four parameters, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func4[A, B, C, D, R any](name string, f func(ctx context.Context, a A, b B, c C, d D) (R, error), opts ...Option) {
	made := &func4[A, B, C, D, R]{f: f}
	fn := &function{name: name, callee: made}
	made.name = name
	made.a = parameter[A](name, 1)
	made.b = parameter[B](name, 2)
	made.c = parameter[C](name, 3)
	made.d = parameter[D](name, 4)
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func4[A, B, C, D, R any] struct {
	name       string
	f          func(context.Context, A, B, C, D) (R, error)
	a, b, c, d *codec
	r          result
	free       []*call4[A, B, C, D, R]
	// The call of the direct path, where there is one at a time.
	direct call4[A, B, C, D, R]
	isUsed bool
}

type call4[A, B, C, D, R any] struct {
	of *func4[A, B, C, D, R]
	a  A
	b  B
	c  C
	d  D
	r  R
}

func (f *func4[A, B, C, D, R]) begin(r *reader) (invocation, error) {
	var c *call4[A, B, C, D, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call4[A, B, C, D, R]{of: f}
	}
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return nil, err
	}
	if err := r.argument(f.b, unsafe.Pointer(&c.b), f.name, 2); err != nil {
		return nil, err
	}
	if err := r.argument(f.c, unsafe.Pointer(&c.c), f.name, 3); err != nil {
		return nil, err
	}
	if err := r.argument(f.d, unsafe.Pointer(&c.d), f.name, 4); err != nil {
		return nil, err
	}
	return c, nil
}

func (f *func4[A, B, C, D, R]) now(r *reader, w *writer) error {
	c := &f.direct
	if f.isUsed {
		// The last call has panicked.
		*c = call4[A, B, C, D, R]{}
	}
	f.isUsed = true
	if err := r.argument(f.a, unsafe.Pointer(&c.a), f.name, 1); err != nil {
		return err
	}
	if err := r.argument(f.b, unsafe.Pointer(&c.b), f.name, 2); err != nil {
		return err
	}
	if err := r.argument(f.c, unsafe.Pointer(&c.c), f.name, 3); err != nil {
		return err
	}
	if err := r.argument(f.d, unsafe.Pointer(&c.d), f.name, 4); err != nil {
		return err
	}
	var err error
	if c.r, err = f.f(atOnce{}, c.a, c.b, c.c, c.d); err == nil {
		err = f.r.write(w, unsafe.Pointer(&c.r), f.name, atOnce{})
	}
	*c = call4[A, B, C, D, R]{}
	f.isUsed = false
	return err
}

func (c *call4[A, B, C, D, R]) invoke(ctx context.Context, w *writer) (err error) {
	f := c.of
	if c.r, err = f.f(ctx, c.a, c.b, c.c, c.d); err != nil {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&c.r), f.name, ctx)
}

func (c *call4[A, B, C, D, R]) release() {
	f := c.of
	*c = call4[A, B, C, D, R]{of: f}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}
