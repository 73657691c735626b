package luago

import (
	"errors"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// structField is a field of a struct, or of one embedded in it.
type structField struct {
	name        string
	offset      uintptr
	codec       *codec
	isOmitted   func(p unsafe.Pointer) bool // nil without omitempty
	declaration reflect.StructField
}

func (b *codecBuilder) structCodec(c *codec, t reflect.Type) error {
	fields, err := fieldsOf(t)
	if err != nil {
		return err
	}
	c.isAcyclic = true
	for i := range fields {
		f := &fields[i]
		inner, err := b.codec(f.declaration.Type)
		if err != nil {
			return errors.New("field " + f.declaration.Name + " of " + t.String() + ": " + err.Error())
		}
		f.codec = inner
		c.isAcyclic = c.isAcyclic && inner.isAcyclic
	}
	c.decode = func(r *reader, p unsafe.Pointer) error { return decodeStruct(r, p, fields) }
	c.encode = func(w *writer, p unsafe.Pointer) error { return encodeStruct(w, p, fields, c) }
	return nil
}

func decodeStruct(r *reader, p unsafe.Pointer, fields []structField) error {
	s := r.next()
	if s.tag != tagTable {
		if s.tag != tagSequence {
			return expected("table", s)
		}
		if s.aux != 0 {
			return newMismatch("expected table with named fields, got sequence")
		}
		return nil
	}
	if err := r.enter(); err != nil {
		return err
	}
	// Tables made by the same code usually have their fields in the same order.
	guess := 0
	for range s.aux {
		key := r.next()
		f := findField(fields, key, guess)
		if f < 0 {
			r.skip()
			continue
		}
		guess = f + 1
		if err := fields[f].codec.decode(r, unsafe.Add(p, fields[f].offset)); err != nil {
			return withPath(err, "."+fields[f].name)
		}
	}
	r.leave()
	return nil
}

func findField(fields []structField, key *slot, guess int) int {
	if key.tag != tagString {
		return -1
	}
	name := key.text()
	if guess < len(fields) && fields[guess].name == name {
		return guess
	}
	for i := range fields {
		if fields[i].name == name {
			return i
		}
	}
	return -1
}

func encodeStruct(w *writer, p unsafe.Pointer, fields []structField, c *codec) error {
	if err := w.enter(nil, c); err != nil {
		return err
	}
	head, pairs := w.table(), 0
	for i := range fields {
		f := &fields[i]
		at := unsafe.Add(p, f.offset)
		if f.isOmitted != nil && f.isOmitted(at) {
			continue
		}
		start := len(w.slots)
		if err := w.string(f.name); err != nil {
			return err
		}
		if err := f.codec.encode(w, at); err != nil {
			return withPath(err, "."+f.name)
		}
		if w.slots[start+1].tag == tagNil {
			w.slots = w.slots[:start]
			continue
		}
		pairs++
	}
	w.endTable(head, pairs)
	w.leave(nil)
	return nil
}

// fieldsOf lists the fields that pass, including those of embedded structs. A field hides those
// of the same name that are embedded more deeply.
func fieldsOf(t reflect.Type) ([]structField, error) {
	type embedded struct {
		of     reflect.Type
		offset uintptr
	}
	var fields []structField
	depths := make(map[string]int)
	level := []embedded{{t, 0}}
	for depth := 1; len(level) > 0; depth++ {
		var deeper []embedded
		for _, outer := range level {
			for i := range outer.of.NumField() {
				declared := outer.of.Field(i)
				name, omitEmpty, isNamed := luaName(declared)
				isStruct := isFlattened(declared.Type)
				if declared.Anonymous && isStruct && !isNamed && name != "-" {
					deeper = append(deeper, embedded{declared.Type, outer.offset + declared.Offset})
					continue
				}
				if !declared.IsExported() || name == "-" {
					continue
				}
				switch at := depths[name]; at {
				case 0:
				case depth:
					return nil, errors.New("two fields of " + t.String() + " have the name '" + name + "' in Lua")
				default:
					continue
				}
				depths[name] = depth
				f := structField{name: name, offset: outer.offset + declared.Offset, declaration: declared}
				if omitEmpty {
					f.isOmitted = emptyCheck(declared.Type)
				}
				fields = append(fields, f)
			}
		}
		level = deeper
	}
	return fields, nil
}

// isFlattened reports whether the fields of an embedded struct become those of the outer one.
func isFlattened(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || isText(t) {
		return false
	}
	_, isSegment := providedCodecOf(t)
	return !isSegment
}

// luaName returns the name of a field in Lua; isNamed reports whether a tag gives it.
func luaName(f reflect.StructField) (name string, omitEmpty, isNamed bool) {
	tag, ok := f.Tag.Lookup("lua")
	if !ok {
		tag = f.Tag.Get("json")
	}
	name, options, _ := strings.Cut(tag, ",")
	for option := range strings.SplitSeq(options, ",") {
		omitEmpty = omitEmpty || option == "omitempty"
	}
	if name != "" {
		return name, omitEmpty, true
	}
	return lowerFirst(f.Name), omitEmpty, false
}

// lowerFirst puts the first letter in lower case, and all letters of a name such as ID or URL.
func lowerFirst(name string) string {
	if strings.ToUpper(name) == name {
		return strings.ToLower(name)
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

func emptyCheck(t reflect.Type) func(unsafe.Pointer) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().Len() == 0 }
	}
	return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().IsZero() }
}
