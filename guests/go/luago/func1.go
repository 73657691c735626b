package luago

import (
	"context"
	"unsafe"
)

// Func1 registers a function with one parameter, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func1[A, R any](name string, f func(ctx context.Context, a A) (R, error), opts ...Option) {
	made := &func1[A, R]{name: name, f: f}
	fn := &function{name: name, callee: made}
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
	// Those of the direct path, where there is one call at a time.
	direct values1[A, R]
	isUsed bool
}

type values1[A, R any] struct {
	a A
	r R
}

type call1[A, R any] struct {
	of *func1[A, R]
	values1[A, R]
}

func (f *func1[A, R]) begin(r *reader) (invocation, error) {
	var c *call1[A, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call1[A, R]{of: f}
	}
	v := &c.values1
	if !r.plain(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (f *func1[A, R]) now(r *reader, w *writer) error {
	v := &f.direct
	if f.isUsed {
		// The last call has failed or panicked.
		*v = values1[A, R]{}
	}
	f.isUsed = true
	if !r.plain(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return err
		}
	}
	var err error
	if v.r, err = f.f(atOnce{}, v.a); err == nil && !w.plain(f.r.plain, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, atOnce{})
	}
	*v = values1[A, R]{}
	f.isUsed = false
	return err
}

func (c *call1[A, R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.of, &c.values1
	if v.r, err = f.f(ctx, v.a); err != nil || w.plain(f.r.plain, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call1[A, R]) release() {
	f := c.of
	c.values1 = values1[A, R]{}
	if len(f.free) < mostFree {
		f.free = append(f.free, c)
	}
}
