package luago

import (
	"context"
	"unsafe"
)

// Func3 registers a function with three parameters, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func3[A, B, C, R any](name string, f func(ctx context.Context, a A, b B, c C) (R, error), opts ...Option) {
	made := &func3[A, B, C, R]{name: name, f: f}
	fn := &function{name: name, callee: made}
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
	// Those of the direct path, where there is one call at a time.
	direct values3[A, B, C, R]
	isUsed bool
}

type values3[A, B, C, R any] struct {
	a A
	b B
	c C
	r R
}

type call3[A, B, C, R any] struct {
	of *func3[A, B, C, R]
	values3[A, B, C, R]
}

func (f *func3[A, B, C, R]) begin(r *reader) (invocation, error) {
	var c *call3[A, B, C, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call3[A, B, C, R]{of: f}
	}
	v := &c.values3
	if !r.plain(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return nil, err
		}
	}
	if !r.plain(f.b, unsafe.Pointer(&v.b), 2) {
		if err := r.argument(f.b, unsafe.Pointer(&v.b), f.name, 2); err != nil {
			return nil, err
		}
	}
	if !r.plain(f.c, unsafe.Pointer(&v.c), 3) {
		if err := r.argument(f.c, unsafe.Pointer(&v.c), f.name, 3); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (f *func3[A, B, C, R]) now(r *reader, w *writer) error {
	v := &f.direct
	if f.isUsed {
		// The last call has failed or panicked.
		*v = values3[A, B, C, R]{}
	}
	f.isUsed = true
	if !r.plain(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return err
		}
	}
	if !r.plain(f.b, unsafe.Pointer(&v.b), 2) {
		if err := r.argument(f.b, unsafe.Pointer(&v.b), f.name, 2); err != nil {
			return err
		}
	}
	if !r.plain(f.c, unsafe.Pointer(&v.c), 3) {
		if err := r.argument(f.c, unsafe.Pointer(&v.c), f.name, 3); err != nil {
			return err
		}
	}
	var err error
	if v.r, err = f.f(atOnce{}, v.a, v.b, v.c); err == nil && !w.plain(f.r.plain, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, atOnce{})
	}
	*v = values3[A, B, C, R]{}
	f.isUsed = false
	return err
}

func (c *call3[A, B, C, R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.of, &c.values3
	if v.r, err = f.f(ctx, v.a, v.b, v.c); err != nil || w.plain(f.r.plain, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call3[A, B, C, R]) release() {
	f := c.of
	c.values3 = values3[A, B, C, R]{}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}
