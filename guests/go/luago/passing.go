package luago

import (
	"errors"
	"reflect"
	"unsafe"
)

// passer is what the types of segments are: they bring their own codecs. That keeps a guest
// that does not use them free of the host's functions for segments, as the linker leaves out
// the methods of types that no value can have. So nothing that every guest has may name the
// types themselves, and the method calls useSegments.
type passer interface{ passes() passing }

// passing is how the values of a type pass.
type passing struct {
	of     reflect.Type
	decode func(r *reader, p unsafe.Pointer) error
	encode func(w *writer, p unsafe.Pointer) error
	// Why they cannot, if so.
	err error
}

var typePasser = reflect.TypeFor[passer]()

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// passingOf is how the values of a type pass, if it is a type of segments. A struct or a
// pointer that has the method from what is inside it is none.
func passingOf(t reflect.Type) (passing, bool) {
	named := t
	if t.Kind() == reflect.Pointer {
		named = t.Elem()
	}
	if named.PkgPath() != typePasser.PkgPath() || t == typePasser || !t.Implements(typePasser) ||
		named != t && named.Implements(typePasser) {
		return passing{}, false
	}
	p := reflect.Zero(t).Interface().(passer).passes()
	return p, p.of == t
}

// fillPassing makes the codec of a type of segments, and says whether it is one.
func fillPassing(c *codec, t reflect.Type) (ok bool, err error) {
	if p, ok := passingOf(t); ok {
		c.set(p.decode, p.encode)
		return true, p.err
	}
	if t.Kind() == reflect.Struct {
		if _, ok := passingOf(reflect.PointerTo(t)); ok {
			return true, errors.New("values of type " + t.String() + " cannot pass between Go and Lua: use *" + t.String())
		}
	}
	return false, nil
}
