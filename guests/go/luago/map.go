package luago

import (
	"errors"
	"reflect"
	"unsafe"
)

func (b *codecBuilder) mapCodec(c *codec, t reflect.Type) error {
	if !isKeyType(t.Key()) {
		return errors.New("keys of type " + t.Key().String() + " cannot pass between Go and Lua: " +
			"they are to be strings, booleans, numbers or any")
	}
	key, err := b.codec(t.Key())
	if err != nil {
		return err
	}
	value, err := b.codec(t.Elem())
	if err != nil {
		return err
	}
	c.decode = func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		target := reflect.NewAt(t, p).Elem()
		if s.tag == tagNil {
			target.SetZero()
			return nil
		}
		if s.tag != tagTable && s.tag != tagSequence {
			return expected("table", s)
		}
		if err := r.enter(); err != nil {
			return err
		}
		made := reflect.MakeMapWithSize(t, int(s.aux))
		target.Set(made)
		k, v := reflect.New(t.Key()), reflect.New(t.Elem())
		for i := range int(s.aux) {
			k.Elem().SetZero()
			v.Elem().SetZero()
			shown := slot{tag: tagInteger, payload: uint64(i + 1)}
			if s.tag == tagTable {
				shown = r.slots[r.at]
				if err := key.decode(r, k.UnsafePointer()); err != nil {
					return withPath(err, "[key "+keyText(&shown)+"]")
				}
			} else {
				index := reader{slots: []slot{shown}}
				if err := key.decode(&index, k.UnsafePointer()); err != nil {
					return withPath(err, "[key "+keyText(&shown)+"]")
				}
			}
			if err := value.decode(r, v.UnsafePointer()); err != nil {
				return withPath(err, "["+keyText(&shown)+"]")
			}
			made.SetMapIndex(k.Elem(), v.Elem())
		}
		r.leave()
		return nil
	}
	c.encode = func(w *writer, p unsafe.Pointer) error {
		m := reflect.NewAt(t, p).Elem()
		if m.Len() == 0 {
			w.sequence(0)
			return nil
		}
		var at unsafe.Pointer
		if !value.isAcyclic {
			at = m.UnsafePointer()
		}
		if err := w.enter(at, c); err != nil {
			return err
		}
		defer w.leave(at)
		head, pairs := w.table(), 0
		k, v := reflect.New(t.Key()), reflect.New(t.Elem())
		for each := m.MapRange(); each.Next(); {
			k.Elem().SetIterKey(each)
			v.Elem().SetIterValue(each)
			ok, err := w.pair(key, value, k.UnsafePointer(), v.UnsafePointer())
			if err != nil {
				return err
			}
			if ok {
				pairs++
			}
		}
		w.endTable(head, pairs)
		return nil
	}
	return nil
}

// pair writes a key and a value, or nothing if the value is nil.
func (w *writer) pair(key, value *codec, k, v unsafe.Pointer) (bool, error) {
	start := len(w.slots)
	if err := key.encode(w, k); err != nil {
		return false, err
	}
	if err := checkKey(&w.slots[start]); err != nil {
		return false, err
	}
	at := len(w.slots)
	if err := value.encode(w, v); err != nil {
		return false, withPath(err, "["+keyText(&w.slots[start])+"]")
	}
	if w.slots[at].tag == tagNil {
		w.slots = w.slots[:start]
		return false, nil
	}
	return true, nil
}

func checkKey(s *slot) error {
	switch s.tag {
	case tagString, tagBoolean, tagInteger:
		return nil
	case tagNumber:
		if n := (reader{slots: []slot{*s}}); !isNaN(&n) {
			return nil
		}
		return newMismatch("a table cannot have the key NaN")
	default:
		return newMismatch("a table cannot have a key that is a " + s.luaType())
	}
}

func isNaN(r *reader) bool {
	f, _ := r.number()
	return f != f
}

func isKeyType(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	case reflect.Interface:
		return t.NumMethod() == 0
	}
	return isText(t)
}
