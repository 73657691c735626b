package luago

import (
	"reflect"
	"unsafe"
)

// plan is how values are copied between Go and a segment.
type plan struct {
	goSize, goAlign uintptr
	// A value in Go has its fields where the layout has them.
	isDirect bool
	// As above, and every byte is of a field, and none is a bool: a copy is all there is to
	// it, both ways.
	isPlain bool
	hasBool bool
	// What is copied from Go where there is padding, which is left as it is, or where the
	// layout is another one.
	moves []move
	// The bools that need a look, as any byte but 0 is true and Go knows but 1.
	bools []move
}

// move carries bytes, or does what is inside it several times.
type move struct {
	inGo, at uintptr
	size     uintptr
	isBool   bool
	// An array of structs.
	count            int
	goStride, stride uintptr
	inner            []move
}

func planOf(s *shape, t reflect.Type) plan {
	p := plan{goSize: t.Size(), goAlign: uintptr(t.Align()), isDirect: isLaidOutAsGo(s, t)}
	leaves := leavesOf(s, t, 0, 0, nil)
	p.bools = onlyBools(leaves)
	p.hasBool = len(p.bools) > 0
	p.moves = merged(leaves)
	isWhole := len(p.moves) == 1 && p.moves[0].inner == nil && p.moves[0].size == p.goSize
	p.isPlain = p.isDirect && isWhole && !p.hasBool
	return p
}

// isLaidOutAsGo says whether Go has everything where the layout has it. That is so for
// structs that are not packed, but for machines where Go aligns to 4 bytes at most.
func isLaidOutAsGo(s *shape, t reflect.Type) bool {
	if !isLittleEndian || uint64(t.Size()) != s.size {
		return false
	}
	for _, f := range s.fields {
		of := f.declared.Type
		if f.count > 0 {
			of = of.Elem()
		}
		if uint64(f.declared.Offset) != f.at || !isLaidOutAsGo(&f.of, of) {
			return false
		}
	}
	return true
}

// leavesOf lists the scalars, and arrays of them, one by one.
func leavesOf(s *shape, t reflect.Type, inGo, at uintptr, list []move) []move {
	if s.fields == nil {
		return append(list, move{inGo: inGo, at: at, size: uintptr(s.size), isBool: t.Kind() == reflect.Bool})
	}
	for i := range s.fields {
		f := &s.fields[i]
		if f.declared.Name == "_" {
			continue
		}
		goAt, fieldAt := inGo+f.declared.Offset, at+uintptr(f.at)
		switch {
		case f.count == 0:
			list = leavesOf(&f.of, f.declared.Type, goAt, fieldAt, list)
		case f.of.fields == nil:
			list = append(list, move{
				inGo: goAt, at: fieldAt, size: uintptr(f.of.size) * uintptr(f.count),
				isBool: f.declared.Type.Elem().Kind() == reflect.Bool,
			})
		default:
			element := f.declared.Type.Elem()
			list = append(list, move{
				inGo: goAt, at: fieldAt, count: f.count,
				goStride: element.Size(), stride: uintptr(f.of.size),
				inner: leavesOf(&f.of, element, 0, 0, nil),
			})
		}
	}
	return list
}

func onlyBools(list []move) []move {
	var found []move
	for _, m := range list {
		if m.inner != nil {
			if m.inner = onlyBools(m.inner); m.inner == nil {
				continue
			}
		} else if !m.isBool {
			continue
		}
		found = append(found, m)
	}
	return found
}

// merged makes one move of those that follow each other without a gap.
func merged(list []move) []move {
	var found []move
	for _, m := range list {
		if m.inner != nil {
			m.inner = merged(m.inner)
			if one := m.inner[0]; len(m.inner) == 1 && one.inner == nil && one.size == m.goStride && one.size == m.stride {
				m = move{inGo: m.inGo, at: m.at, size: one.size * uintptr(m.count)}
			}
		}
		if last := len(found) - 1; last >= 0 && m.inner == nil && found[last].inner == nil &&
			found[last].inGo+found[last].size == m.inGo && found[last].at+found[last].size == m.at {
			found[last].size += m.size
			continue
		}
		found = append(found, m)
	}
	return found
}

// loadMoves copies a value out of a segment.
func loadMoves(moves []move, into, from unsafe.Pointer) {
	for i := range moves {
		m := &moves[i]
		to, at := unsafe.Add(into, m.inGo), unsafe.Add(from, m.at)
		if m.inner == nil {
			copyBytes(to, at, m.size)
			continue
		}
		for range m.count {
			loadMoves(m.inner, to, at)
			to, at = unsafe.Add(to, m.goStride), unsafe.Add(at, m.stride)
		}
	}
}

// storeMoves copies a value into a segment.
func storeMoves(moves []move, from, into unsafe.Pointer) {
	for i := range moves {
		m := &moves[i]
		at, to := unsafe.Add(from, m.inGo), unsafe.Add(into, m.at)
		if m.inner == nil {
			copyBytes(to, at, m.size)
			continue
		}
		for range m.count {
			storeMoves(m.inner, at, to)
			at, to = unsafe.Add(at, m.goStride), unsafe.Add(to, m.stride)
		}
	}
}

// mendBools makes 1 of what is true.
func mendBools(moves []move, in unsafe.Pointer) {
	for i := range moves {
		m := &moves[i]
		at := unsafe.Add(in, m.inGo)
		if m.inner == nil {
			for i, b := range unsafe.Slice((*byte)(at), m.size) {
				if b > 1 {
					*(*byte)(unsafe.Add(at, i)) = 1
				}
			}
			continue
		}
		for range m.count {
			mendBools(m.inner, at)
			at = unsafe.Add(at, m.goStride)
		}
	}
}
