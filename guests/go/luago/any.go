package luago

import (
	"math"
	"reflect"
	"unsafe"
)

// fillInterface makes the codec of an interface: any is read as what the value is,
// and what stands in any interface is written as what it is.
func fillInterface(c *codec, t reflect.Type) error {
	if t.NumMethod() == 0 {
		c.decode = func(r *reader, p unsafe.Pointer) error {
			v, err := r.any()
			if err != nil {
				return err
			}
			*(*any)(p) = v
			return nil
		}
		c.encode = func(w *writer, p unsafe.Pointer) error { return w.any(*(*any)(p)) }
		return nil
	}
	c.decode = func(r *reader, p unsafe.Pointer) error {
		if s := r.next(); s.tag != tagNil {
			return unusable("a value of Lua cannot become a " + t.String() + ": take a type or any instead")
		}
		return nil
	}
	c.encode = func(w *writer, p unsafe.Pointer) error {
		v := reflect.NewAt(t, p).Elem()
		if v.IsNil() {
			w.null()
			return nil
		}
		return w.any(v.Interface())
	}
	return nil
}

// any reads a value as the Go type that is nearest to it.
func (r *reader) any() (any, error) {
	s := r.next()
	switch s.tag {
	case tagNil:
		return nil, nil
	case tagBoolean:
		return s.payload != 0, nil
	case tagInteger:
		return int64(s.payload), nil
	case tagNumber:
		return math.Float64frombits(s.payload), nil
	case tagString:
		return r.own(s), nil
	case tagSequence:
		return r.anySequence(int(s.aux))
	case tagTable:
		return r.anyTable(int(s.aux))
	case tagFunction:
		return Function{uint32(s.payload), r.owner}, nil
	case tagError:
		return r.luaError(s), nil
	case tagSegment, tagView:
		return r.ofSegment(s)
	}
	return nil, unusable("a value of an unknown kind came from the host: build the guest with a newer luago.dev/go/luago")
}

func (r *reader) anySequence(count int) (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	list := make([]any, count)
	for i := range list {
		v, err := r.any()
		if err != nil {
			return nil, atIndex(err, i)
		}
		list[i] = v
	}
	r.leave()
	return list, nil
}

func (r *reader) anyTable(pairs int) (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	named := make(map[string]any, pairs)
	var keyed map[any]any
	for range pairs {
		key := r.next()
		v, err := r.any()
		if err != nil {
			return nil, within(err, "["+keyText(key)+"]")
		}
		if keyed == nil && key.tag == tagString {
			named[r.own(key)] = v
			continue
		}
		if keyed == nil {
			keyed = make(map[any]any, pairs)
			for name, v := range named {
				keyed[name] = v
			}
		}
		k, err := (&reader{slots: []slot{*key}}).any()
		if err != nil {
			return nil, err
		}
		keyed[k] = v
	}
	r.leave()
	if keyed != nil {
		return keyed, nil
	}
	return named, nil
}

// any writes a value as its own type says.
func (w *writer) any(v any) error {
	switch v := v.(type) {
	case nil:
		w.null()
	case bool:
		w.boolean(v)
	case int:
		w.integer(int64(v))
	case int64:
		w.integer(v)
	case float64:
		w.number(v)
	case string:
		return w.string(v)
	case []byte:
		return w.bytes(v)
	case Function:
		w.function(v)
	case error:
		w.err(v, "")
	default:
		return w.dynamic(v)
	}
	return nil
}

func (w *writer) dynamic(v any) error {
	t := reflect.TypeOf(v)
	c, err := codecOf(t)
	if err != nil {
		return unusable(err.Error())
	}
	box := reflect.New(t)
	box.Elem().Set(reflect.ValueOf(v))
	return c.encode(w, box.UnsafePointer())
}
