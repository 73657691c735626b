package luago

import (
	"context"
	"reflect"
	"unsafe"
)

// nothing is the result of a function that has none.
type nothing struct{}

// result writes the results of a function.
type result struct {
	of       *codec
	isVoid   bool
	isStream bool
	plain    uint32 // as in the codec
	typ      reflect.Type
}

func resultOf[R any](f *function) result {
	return newResult(f, reflect.TypeFor[R]())
}

func newResult(f *function, t reflect.Type) result {
	if t == reflect.TypeFor[nothing]() {
		return result{isVoid: true, plain: notPlain}
	}
	if isStream(t) {
		f.flags |= functionStream
		return result{isStream: true, typ: t, plain: notPlain}
	}
	c, err := codecOf(t)
	if err != nil {
		panic("luago: cannot register '" + f.name + "': the result: " + err.Error())
	}
	return result{of: c, typ: t, plain: c.plain}
}

func (r *result) write(w *writer, p unsafe.Pointer, function string, ctx context.Context) error {
	switch {
	case r.isVoid:
		return nil
	case r.isStream:
		return w.openStream(reflect.NewAt(r.typ, p).Elem(), function, ctx)
	}
	if err := r.of.encode(w, p); err != nil {
		return badResult(function, err)
	}
	w.count++
	return nil
}

func mustCodec[T any](complaint string) *codec {
	c, err := codecOf(reflect.TypeFor[T]())
	if err != nil {
		panic(complaint + err.Error())
	}
	return c
}
