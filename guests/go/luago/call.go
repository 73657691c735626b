package luago

import (
	"context"
	"errors"
	"reflect"
	"unsafe"
)

// Function is a Lua function that was passed as an argument. It can be called during the call
// that it was passed to, and passed back to Lua.
type Function struct {
	handle uint32
	owner  *scope
}

// IsNil reports whether Lua passed nil instead of a function.
func (f Function) IsNil() bool { return f.handle == 0 && f.owner == nil }

// Call calls the function and waits for its results.
func (f Function) Call(ctx context.Context, args ...any) ([]any, error) {
	c, err := f.prepare(ctx, args)
	if err != nil {
		return nil, err
	}
	return c.waitForAll(ctx)
}

// Invoke calls a Lua function and returns its first result as an R.
func Invoke[R any](ctx context.Context, f Function, args ...any) (R, error) {
	c, err := f.prepare(ctx, args)
	if err != nil {
		var none R
		return none, err
	}
	return waitFor[R](ctx, c)
}

func (f Function) prepare(ctx context.Context, args []any) (*call, error) {
	if f.IsNil() {
		return nil, errors.New("the function to call is nil")
	}
	if f.owner == nil {
		return nil, errors.New("a function that Lua passed to a non-blocking function cannot be called: register the latter without luago.NonBlocking")
	}
	c := newCall("", f.handle, f.owner)
	return c, c.arguments(args)
}

// Call calls a function of Lua or of the host that the guest was granted, and waits for its
// results. If the context ends first, it returns the context's error.
func Call(ctx context.Context, name string, args ...any) ([]any, error) {
	c, err := prepareNamed(ctx, name, args)
	if err != nil {
		return nil, err
	}
	return c.waitForAll(ctx)
}

// Call1 is like Call and returns the first result as an R.
func Call1[R any](ctx context.Context, name string, args ...any) (R, error) {
	c, err := prepareNamed(ctx, name, args)
	if err != nil {
		var none R
		return none, err
	}
	return waitFor[R](ctx, c)
}

func prepareNamed(ctx context.Context, name string, args []any) (*call, error) {
	var of *scope
	if t, ok := ctx.(*task); ok {
		of = &t.scope
	} else {
		switch s := ctx.Value(scopeKey{}).(type) {
		case *scope:
			of = s
		case nonBlockingContext:
			return nil, errors.New("'" + name + "' cannot be called by a non-blocking function: register that one without luago.NonBlocking")
		default:
			return nil, errors.New("'" + name + "' cannot be called: the context does not come from luago; pass on the one that your function got")
		}
	}
	c := newCall(name, 0, of)
	if err := c.writer.string(name); err != nil {
		return nil, err
	}
	c.writer.count = 1
	return c, c.arguments(args)
}

func (c *call) waitForAll(ctx context.Context) ([]any, error) {
	err := c.wait(ctx, nil, nil)
	results := c.results
	c.release()
	if err != nil {
		return nil, err
	}
	return results, nil
}

func waitFor[R any](ctx context.Context, c *call) (R, error) {
	var result R
	of, err := codecOf(reflect.TypeFor[R]())
	if err != nil {
		return result, err
	}
	if of.immediate != noImmediate {
		if err = c.wait(ctx, of, unsafe.Pointer(&c.value)); err == nil {
			result = *(*R)(unsafe.Pointer(&c.value))
		}
	} else {
		into := new(R)
		if err = c.wait(ctx, of, unsafe.Pointer(into)); err == nil {
			result = *into
		}
	}
	c.release()
	return result, err
}

func decodeFunction(r *reader, p unsafe.Pointer) error {
	s := r.next()
	switch s.tag {
	case tagNil:
		*(*Function)(p) = Function{}
	case tagFunction:
		*(*Function)(p) = Function{uint32(s.payload), r.owner}
	default:
		return expected("function", s)
	}
	return nil
}

func encodeFunction(w *writer, p unsafe.Pointer) error {
	w.function(*(*Function)(p))
	return nil
}

func (w *writer) function(f Function) {
	if f.IsNil() {
		w.null()
	} else {
		w.put(tagFunction, 0, uint64(f.handle))
	}
}
