package luago

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Packed, as the type of a field named _, makes a struct's layout one without gaps:
//
//	type Packet struct {
//		_    luago.Packed
//		Seq  uint32
//		Data [3]byte
//	}
type Packed struct{}

// Layout is how the values of a type stand in a segment: as a C compiler would lay them
// out, little-endian. It is the same on all sides that see the segment.
type Layout struct{ of *layout }

// Description gives the layout in words, such as
//
//	size 8 align 4; seq u32 @0; data u8[3] @4
//
// with the fields by their names in Go, or those of their tags `luago:"name"`. Fields whose
// names begin with _ take room and are left out. That of a scalar is its type, such as f64.
func (l Layout) Description() string { return l.of.description }

// Fingerprint is equal for layouts that are equal but for capital letters and underscores
// in names: UserID in Go is user_id in Lua.
func (l Layout) Fingerprint() uint64 { return l.of.fingerprint }

// Size is the number of bytes of a value.
func (l Layout) Size() int { return int(l.of.size) }

// Align is what offsets of values should be multiples of: that of the largest field, or 1 for
// a packed struct.
func (l Layout) Align() int { return int(l.of.align) }

// LayoutOf gives the layout of a type: a number with a fixed size, a bool, or a struct of
// such, of arrays of them, and of structs.
func LayoutOf[T any]() (Layout, error) {
	l, err := layoutOf(typeOf[T]())
	return Layout{l}, err
}

// layout is made once for a type.
type layout struct {
	shape
	description string
	fingerprint uint64
	plan
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
	s, err := shapeOf(t, 0)
	if err != nil {
		return nil, errors.New("values of type " + t.String() + " have no layout for segments: " + err.Error())
	}
	l = &layout{shape: s, plan: planOf(&s, t)}
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

// text describes a struct.
func (s *shape) text() string {
	parts := []string{"size " + strconv.FormatUint(s.size, 10) + " align " + strconv.FormatUint(s.align, 10)}
	for _, f := range s.fields {
		if f.name == "" {
			continue
		}
		part := f.name + " " + f.of.scalar
		if f.of.fields != nil {
			part += "{" + f.of.text() + "}"
		}
		if f.count > 0 {
			part += "[" + strconv.Itoa(f.count) + "]"
		}
		parts = append(parts, part+" @"+strconv.FormatUint(f.at, 10))
	}
	return strings.Join(parts, "; ")
}

// fingerprint is FNV-1a in 64 bits. In a description nothing but names has capital letters or
// underscores.
func fingerprint(description string) uint64 {
	hash := uint64(fingerprintBasis)
	for _, c := range []byte(alike(description)) {
		hash = (hash ^ uint64(c)) * fingerprintPrime
	}
	return hash
}

// alike is the text in which equal layouts are equal.
func alike(description string) string {
	return strings.ReplaceAll(strings.ToLower(description), "_", "")
}
