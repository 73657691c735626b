package luago

import (
	"errors"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// field is a field of a struct, or of one embedded in it.
type field struct {
	name        string
	offset      uintptr
	of          *codec
	isOmitted   func(p unsafe.Pointer) bool // nil without omitempty
	declaration reflect.StructField
}

func (b *builder) structure(c *codec, t reflect.Type) error {
	fields, err := fieldsOf(t)
	if err != nil {
		return err
	}
	c.isLeaf = true
	for i := range fields {
		f := &fields[i]
		inner, err := b.codec(f.declaration.Type)
		if err != nil {
			return errors.New("field " + f.declaration.Name + " of " + t.String() + ": " + err.Error())
		}
		f.of = inner
		c.isLeaf = c.isLeaf && inner.isLeaf
	}
	c.decode = func(r *reader, p unsafe.Pointer) error { return decodeStruct(r, p, fields) }
	c.encode = func(w *writer, p unsafe.Pointer) error { return encodeStruct(w, p, fields, c) }
	return nil
}

func decodeStruct(r *reader, p unsafe.Pointer, fields []field) error {
	s := r.next()
	if s.tag != tagTable {
		if s.tag != tagSequence {
			return expected("table", s)
		}
		if s.aux != 0 {
			return unusable("expected table with named fields, got sequence")
		}
		return nil
	}
	if err := r.enter(); err != nil {
		return err
	}
	// Tables made alike have their fields in the same order: the next one is a good guess.
	guess := 0
	for range s.aux {
		key := r.next()
		f := findField(fields, key, guess)
		if f < 0 {
			r.skip()
			continue
		}
		guess = f + 1
		if err := fields[f].of.decode(r, unsafe.Add(p, fields[f].offset)); err != nil {
			return within(err, "."+fields[f].name)
		}
	}
	r.leave()
	return nil
}

func findField(fields []field, key *slot, guess int) int {
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

func encodeStruct(w *writer, p unsafe.Pointer, fields []field, c *codec) error {
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
		if err := f.of.encode(w, at); err != nil {
			return within(err, "."+f.name)
		}
		if w.slots[start+1].tag == tagNil {
			w.slots = w.slots[:start]
			continue
		}
		pairs++
	}
	w.closeTable(head, pairs)
	w.leave(nil)
	return nil
}

// fieldsOf lists the fields that pass, those of embedded structs among them. A field
// hides those of the same name that are embedded more deeply.
func fieldsOf(t reflect.Type) ([]field, error) {
	type embedded struct {
		of     reflect.Type
		offset uintptr
	}
	var fields []field
	depths := make(map[string]int)
	level := []embedded{{t, 0}}
	for depth := 1; len(level) > 0; depth++ {
		var deeper []embedded
		for _, outer := range level {
			for i := range outer.of.NumField() {
				declared := outer.of.Field(i)
				name, omitEmpty, isNamed := nameOf(declared)
				isStruct := isFlat(declared.Type)
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
				f := field{name: name, offset: outer.offset + declared.Offset, declaration: declared}
				if omitEmpty {
					f.isOmitted = emptiness(declared.Type)
				}
				fields = append(fields, f)
			}
		}
		level = deeper
	}
	return fields, nil
}

// isFlat says whether the fields of an embedded struct stand among those of the outer one.
func isFlat(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || isText(t) {
		return false
	}
	_, isSegment := passingOf(t)
	return !isSegment
}

// nameOf is the field's name in Lua; isNamed says that a tag gave it.
func nameOf(f reflect.StructField) (name string, omitEmpty, isNamed bool) {
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
	return lowered(f.Name), omitEmpty, false
}

// lowered puts the first letter in lower case, and all of a name like ID or URL.
func lowered(name string) string {
	if strings.ToUpper(name) == name {
		return strings.ToLower(name)
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

func emptiness(t reflect.Type) func(unsafe.Pointer) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().Len() == 0 }
	}
	return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().IsZero() }
}
