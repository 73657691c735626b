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
	made.a = parameterCodec[A](name, 1)
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
	direct  values1[A, R]
	isDirty bool
}

type values1[A, R any] struct {
	a A
	r R
}

type call1[A, R any] struct {
	function *func1[A, R]
	values1[A, R]
}

func (f *func1[A, R]) bind(r *reader) (invocation, error) {
	var c *call1[A, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call1[A, R]{function: f}
	}
	v := &c.values1
	if !r.immediate(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (f *func1[A, R]) callDirect(r *reader, w *writer) error {
	v := &f.direct
	if f.isDirty {
		// The last call has failed or panicked.
		*v = values1[A, R]{}
	}
	f.isDirty = true
	if !r.immediate(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return err
		}
	}
	var err error
	if v.r, err = f.f(nonBlockingContext{}, v.a); err == nil && !w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, nonBlockingContext{})
	}
	*v = values1[A, R]{}
	f.isDirty = false
	return err
}

func (c *call1[A, R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.function, &c.values1
	if v.r, err = f.f(ctx, v.a); err != nil || w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call1[A, R]) release() {
	f := c.function
	c.values1 = values1[A, R]{}
	if len(f.free) < maxFree {
		f.free = append(f.free, c)
	}
}
