package luago

import (
	"context"
	"unsafe"
)

// Func4 registers a function with four parameters, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func4[A, B, C, D, R any](name string, f func(ctx context.Context, a A, b B, c C, d D) (R, error), opts ...Option) {
	made := &func4[A, B, C, D, R]{name: name, f: f}
	fn := &function{name: name, callee: made}
	made.a = parameterCodec[A](name, 1)
	made.b = parameterCodec[B](name, 2)
	made.c = parameterCodec[C](name, 3)
	made.d = parameterCodec[D](name, 4)
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func4[A, B, C, D, R any] struct {
	name       string
	f          func(context.Context, A, B, C, D) (R, error)
	a, b, c, d *codec
	r          result
	free       []*call4[A, B, C, D, R]
	// Those of the direct path, where there is one call at a time.
	direct  values4[A, B, C, D, R]
	isDirty bool
}

type values4[A, B, C, D, R any] struct {
	a A
	b B
	c C
	d D
	r R
}

type call4[A, B, C, D, R any] struct {
	function *func4[A, B, C, D, R]
	values4[A, B, C, D, R]
}

func (f *func4[A, B, C, D, R]) bind(r *reader) (invocation, error) {
	var c *call4[A, B, C, D, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call4[A, B, C, D, R]{function: f}
	}
	v := &c.values4
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
	if !r.immediate(f.d, unsafe.Pointer(&v.d), 4) {
		if err := r.argument(f.d, unsafe.Pointer(&v.d), f.name, 4); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (f *func4[A, B, C, D, R]) callDirect(r *reader, w *writer) error {
	v := &f.direct
	if f.isDirty {
		// The last call has failed or panicked.
		*v = values4[A, B, C, D, R]{}
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
	if !r.immediate(f.d, unsafe.Pointer(&v.d), 4) {
		if err := r.argument(f.d, unsafe.Pointer(&v.d), f.name, 4); err != nil {
			return err
		}
	}
	var err error
	if v.r, err = f.f(nonBlockingContext{}, v.a, v.b, v.c, v.d); err == nil && !w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, nonBlockingContext{})
	}
	*v = values4[A, B, C, D, R]{}
	f.isDirty = false
	return err
}

func (c *call4[A, B, C, D, R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.function, &c.values4
	if v.r, err = f.f(ctx, v.a, v.b, v.c, v.d); err != nil || w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call4[A, B, C, D, R]) release() {
	f := c.function
	c.values4 = values4[A, B, C, D, R]{}
	if len(f.free) < maxFree {
		f.free = append(f.free, c)
	}
}
