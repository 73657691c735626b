package luago

import (
	"encoding"
	"reflect"
	"time"
	"unsafe"
)

func decodeDuration(r *reader, p unsafe.Pointer) error {
	f, err := r.number()
	if err != nil {
		return err
	}
	ns := f * float64(time.Second)
	if !(ns >= -1<<63 && ns < 1<<63) {
		return newMismatch("expected number of seconds within 292 years, got " + formatFloat(f))
	}
	*(*time.Duration)(p) = time.Duration(ns)
	return nil
}

func encodeDuration(w *writer, p unsafe.Pointer) error {
	w.number((*(*time.Duration)(p)).Seconds())
	return nil
}

func decodeTime(r *reader, p unsafe.Pointer) error {
	s := r.next()
	if s.tag != tagString {
		return expected("string with a time as in RFC 3339", s)
	}
	if s.aux == 0 {
		*(*time.Time)(p) = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, r.ownedString(s))
	if err != nil {
		return newMismatch("expected string with a time as in RFC 3339: " + err.Error())
	}
	*(*time.Time)(p) = t
	return nil
}

func encodeTime(w *writer, p unsafe.Pointer) error {
	t := (*time.Time)(p)
	if t.IsZero() {
		return w.string("")
	}
	return w.string(t.Format(time.RFC3339Nano))
}

// fillText makes the codec of a type that marshals itself as text, unmarshals itself, or both.
func fillText(c *codec, t reflect.Type) {
	canRead := reflect.PointerTo(t).Implements(typeTextUnmarshaler)
	canWrite := reflect.PointerTo(t).Implements(typeTextMarshaler)
	c.set(func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		if s.tag != tagString {
			return expected("string", s)
		}
		if !canRead {
			return newMismatch("values of type " + t.String() + " can only be written: it has no UnmarshalText")
		}
		return reflect.NewAt(t, p).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s.text()))
	}, func(w *writer, p unsafe.Pointer) error {
		if !canWrite {
			return newMismatch("values of type " + t.String() + " can only be read: it has no MarshalText")
		}
		text, err := reflect.NewAt(t, p).Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return err
		}
		return w.bytes(text)
	})
}
