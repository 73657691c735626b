package luago

import (
	"math"
	"strconv"
	"unsafe"
)

func decodeBool(r *reader, p unsafe.Pointer) error {
	s := r.next()
	if s.tag != tagBoolean {
		return expected("boolean", s)
	}
	*(*bool)(p) = s.payload != 0
	return nil
}

func encodeBool(w *writer, p unsafe.Pointer) error {
	w.boolean(*(*bool)(p))
	return nil
}

func decodeInt64(r *reader, p unsafe.Pointer) error {
	n, err := r.integer("integer")
	if err != nil {
		return err
	}
	*(*int64)(p) = n
	return nil
}

func encodeInt64(w *writer, p unsafe.Pointer) error {
	w.integer(*(*int64)(p))
	return nil
}

func fillSigned[T int | int8 | int16 | int32](c *codec) {
	c.set(func(r *reader, p unsafe.Pointer) error {
		n, err := r.integer("integer")
		if err != nil {
			return err
		}
		if int64(T(n)) != n {
			bits := 8 * uint(unsafe.Sizeof(T(0)))
			return outOfRange(n, strconv.FormatInt(-1<<(bits-1), 10), strconv.FormatInt(1<<(bits-1)-1, 10))
		}
		*(*T)(p) = T(n)
		return nil
	}, func(w *writer, p unsafe.Pointer) error {
		w.integer(int64(*(*T)(p)))
		return nil
	})
}

func fillUnsigned[T uint | uint8 | uint16 | uint32 | uint64](c *codec) {
	c.set(func(r *reader, p unsafe.Pointer) error {
		n, err := r.integer("integer")
		if err != nil {
			return err
		}
		if n < 0 || uint64(T(n)) != uint64(n) {
			return outOfRange(n, "0", strconv.FormatUint(uint64(^T(0)), 10))
		}
		*(*T)(p) = T(n)
		return nil
	}, func(w *writer, p unsafe.Pointer) error {
		return w.unsigned(uint64(*(*T)(p)))
	})
}

func outOfRange(n int64, low, high string) error {
	return newMismatch("expected integer from " + low + " to " + high + ", got " + strconv.FormatInt(n, 10))
}

var maxFloat32 = formatFloat(math.MaxFloat32)

func decodeFloat32(r *reader, p unsafe.Pointer) error {
	f, err := r.number()
	if err != nil {
		return err
	}
	narrow := float32(f)
	if math.IsInf(float64(narrow), 0) && !math.IsInf(f, 0) {
		return newMismatch("expected number from -" + maxFloat32 + " to " + maxFloat32 + ", got " + formatFloat(f))
	}
	*(*float32)(p) = narrow
	return nil
}

func encodeFloat32(w *writer, p unsafe.Pointer) error {
	w.number(float64(*(*float32)(p)))
	return nil
}

func decodeFloat64(r *reader, p unsafe.Pointer) error {
	f, err := r.number()
	if err != nil {
		return err
	}
	*(*float64)(p) = f
	return nil
}

func encodeFloat64(w *writer, p unsafe.Pointer) error {
	w.number(*(*float64)(p))
	return nil
}

func decodeString(r *reader, p unsafe.Pointer) error {
	s, err := r.string()
	if err != nil {
		return err
	}
	*(*string)(p) = s
	return nil
}

func encodeString(w *writer, p unsafe.Pointer) error {
	return w.string(*(*string)(p))
}

func decodeBytes(r *reader, p unsafe.Pointer) error {
	b, err := r.bytes()
	if err != nil {
		return err
	}
	*(*[]byte)(p) = b
	return nil
}

func encodeBytes(w *writer, p unsafe.Pointer) error {
	return w.bytes(*(*[]byte)(p))
}

// formatFloat writes a number in the shortest form that reads back as the same.
func formatFloat(f float64) string {
	return strconv.FormatFloat(f, 'g', -1, 64)
}
