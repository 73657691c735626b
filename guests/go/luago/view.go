package luago

import (
	"errors"
	"iter"
	"strconv"
	"unsafe"
)

// View shows a part of a segment as values of one type: a scalar or a struct (see [LayoutOf]).
// In Lua it is a typed array or a view of structs. The zero View views nothing, and is nil in
// Lua.
//
// Others can change a value at any time, even while it is read.
type View[T any] struct {
	ref    *segmentRef
	layout *layout
	offset uintptr
	count  int
	// How many values At can read and Set can write without further checks.
	fastGets, fastSets int
}

func newView[T any](ref *segmentRef, l *layout, offset uint32, count int) View[T] {
	v := View[T]{ref: ref, layout: l, offset: uintptr(offset), count: count}
	if l.isPlain {
		v.fastGets = count
		if !ref.isReadOnly() {
			v.fastSets = count
		}
	}
	return v
}

// ViewOf returns a view of count values of T in a segment, from an offset in bytes.
func ViewOf[T any](s *Segment, offset, count int) (View[T], error) {
	l, err := layoutOf(typeOf[T]())
	if err != nil {
		return View[T]{}, err
	}
	if offset < 0 || count < 0 || offset > s.Len() || uint64(count) > uint64(s.Len()-offset)/l.size {
		return View[T]{}, errors.New(strconv.Itoa(count) + " values of " + strconv.FormatUint(l.size, 10) +
			" bytes from offset " + strconv.Itoa(offset) + " are outside a segment of " + strconv.Itoa(s.Len()) + " bytes")
	}
	if _, err := s.ref.memory(); err != nil {
		return View[T]{}, err
	}
	return newView[T](s.ref, l, s.offset+uint32(offset), count), nil
}

// ViewAs returns a view that arrived without a type as one of T, if that is its layout.
func ViewAs[T any](v AnyView) (View[T], error) {
	l, err := layoutOf(typeOf[T]())
	if err != nil {
		return View[T]{}, err
	}
	return viewAs[T](v, l)
}

func viewAs[T any](v AnyView, l *layout) (View[T], error) {
	if v.IsNil() {
		return View[T]{}, nil
	}
	if v.fingerprint != l.fingerprint || v.description != l.description && foldNames(v.description) != foldNames(l.description) {
		if v.isRingEnd() {
			return View[T]{}, newMismatch("expected " + l.kind() + ", got " + v.kind())
		}
		return View[T]{}, layoutMismatch(v.description, l.description)
	}
	if uint64(v.segment.length)%l.size != 0 {
		return View[T]{}, newMismatch("the view has " + strconv.Itoa(v.segment.Len()) +
			" bytes, which is no multiple of the layout's " + strconv.FormatUint(l.size, 10))
	}
	return newView[T](v.segment.ref, l, v.segment.offset, int(uint64(v.segment.length)/l.size)), nil
}

// IsNil reports whether nil was passed instead of a view.
func (v View[T]) IsNil() bool { return v.ref == nil }

// Len returns the number of values.
func (v View[T]) Len() int { return v.count }

// At returns value i, counted from 0. It panics if there is none, and with [ErrSegmentClosed] if
// the segment is closed.
func (v View[T]) At(i int) T {
	if uint(i) < uint(v.fastGets) && v.ref.base != nil {
		// This is inlined.
		return *(*T)(unsafe.Add(v.ref.base, v.offset+uintptr(i)*unsafe.Sizeof(*new(T))))
	}
	return v.at(i)
}

func (v View[T]) at(i int) (value T) {
	at := v.ref.elementAddress(v.layout, v.offset, v.count, i)
	if !v.layout.matchesGo {
		loadSteps(v.layout.steps, unsafe.Pointer(&value), at)
	} else {
		value = *(*T)(at)
	}
	if v.layout.hasBool {
		normalizeBools(v.layout.bools, unsafe.Pointer(&value))
	}
	return value
}

