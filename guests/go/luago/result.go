package luago

import (
	"context"
	"reflect"
	"unsafe"
)

// noResult is the result of a function that has none.
type noResult struct{}

// result writes the results of a function.
type result struct {
	codec     *codec
	isVoid    bool
	isStream  bool
	immediate uint32 // as in codec
	typ       reflect.Type
}

func resultOf[R any](f *function) result {
	return newResult(f, reflect.TypeFor[R]())
}

func newResult(f *function, t reflect.Type) result {
	if t == reflect.TypeFor[noResult]() {
		return result{isVoid: true, immediate: noImmediate}
	}
	if isStream(t) {
		f.flags |= functionStream
		return result{isStream: true, typ: t, immediate: noImmediate}
	}
	c, err := codecOf(t)
	if err != nil {
		panic("luago: cannot register '" + f.name + "': the result: " + err.Error())
	}
	return result{codec: c, typ: t, immediate: c.immediate}
}

func (r *result) write(w *writer, p unsafe.Pointer, function string, ctx context.Context) error {
	switch {
	case r.isVoid:
		return nil
	case r.isStream:
		return w.openStream(reflect.NewAt(r.typ, p).Elem(), function, ctx)
	}
	if err := r.codec.encode(w, p); err != nil {
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
