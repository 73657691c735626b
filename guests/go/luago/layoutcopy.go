package luago

import (
	"reflect"
	"unsafe"
)

// copyPlan is how values are copied between Go and a segment.
type copyPlan struct {
	goSize, goAlign uintptr
	// A value in Go has its fields where the layout has them.
	matchesGo bool
	// The same, without padding and without bools: a plain copy will do, both ways.
	isPlain bool
	hasBool bool
	// The copies to make if there is padding, which is left as it is, or if Go has another
	// layout.
	steps []copyStep
	// The bools, which have to be normalized: any byte but 0 is true, and Go accepts only 1.
	bools []copyStep
}

// copyStep copies bytes, or repeats the steps inside it.
type copyStep struct {
	inGo, at uintptr
	size     uintptr
	isBool   bool
	// An array of structs.
	count            int
	goStride, stride uintptr
	inner            []copyStep
}

func newCopyPlan(s *layoutType, t reflect.Type) copyPlan {
	p := copyPlan{goSize: t.Size(), goAlign: uintptr(t.Align()), matchesGo: hasGoLayout(s, t)}
	steps := scalarSteps(s, t, 0, 0, nil)
	p.bools = boolSteps(steps)
	p.hasBool = len(p.bools) > 0
	p.steps = mergeSteps(steps)
	isWhole := len(p.steps) == 1 && p.steps[0].inner == nil && p.steps[0].size == p.goSize
	p.isPlain = p.matchesGo && isWhole && !p.hasBool
	return p
}

// hasGoLayout reports whether Go lays out a type in the same way. It does so for structs that
// are not packed, except on machines on which Go aligns to 4 bytes at most.
func hasGoLayout(s *layoutType, t reflect.Type) bool {
	if !isLittleEndian || uint64(t.Size()) != s.size {
		return false
	}
	for _, f := range s.fields {
		of := f.declared.Type
		if f.count > 0 {
			of = of.Elem()
		}
		if uint64(f.declared.Offset) != f.at || !hasGoLayout(&f.typ, of) {
			return false
		}
	}
	return true
}

// scalarSteps appends a step for each scalar and each array of scalars.
func scalarSteps(s *layoutType, t reflect.Type, inGo, at uintptr, list []copyStep) []copyStep {
	if s.fields == nil {
		return append(list, copyStep{inGo: inGo, at: at, size: uintptr(s.size), isBool: t.Kind() == reflect.Bool})
	}
	for i := range s.fields {
		f := &s.fields[i]
		if f.declared.Name == "_" {
			continue
		}
		goAt, fieldAt := inGo+f.declared.Offset, at+uintptr(f.at)
		switch {
		case f.count == 0:
			list = scalarSteps(&f.typ, f.declared.Type, goAt, fieldAt, list)
		case f.typ.fields == nil:
			list = append(list, copyStep{
				inGo: goAt, at: fieldAt, size: uintptr(f.typ.size) * uintptr(f.count),
				isBool: f.declared.Type.Elem().Kind() == reflect.Bool,
			})
		default:
			element := f.declared.Type.Elem()
			list = append(list, copyStep{
				inGo: goAt, at: fieldAt, count: f.count,
				goStride: element.Size(), stride: uintptr(f.typ.size),
				inner: scalarSteps(&f.typ, element, 0, 0, nil),
			})
		}
	}
	return list
}

func boolSteps(list []copyStep) []copyStep {
	var found []copyStep
	for _, m := range list {
		if m.inner != nil {
			if m.inner = boolSteps(m.inner); m.inner == nil {
				continue
			}
		} else if !m.isBool {
			continue
		}
		found = append(found, m)
	}
	return found
}

// mergeSteps joins the steps that follow each other without a gap.
func mergeSteps(list []copyStep) []copyStep {
	var found []copyStep
	for _, m := range list {
		if m.inner != nil {
			m.inner = mergeSteps(m.inner)
			if one := m.inner[0]; len(m.inner) == 1 && one.inner == nil && one.size == m.goStride && one.size == m.stride {
				m = copyStep{inGo: m.inGo, at: m.at, size: one.size * uintptr(m.count)}
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

// loadSteps copies a value out of a segment.
func loadSteps(steps []copyStep, into, from unsafe.Pointer) {
	for i := range steps {
		m := &steps[i]
		to, at := unsafe.Add(into, m.inGo), unsafe.Add(from, m.at)
		if m.inner == nil {
			copyBytes(to, at, m.size)
			continue
		}
		for range m.count {
			loadSteps(m.inner, to, at)
			to, at = unsafe.Add(to, m.goStride), unsafe.Add(at, m.stride)
		}
	}
}

// storeSteps copies a value into a segment.
func storeSteps(steps []copyStep, from, into unsafe.Pointer) {
	for i := range steps {
		m := &steps[i]
		at, to := unsafe.Add(from, m.inGo), unsafe.Add(into, m.at)
		if m.inner == nil {
			copyBytes(to, at, m.size)
			continue
		}
		for range m.count {
			storeSteps(m.inner, at, to)
			at, to = unsafe.Add(at, m.goStride), unsafe.Add(to, m.stride)
		}
	}
}

// normalizeBools replaces every true byte by 1.
func normalizeBools(steps []copyStep, in unsafe.Pointer) {
	for i := range steps {
		m := &steps[i]
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
			normalizeBools(m.inner, at)
			at = unsafe.Add(at, m.goStride)
		}
	}
}
