package luago

import (
	"encoding"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// codec converts the values of one Go type; p points to the value. There is one for a type.
type codec struct {
	decode func(r *reader, p unsafe.Pointer) error
	encode func(w *writer, p unsafe.Pointer) error
	// No value of this type can contain itself.
	isAcyclic bool
	// The tag of the slots whose payload is the value itself, or noImmediate. To read and write
	// these without a call pays, as calls cost more in wasm than what they would do here.
	immediate uint32
}

// noImmediate is not a tag.
const noImmediate = ^uint32(0)

var codecs = struct {
	sync.Mutex
	byType map[reflect.Type]*codec
	// The one that was used last.
	recent atomic.Pointer[recentCodec]
}{byType: make(map[reflect.Type]*codec)}

type recentCodec struct {
	typ   reflect.Type
	codec *codec
}

// codecOf returns the codec of a type, or an error that says why its values cannot pass.
func codecOf(t reflect.Type) (*codec, error) {
	if recent := codecs.recent.Load(); recent != nil && recent.typ == t {
		return recent.codec, nil
	}
	codecs.Lock()
	defer codecs.Unlock()
	if c, ok := codecs.byType[t]; ok {
		codecs.recent.Store(&recentCodec{t, c})
		return c, nil
	}
	b := codecBuilder{made: make(map[reflect.Type]*codec)}
	c, err := b.codec(t)
	if err != nil {
		return nil, err
	}
	for t, c := range b.made {
		codecs.byType[t] = c
	}
	return c, nil
}

// codecBuilder makes the codecs of a type and of the types inside it, which can be recursive.
type codecBuilder struct {
	made map[reflect.Type]*codec
}

func (b *codecBuilder) codec(t reflect.Type) (*codec, error) {
	if c, ok := codecs.byType[t]; ok {
		return c, nil
	}
	if c, ok := b.made[t]; ok {
		return c, nil
	}
	c := &codec{immediate: noImmediate}
	b.made[t] = c
	return c, b.fill(c, t)
}

var (
	typeError           = reflect.TypeFor[error]()
	typeFunction        = reflect.TypeFor[Function]()
	typeDuration        = reflect.TypeFor[time.Duration]()
	typeTime            = reflect.TypeFor[time.Time]()
	typeTextMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	typeTextUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (b *codecBuilder) fill(c *codec, t reflect.Type) error {
	if isSegment, err := fillProvided(c, t); isSegment {
		return err
	}
	switch {
	case t == typeDuration:
		c.set(decodeDuration, encodeDuration)
		return nil
	case t == typeTime:
		c.set(decodeTime, encodeTime)
		return nil
	case t == typeFunction:
		c.set(decodeFunction, encodeFunction)
		return nil
	case t == typeError:
		c.set(decodeError, encodeError)
		return nil
	case t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && isText(t):
		fillText(c, t)
		return nil
	}
	switch t.Kind() {
	case reflect.Bool:
		c.set(decodeBool, encodeBool)
	case reflect.Int:
		fillSigned[int](c)
		if unsafe.Sizeof(0) == 8 {
			c.immediate = tagInteger
		}
	case reflect.Int8:
		fillSigned[int8](c)
	case reflect.Int16:
		fillSigned[int16](c)
	case reflect.Int32:
		fillSigned[int32](c)
	case reflect.Int64:
		c.set(decodeInt64, encodeInt64)
		c.immediate = tagInteger
	case reflect.Uint:
		fillUnsigned[uint](c)
	case reflect.Uint8:
		fillUnsigned[uint8](c)
	case reflect.Uint16:
		fillUnsigned[uint16](c)
	case reflect.Uint32:
		fillUnsigned[uint32](c)
	case reflect.Uint64:
		fillUnsigned[uint64](c)
	case reflect.Float32:
		c.set(decodeFloat32, encodeFloat32)
	case reflect.Float64:
		c.set(decodeFloat64, encodeFloat64)
		c.immediate = tagNumber
	case reflect.String:
		c.set(decodeString, encodeString)
	case reflect.Slice:
		return b.sliceCodec(c, t)
	case reflect.Array:
		return b.arrayCodec(c, t)
	case reflect.Map:
		return b.mapCodec(c, t)
	case reflect.Struct:
		return b.structCodec(c, t)
	case reflect.Pointer:
		return b.pointerCodec(c, t)
	case reflect.Interface:
		return fillInterface(c, t)
	default:
		return cannotPass(t)
	}
	return nil
}

func (c *codec) set(decode func(*reader, unsafe.Pointer) error, encode func(*writer, unsafe.Pointer) error) {
	c.decode, c.encode, c.isAcyclic = decode, encode, true
}

// isText reports whether the type marshals itself as text, or unmarshals itself.
func isText(t reflect.Type) bool {
	return t.Implements(typeTextMarshaler) || reflect.PointerTo(t).Implements(typeTextMarshaler) ||
		reflect.PointerTo(t).Implements(typeTextUnmarshaler)
}

func cannotPass(t reflect.Type) error {
	return errors.New("values of type " + t.String() + " cannot pass between Go and Lua")
}

// pointerCodec makes the codec of a pointer: nil, or what it points to.
func (b *codecBuilder) pointerCodec(c *codec, t reflect.Type) error {
	element := t.Elem()
	inner, err := b.codec(element)
	if err != nil {
		return err
	}
	c.decode = func(r *reader, p unsafe.Pointer) error {
		if r.slots[r.at].tag == tagNil {
			r.at++
			*(*unsafe.Pointer)(p) = nil
			return nil
		}
		target := reflect.New(element).UnsafePointer()
		*(*unsafe.Pointer)(p) = target
		if err := r.enter(); err != nil {
			return err
		}
		defer r.leave()
		return inner.decode(r, target)
	}
	c.encode = func(w *writer, p unsafe.Pointer) error {
		target := *(*unsafe.Pointer)(p)
		if target == nil {
			w.null()
			return nil
		}
		if err := w.enter(target, c); err != nil {
			return err
		}
		defer w.leave(target)
		return inner.encode(w, target)
	}
	return nil
}
