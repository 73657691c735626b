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
	made.a = parameterCodec[A](name, 1)
	made.b = parameterCodec[B](name, 2)
	made.c = parameterCodec[C](name, 3)
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
	direct  values3[A, B, C, R]
	isDirty bool
}

type values3[A, B, C, R any] struct {
	a A
	b B
	c C
	r R
}

type call3[A, B, C, R any] struct {
	function *func3[A, B, C, R]
	values3[A, B, C, R]
}

func (f *func3[A, B, C, R]) bind(r *reader) (invocation, error) {
	var c *call3[A, B, C, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call3[A, B, C, R]{function: f}
	}
	v := &c.values3
	if !r.immediate(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return nil, err
		}
	}
	if !r.immediate(f.b, unsafe.Pointer(&v.b), 2) {
		if err := r.argument(f.b, unsafe.Pointer(&v.b), f.name, 2); err != nil {
			return nil, err
		}
	}
	if !r.immediate(f.c, unsafe.Pointer(&v.c), 3) {
		if err := r.argument(f.c, unsafe.Pointer(&v.c), f.name, 3); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (f *func3[A, B, C, R]) callDirect(r *reader, w *writer) error {
	v := &f.direct
	if f.isDirty {
		// The last call has failed or panicked.
		*v = values3[A, B, C, R]{}
	}
	f.isDirty = true
	if !r.immediate(f.a, unsafe.Pointer(&v.a), 1) {
		if err := r.argument(f.a, unsafe.Pointer(&v.a), f.name, 1); err != nil {
			return err
		}
	}
	if !r.immediate(f.b, unsafe.Pointer(&v.b), 2) {
		if err := r.argument(f.b, unsafe.Pointer(&v.b), f.name, 2); err != nil {
			return err
		}
	}
	if !r.immediate(f.c, unsafe.Pointer(&v.c), 3) {
		if err := r.argument(f.c, unsafe.Pointer(&v.c), f.name, 3); err != nil {
			return err
		}
	}
	var err error
	if v.r, err = f.f(nonBlockingContext{}, v.a, v.b, v.c); err == nil && !w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, nonBlockingContext{})
	}
	*v = values3[A, B, C, R]{}
	f.isDirty = false
	return err
}

func (c *call3[A, B, C, R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.function, &c.values3
	if v.r, err = f.f(ctx, v.a, v.b, v.c); err != nil || w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call3[A, B, C, R]) release() {
	f := c.function
	c.values3 = values3[A, B, C, R]{}
	if len(f.free) < maxFree {
		f.free = append(f.free, c)
	}
}
