package luago

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Packed, as the type of a field named _, gives a struct a layout without padding:
//
//	type Packet struct {
//		_    luago.Packed
//		Seq  uint32
//		Data [3]byte
//	}
type Packed struct{}

// Layout is how values of a type are laid out in a segment: as in C, and little-endian. It is
// the same for everyone who sees the segment.
type Layout struct{ layout *layout }

// Description returns the layout as text, such as
//
//	size 8 align 4; seq u32 @0; data u8[3] @4
//
// Fields have their names in Go, or those of their tags `luago:"name"`. Fields whose names begin
// with _ take up space and are left out. The description of a scalar is its type, such as f64.
func (l Layout) Description() string { return l.layout.description }

// Fingerprint returns a hash of the layout, which ignores capital letters and underscores in
// names: UserID in Go is user_id in Lua.
func (l Layout) Fingerprint() uint64 { return l.layout.fingerprint }

// Size returns the number of bytes of a value.
func (l Layout) Size() int { return int(l.layout.size) }

// Align returns the alignment of values: the largest alignment of a field, or 1 for a packed
// struct.
func (l Layout) Align() int { return int(l.layout.align) }

// LayoutOf returns the layout of a type: a number with a fixed size, a bool, or a struct of
// those, of arrays of them, and of structs.
func LayoutOf[T any]() (Layout, error) {
	l, err := layoutOf(typeOf[T]())
	return Layout{l}, err
}

// layout is the layout of a type, and how values are copied. There is one for a type.
type layout struct {
	layoutType
	description string
	fingerprint uint64
	copyPlan
}

var layouts struct {
	sync.RWMutex
	byType map[reflect.Type]*layout
}

func layoutOf(t reflect.Type) (*layout, error) {
	layouts.RLock()
	l := layouts.byType[t]
	layouts.RUnlock()
	if l != nil {
		return l, nil
	}
	s, err := layoutTypeOf(t, 0)
	if err != nil {
		return nil, errors.New("values of type " + t.String() + " have no layout for segments: " + err.Error())
	}
	l = &layout{layoutType: s, copyPlan: newCopyPlan(&s, t)}
	if s.fields == nil {
		l.description = s.scalar
	} else {
		l.description = s.text()
	}
	l.fingerprint = fingerprint(l.description)
	layouts.Lock()
	defer layouts.Unlock()
	if layouts.byType == nil {
		layouts.byType = make(map[reflect.Type]*layout)
	}
	layouts.byType[t] = l
	return l, nil
}

// text returns the description of a struct.
func (s *layoutType) text() string {
	parts := []string{"size " + strconv.FormatUint(s.size, 10) + " align " + strconv.FormatUint(s.align, 10)}
	for _, f := range s.fields {
		if f.name == "" {
			continue
		}
		part := f.name + " " + f.typ.scalar
		if f.typ.fields != nil {
			part += "{" + f.typ.text() + "}"
		}
		if f.count > 0 {
			part += "[" + strconv.Itoa(f.count) + "]"
		}
		parts = append(parts, part+" @"+strconv.FormatUint(f.at, 10))
	}
	return strings.Join(parts, "; ")
}

// fingerprint returns the 64-bit FNV-1a hash of a description. Only names have capital letters
// or underscores there.
func fingerprint(description string) uint64 {
	hash := uint64(fingerprintBasis)
	for _, c := range []byte(foldNames(description)) {
		hash = (hash ^ uint64(c)) * fingerprintPrime
	}
	return hash
}

// foldNames returns the text that is the same for layouts that differ only in the spelling of names.
func foldNames(description string) string {
	return strings.ReplaceAll(strings.ToLower(description), "_", "")
}
