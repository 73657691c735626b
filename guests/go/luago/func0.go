package luago

import (
	"context"
	"unsafe"
)

// Func0 registers a function with no parameter, besides its context, and one result.
// It panics where a type cannot pass or the name is taken.
func Func0[R any](name string, f func(ctx context.Context) (R, error), opts ...Option) {
	made := &func0[R]{name: name, f: f}
	fn := &function{name: name, callee: made}
	made.r = resultOf[R](fn)
	register(fn, opts)
}

type func0[R any] struct {
	name string
	f    func(context.Context) (R, error)
	r    result
	free []*call0[R]
	// Those of the direct path, where there is one call at a time.
	direct  values0[R]
	isDirty bool
}

type values0[R any] struct {
	r R
}

type call0[R any] struct {
	function *func0[R]
	values0[R]
}

func (f *func0[R]) bind(r *reader) (invocation, error) {
	var c *call0[R]
	if last := len(f.free) - 1; last >= 0 {
		c, f.free = f.free[last], f.free[:last]
	} else {
		c = &call0[R]{function: f}
	}
	return c, nil
}

func (f *func0[R]) callDirect(r *reader, w *writer) error {
	v := &f.direct
	if f.isDirty {
		// The last call has failed or panicked.
		*v = values0[R]{}
	}
	f.isDirty = true
	var err error
	if v.r, err = f.f(nonBlockingContext{}); err == nil && !w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		err = f.r.write(w, unsafe.Pointer(&v.r), f.name, nonBlockingContext{})
	}
	*v = values0[R]{}
	f.isDirty = false
	return err
}

func (c *call0[R]) invoke(ctx context.Context, w *writer) (err error) {
	f, v := c.function, &c.values0
	if v.r, err = f.f(ctx); err != nil || w.immediate(f.r.immediate, unsafe.Pointer(&v.r)) {
		return err
	}
	return f.r.write(w, unsafe.Pointer(&v.r), f.name, ctx)
}

func (c *call0[R]) release() {
	f := c.function
	c.values0 = values0[R]{}
	if len(f.free) < maxFree {
		f.free = append(f.free, c)
	}
}
