package luago

import (
	"math"
	"reflect"
	"strconv"
	"unsafe"
)

// fillInterface makes the codec of an interface type. A value of type any is decoded as the
// nearest Go type; a value in any interface is encoded by its dynamic type.
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
			return newMismatch("a value of Lua cannot become a " + t.String() + ": take a type or any instead")
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

// any reads a value as the nearest Go type.
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
		return r.ownedString(s), nil
	case tagSequence:
		return r.anySequence(int(s.aux))
	case tagTable:
		return r.anyTable(int(s.aux))
	case tagFunction:
		return Function{uint32(s.payload), r.owner}, nil
	case tagError:
		return r.luaError(s), nil
	case tagSegment, tagView:
		return r.segmentValue(s)
	}
	return nil, newMismatch("a value of an unknown kind came from the host: build the guest with a newer github.com/luago-project/luago/guests/go/luago")
}

func (r *reader) anySequence(count int) (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	list := make([]any, count)
	for i := range list {
		v, err := r.any()
		if err != nil {
			return nil, withIndex(err, i)
		}
		list[i] = v
	}
	r.leave()
	return list, nil
}

// anyTable reads a table as a map[string]any, in which integer keys are written in decimal:
// packages that take values of any type, such as encoding/json, know no other map. If that
// would lose a key, because two of them would become one, the result is a map[any]any.
func (r *reader) anyTable(pairs int) (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	named := make(map[string]any, pairs)
	// The original keys of those in named that are numbers in Lua.
	var numbers map[string]any
	var keyed map[any]any
	for range pairs {
		key := r.next()
		v, err := r.any()
		if err != nil {
			return nil, withPath(err, "["+keyText(key)+"]")
		}
		k, err := (&reader{slots: []slot{*key}}).any()
		if err != nil {
			return nil, err
		}
		if keyed == nil {
			name, isNumber, ok := keyName(k)
			if _, clashes := named[name]; ok && !clashes {
				named[name] = v
				if isNumber {
					if numbers == nil {
						numbers = make(map[string]any)
					}
					numbers[name] = k
				}
				continue
			}
			keyed = make(map[any]any, pairs)
			for name, v := range named {
				if number, isNumber := numbers[name]; isNumber {
					keyed[number] = v
				} else {
					keyed[name] = v
				}
			}
		}
		keyed[k] = v
	}
	r.leave()
	if keyed != nil {
		return keyed, nil
	}
	return named, nil
}

// keyName returns the string for a table key that is a string or an integer. In Lua 5.1 and
// 5.2 integers are floats.
func keyName(key any) (name string, isNumber, ok bool) {
	switch key := key.(type) {
	case string:
		return key, false, true
	case int64:
		return strconv.FormatInt(key, 10), true, true
	case float64:
		if key == math.Trunc(key) && math.Abs(key) <= 1<<53 {
			return strconv.FormatInt(int64(key), 10), true, true
		}
	}
	return "", false, false
}

// any writes a value by its dynamic type.
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
		w.err(v)
	default:
		return w.dynamic(v)
	}
	return nil
}

func (w *writer) dynamic(v any) error {
	t := reflect.TypeOf(v)
	c, err := codecOf(t)
	if err != nil {
		return newMismatch(err.Error())
	}
	box := reflect.New(t)
	box.Elem().Set(reflect.ValueOf(v))
	return c.encode(w, box.UnsafePointer())
}
