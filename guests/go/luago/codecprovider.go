package luago

import (
	"errors"
	"reflect"
	"unsafe"
)

// codecProvider is a type that provides its own codec, as Segment and its relatives do. This
// keeps the imports for segments out of guests that do not use them, as the linker drops the
// methods of types that are never converted to an interface. So code that is part of every guest
// must not name these types; their methods call enableSegments.
type codecProvider interface{ provideCodec() providedCodec }

// providedCodec is the codec of a codecProvider.
type providedCodec struct {
	typ    reflect.Type
	decode func(r *reader, p unsafe.Pointer) error
	encode func(w *writer, p unsafe.Pointer) error
	// Why values of the type cannot pass, if so.
	err error
}

var typeCodecProvider = reflect.TypeFor[codecProvider]()

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// providedCodecOf returns the codec that a type provides, if it does. A type that has the method
// only because it embeds such a type does not count.
func providedCodecOf(t reflect.Type) (providedCodec, bool) {
	named := t
	if t.Kind() == reflect.Pointer {
		named = t.Elem()
	}
	if named.PkgPath() != typeCodecProvider.PkgPath() || t == typeCodecProvider || !t.Implements(typeCodecProvider) ||
		named != t && named.Implements(typeCodecProvider) {
		return providedCodec{}, false
	}
	p := reflect.Zero(t).Interface().(codecProvider).provideCodec()
	return p, p.typ == t
}

// fillProvided fills in the codec of a codecProvider, and reports whether the type is one.
func fillProvided(c *codec, t reflect.Type) (ok bool, err error) {
	if p, ok := providedCodecOf(t); ok {
		c.set(p.decode, p.encode)
		return true, p.err
	}
	if t.Kind() == reflect.Struct {
		if _, ok := providedCodecOf(reflect.PointerTo(t)); ok {
			return true, errors.New("values of type " + t.String() + " cannot pass between Go and Lua: use *" + t.String())
		}
	}
	return false, nil
}
