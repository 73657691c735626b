package luago

import (
	"reflect"
	"strconv"
	"unsafe"
)

// sliceHeader is the layout of a slice in Go.
type sliceHeader struct {
	data             unsafe.Pointer
	length, capacity int
}

func (b *codecBuilder) sliceCodec(c *codec, t reflect.Type) error {
	element := t.Elem()
	if element.Kind() == reflect.Uint8 && !isText(element) {
		c.set(decodeBytes, encodeBytes)
		return nil
	}
	inner, err := b.codec(element)
	if err != nil {
		return err
	}
	size := element.Size()
	c.decode = func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		if s.tag == tagNil {
			*(*sliceHeader)(p) = sliceHeader{}
			return nil
		}
		count, err := sequenceLen(r, s)
		if err != nil {
			return err
		}
		// The count is bounded by the frame, which the host has written in full.
		made := reflect.MakeSlice(t, count, count)
		reflect.NewAt(t, p).Elem().Set(made)
		return decodeElements(r, inner, made.UnsafePointer(), size, count)
	}
	c.encode = func(w *writer, p unsafe.Pointer) error {
		h := (*sliceHeader)(p)
		var at unsafe.Pointer
		if !inner.isAcyclic && h.length > 0 {
			at = h.data
		}
		if err := w.enter(at, c); err != nil {
			return err
		}
		defer w.leave(at)
		return encodeElements(w, inner, h.data, size, h.length)
	}
	return nil
}

func (b *codecBuilder) arrayCodec(c *codec, t reflect.Type) error {
	element, length := t.Elem(), t.Len()
	if element.Kind() == reflect.Uint8 && !isText(element) {
		fillByteArray(c, length)
		return nil
	}
	inner, err := b.codec(element)
	if err != nil {
		return err
	}
	size := element.Size()
	c.decode = func(r *reader, p unsafe.Pointer) error {
		count, err := sequenceLen(r, r.next())
		if err != nil {
			return err
		}
		if count != length {
			return newMismatch("expected sequence of " + strconv.Itoa(length) + ", got one of " + strconv.Itoa(count))
		}
		return decodeElements(r, inner, p, size, count)
	}
	c.encode = func(w *writer, p unsafe.Pointer) error {
		if err := w.enter(nil, c); err != nil {
			return err
		}
		defer w.leave(nil)
		return encodeElements(w, inner, p, size, length)
	}
	c.isAcyclic = inner.isAcyclic
	return nil
}

// fillByteArray makes the codec of an array of bytes, which passes as a string of that length.
func fillByteArray(c *codec, length int) {
	c.set(func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		if s.tag != tagString {
			return expected("string", s)
		}
		if int(s.aux) != length {
			return newMismatch("expected string of " + strconv.Itoa(length) + " bytes, got " + strconv.Itoa(int(s.aux)))
		}
		copy(unsafe.Slice((*byte)(p), length), s.text())
		return nil
	}, func(w *writer, p unsafe.Pointer) error {
		// The memory of the array may be reused before the host reads the frame.
		return w.string(string(unsafe.Slice((*byte)(p), length)))
	})
}

func sequenceLen(r *reader, s *slot) (int, error) {
	if s.tag == tagSequence {
		return int(s.aux), nil
	}
	if s.tag == tagTable && s.aux > 0 {
		return 0, newMismatch("expected sequence, got table with key " + keyText(&r.slots[r.at]))
	}
	if s.tag == tagTable {
		return 0, nil
	}
	return 0, expected("sequence", s)
}

func decodeElements(r *reader, inner *codec, data unsafe.Pointer, size uintptr, count int) error {
	if err := r.enter(); err != nil {
		return err
	}
	for i := range count {
		if err := inner.decode(r, unsafe.Add(data, uintptr(i)*size)); err != nil {
			return withIndex(err, i)
		}
	}
	r.leave()
	return nil
}

func encodeElements(w *writer, inner *codec, data unsafe.Pointer, size uintptr, count int) error {
	w.sequence(count)
	for i := range count {
		if err := inner.encode(w, unsafe.Add(data, uintptr(i)*size)); err != nil {
			return withIndex(err, i)
		}
	}
	return nil
}

// keyText formats a key of a table for messages.
func keyText(s *slot) string {
	switch s.tag {
	case tagString:
		text := s.text()
		if len(text) > 40 {
			text = text[:40] + "…"
		}
		return strconv.Quote(text)
	case tagInteger:
		return strconv.FormatInt(int64(s.payload), 10)
	case tagBoolean:
		return strconv.FormatBool(s.payload != 0)
	default:
		n := reader{slots: []slot{*s}}
		f, _ := n.number()
		return formatFloat(f)
	}
}
