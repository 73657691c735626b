package luago

import (
	"errors"
	"reflect"
	"strconv"
)

// shape is what a type of a layout is: a scalar, or a struct.
type shape struct {
	scalar      string // such as u32; empty for a struct
	size, align uint64
	fields      []shapeField
	isPacked    bool
}

type shapeField struct {
	name     string
	of       shape
	count    int // of an array, else 0
	at       uint64
	declared reflect.StructField
}

func shapeOf(t reflect.Type, depth int) (shape, error) {
	if scalar, size := scalarOf(t.Kind()); scalar != "" {
		return shape{scalar: scalar, size: size, align: size}, nil
	}
	if t.Kind() != reflect.Struct {
		return shape{}, errors.New(whyNoScalar(t))
	}
	if depth == maxLayoutDepth {
		return shape{}, errors.New("structs are nested too deeply: at most " + strconv.Itoa(maxLayoutDepth) + " levels can stand in a segment")
	}
	s := shape{align: 1}
	for i := range t.NumField() {
		s.isPacked = s.isPacked || isPackedMark(t.Field(i))
	}
	seen := make(map[string]bool)
	end := uint64(0)
	for i := range t.NumField() {
		declared := t.Field(i)
		if isPackedMark(declared) {
			continue
		}
		f, err := fieldShape(declared, depth)
		if err == nil && f.name != "" && seen[f.name] {
			err = errors.New("another field has the name '" + f.name + "'")
		}
		if err != nil {
			return shape{}, errors.New("field " + declared.Name + ": " + err.Error())
		}
		seen[f.name] = true
		if !s.isPacked {
			end = (end + f.of.align - 1) / f.of.align * f.of.align
			s.align = max(s.align, f.of.align)
		}
		f.at = end
		end += f.of.size * uint64(max(f.count, 1))
		if end > maxLayoutSize {
			return shape{}, errors.New("field " + declared.Name + ": it ends behind " + strconv.Itoa(maxLayoutSize) + " bytes, which is the most that a layout can have")
		}
		s.fields = append(s.fields, f)
	}
	if len(s.fields) == 0 || len(seen) == 1 && seen[""] {
		return shape{}, errors.New("a struct needs at least one field with a name")
	}
	s.size = (end + s.align - 1) / s.align * s.align
	return s, nil
}

func isPackedMark(f reflect.StructField) bool {
	return f.Name == "_" && f.Type == typeOf[Packed]()
}

// fieldShape gives a field without its offset. The name of one that only takes room is empty.
func fieldShape(declared reflect.StructField, depth int) (f shapeField, err error) {
	f.declared = declared
	f.name = declared.Name
	if tag := declared.Tag.Get("luago"); tag != "" {
		f.name = tag
	}
	if err := checkName(f.name); err != nil {
		return f, err
	}
	if f.name[0] == '_' {
		f.name = ""
	}
	element := declared.Type
	if element.Kind() == reflect.Array {
		f.count = element.Len()
		element = element.Elem()
		if f.count == 0 {
			return f, errors.New("an array needs at least one element")
		}
		if element.Kind() == reflect.Array {
			return f, errors.New("an array can have only one dimension")
		}
	}
	f.of, err = shapeOf(element, depth+1)
	if err == nil && uint64(f.count) > maxLayoutSize {
		err = errors.New("the array is too long")
	}
	return f, err
}

func checkName(name string) error {
	isGood := len(name) <= maxFieldName
	for i, c := range []byte(name) {
		isGood = isGood && (c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || i > 0 && c >= '0' && c <= '9')
	}
	if !isGood {
		return errors.New("its name is to have at most " + strconv.Itoa(maxFieldName) + " letters, digits and underscores: give it another one with a tag such as `luago:\"name\"`")
	}
	return nil
}

func scalarOf(kind reflect.Kind) (text string, size uint64) {
	switch kind {
	case reflect.Bool:
		return scalarBool, 1
	case reflect.Int8:
		return scalarI8, 1
	case reflect.Uint8:
		return scalarU8, 1
	case reflect.Int16:
		return scalarI16, 2
	case reflect.Uint16:
		return scalarU16, 2
	case reflect.Int32:
		return scalarI32, 4
	case reflect.Uint32:
		return scalarU32, 4
	case reflect.Float32:
		return scalarF32, 4
	case reflect.Int64:
		return scalarI64, 8
	case reflect.Uint64:
		return scalarU64, 8
	case reflect.Float64:
		return scalarF64, 8
	}
	return "", 0
}

func isScalarText(text string) bool {
	for kind := reflect.Bool; kind <= reflect.Float64; kind++ {
		if scalar, _ := scalarOf(kind); scalar != "" && scalar == text {
			return true
		}
	}
	return false
}

func whyNoScalar(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		return "the size of " + t.String() + " depends on the machine: use int32, int64, uint32 or uint64"
	case reflect.String, reflect.Slice:
		return t.String() + " has no fixed size: use an array such as [64]byte"
	case reflect.Array:
		return "an array by itself has no layout: view its elements, or put it into a struct"
	}
	return t.String() + " is no number, bool, struct or array"
}