// Set changes value i. It panics as At does, and with [ErrReadOnly] if the segment can only be
// read.
func (v View[T]) Set(i int, value T) {
	if uint(i) < uint(v.fastSets) && v.ref.base != nil {
		*(*T)(unsafe.Add(v.ref.base, v.offset+uintptr(i)*unsafe.Sizeof(value))) = value
		return
	}
	v.set(i, value)
}

func (v View[T]) set(i int, value T) {
	at := v.ref.elementAddress(v.layout, v.offset, v.count, i)
	if v.ref.isReadOnly() {
		panic(ErrReadOnly)
	}
	// Padding stays as it is.
	storeSteps(v.layout.steps, unsafe.Pointer(&value), at)
}

// elementAddress returns the address of a value of a view. A view of nothing has no segmentRef.
func (r *segmentRef) elementAddress(l *layout, offset uintptr, count, i int) unsafe.Pointer {
	if uint(i) < uint(count) {
		if base := r.base; base != nil {
			return unsafe.Add(base, offset+uintptr(i)*uintptr(l.size))
		}
	}
	return r.elementAddressSlow(l, offset, count, i)
}

func (r *segmentRef) elementAddressSlow(l *layout, offset uintptr, count, i int) unsafe.Pointer {
	if uint(i) >= uint(count) {
		panic(errors.New("luago: index " + strconv.Itoa(i) + " is outside a view of " + strconv.Itoa(count) + " values"))
	}
	base, err := r.memory()
	if err != nil {
		panic(err)
	}
	return unsafe.Add(base, offset+uintptr(i)*uintptr(l.size))
}

// Slice returns the values themselves, as [Segment.Bytes] does. There is no slice of packed
// structs, of values with a bool, or for a view that begins at a misaligned offset.
func (v View[T]) Slice() ([]T, error) {
	if v.ref == nil {
		return nil, nil
	}
	l := v.layout
	if !l.matchesGo || l.isPacked {
		return nil, errors.New("a view of packed structs has no slice: use At and Set")
	}
	if l.hasBool {
		return nil, errors.New("a view of values with a bool has no slice, as any byte can stand in its place: use At and Set, or uint8")
	}
	base, err := v.ref.memory()
	if err != nil {
		return nil, err
	}
	if (uintptr(base)+v.offset)%l.goAlign != 0 {
		return nil, errors.New("a view from offset " + strconv.FormatUint(uint64(v.offset), 10) +
			" has no slice, as that is no multiple of " + strconv.Itoa(int(l.goAlign)) + ": use At and Set")
	}
	return elementsAt[T](base, uint32(v.offset), v.count), nil
}

// Segment returns the memory that is viewed.
func (v View[T]) Segment() *Segment {
	if v.ref == nil {
		return nil
	}
	return &Segment{v.ref, uint32(v.offset), uint32(uint64(v.count) * v.layout.size)}
}

// All iterates over the values with their indices.
func (v View[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := range v.count {
			if !yield(i, v.At(i)) {
				return
			}
		}
	}
}

// kind names a view with this layout in messages.
func (l *layout) kind() string {
	return AnyView{description: l.description}.kind()
}

func (View[T]) provideCodec() providedCodec {
	enableSegments()
	l, err := layoutOf(typeOf[T]())
	return providedCodec{typeOf[View[T]](), func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		switch s.tag {
		case tagNil:
			*(*View[T])(p) = View[T]{}
			return nil
		case tagView:
			found, err := r.view(s)
			if err != nil {
				return err
			}
			*(*View[T])(p), err = viewAs[T](found, l)
			return err
		}
		return expected(l.kind(), s)
	}, func(w *writer, p unsafe.Pointer) error {
		v := (*View[T])(p)
		if v.ref == nil {
			w.null()
			return nil
		}
		return w.view(AnyView{v.Segment(), v.layout.description, v.layout.fingerprint})
	}, err}
}
