package luago

import (
	"context"
	"unsafe"
)

// Func2 registers a function with two parameters, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func2[A, B, R any](name string, f func(ctx context.Context, a A, b B) (R, error), opts ...Option) {
	made := &func2[A, B, R]{name: name, f: f}
	fn := &function{name: name, callee: made}
	made.a = parameterCodec[A](name, 1)
	made.b = parameterCodec[B](name, 2)
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func2[A, B, R any] struct {
	name string
	f    func(context.Context, A, B) (R, error)
	a, b *codec
	r    result
	free []*call2[A, B, R]
	// Those of the direct path, where there is one call at a time.
	direct  values2[A, B, R]
	isDirty bool
}

type values2[A, B, R any] struct {
	a A
	b B
	r R
}

type call2[A, B, R any] struct {
	function *func2[A, B, R]
	values2[A, B, R]
}

func (f *func2[A, B, R]) bind(r *reader) (invocation, error) {
	var c *call2[A, B, R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call2[A, B, R]{function: f}
	}
	v := &c.values2
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
	return c, nil
}

func (f *func2[A, B, R]) callDirect(r *reader, w *writer) error {
	v := &f.direct
	if f.isDirty {
		// The last call has failed or panicked.
		*v = values2[A, B, R]{}
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
	var err error
	if v.r, err = f.f(nonBlockingContext{}, v.a, v.b); err == nil && !w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, nonBlockingContext{})
	}
	*v = values2[A, B, R]{}
	f.isDirty = false
	return err
}

func (c *call2[A, B, R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.function, &c.values2
	if v.r, err = f.f(ctx, v.a, v.b); err != nil || w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call2[A, B, R]) release() {
	f := c.function
	c.values2 = values2[A, B, R]{}
	if len(f.free) < maxFree {
		f.free = append(f.free, c)
	}
}
