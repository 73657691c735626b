package luago

import (
	"errors"
	"iter"
	"strconv"
	"unsafe"
)

// View is a part of a segment as values of one type: a scalar, or a struct (see [LayoutOf]).
// In Lua it is a typed array or a view of structs. The zero View views nothing, and is nil
// in Lua.
//
// What is read can be changed by others at any time, even half-way.
type View[T any] struct {
	core   *core
	layout *layout
	offset uintptr
	count  int
	// How many values At can read and Set can write without a closer look.
	gets, sets int
}

func viewOf[T any](c *core, l *layout, offset uint32, count int) View[T] {
	v := View[T]{core: c, layout: l, offset: uintptr(offset), count: count}
	if l.isPlain {
		v.gets = count
		if !c.isReadOnly() {
			v.sets = count
		}
	}
	return v
}

// ViewOf views count values of T in a segment, from an offset in bytes.
func ViewOf[T any](s *Segment, offset, count int) (View[T], error) {
	l, err := layoutOf(typeOf[T]())
	if err != nil {
		return View[T]{}, err
	}
	if offset < 0 || count < 0 || offset > s.Len() || uint64(count) > uint64(s.Len()-offset)/l.size {
		return View[T]{}, errors.New(strconv.Itoa(count) + " values of " + strconv.FormatUint(l.size, 10) +
			" bytes from offset " + strconv.Itoa(offset) + " are outside a segment of " + strconv.Itoa(s.Len()) + " bytes")
	}
	if _, err := s.core.memory(); err != nil {
		return View[T]{}, err
	}
	return viewOf[T](s.core, l, s.offset+uint32(offset), count), nil
}

// ViewAs makes a view of one that arrived without a type, if its layout is that of T.
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
	if v.fingerprint != l.fingerprint || v.description != l.description && alike(v.description) != alike(l.description) {
		if v.isRing() {
			return View[T]{}, unusable("expected " + l.kind() + ", got " + v.kind())
		}
		return View[T]{}, layoutsDiffer(v.description, l.description)
	}
	if uint64(v.segment.length)%l.size != 0 {
		return View[T]{}, unusable("the view has " + strconv.Itoa(v.segment.Len()) +
			" bytes, which is no multiple of the layout's " + strconv.FormatUint(l.size, 10))
	}
	return viewOf[T](v.segment.core, l, v.segment.offset, int(uint64(v.segment.length)/l.size)), nil
}

// IsNil says whether nil was passed in the view's place.
func (v View[T]) IsNil() bool { return v.core == nil }

// Len is the number of values.
func (v View[T]) Len() int { return v.count }

// At gives value i, counted from 0. It panics if there is none, and with [ErrSegmentClosed]
// if the segment was closed.
func (v View[T]) At(i int) T {
	if uint(i) < uint(v.gets) && v.core.base != nil {
		// So much is inlined.
		return *(*T)(unsafe.Add(v.core.base, v.offset+uintptr(i)*unsafe.Sizeof(*new(T))))
	}
	return v.at(i)
}

func (v View[T]) at(i int) (value T) {
	at := v.core.place(v.layout, v.offset, v.count, i)
	if !v.layout.isDirect {
		loadMoves(v.layout.moves, unsafe.Pointer(&value), at)
	} else {
		value = *(*T)(at)
	}
	if v.layout.hasBool {
		mendBools(v.layout.bools, unsafe.Pointer(&value))
	}
	return value
}

// Set changes value i. It panics where At does, and with [ErrReadOnly] if the segment can
// only be read.
func (v View[T]) Set(i int, value T) {
	if uint(i) < uint(v.sets) && v.core.base != nil {
		*(*T)(unsafe.Add(v.core.base, v.offset+uintptr(i)*unsafe.Sizeof(value))) = value
		return
	}
	v.set(i, value)
}

func (v View[T]) set(i int, value T) {
	at := v.core.place(v.layout, v.offset, v.count, i)
	if v.core.isReadOnly() {
		panic(ErrReadOnly)
	}
	// What pads the value stays as it is.
	storeMoves(v.layout.moves, unsafe.Pointer(&value), at)
}

// place is where a value of a view stands. A view of nothing has no core.
func (c *core) place(l *layout, offset uintptr, count, i int) unsafe.Pointer {
	if uint(i) < uint(count) {
		if base := c.base; base != nil {
			return unsafe.Add(base, offset+uintptr(i)*uintptr(l.size))
		}
	}
	return c.placeMapped(l, offset, count, i)
}

func (c *core) placeMapped(l *layout, offset uintptr, count, i int) unsafe.Pointer {
	if uint(i) >= uint(count) {
		panic(errors.New("luago: index " + strconv.Itoa(i) + " is outside a view of " + strconv.Itoa(count) + " values"))
	}
	base, err := c.memory()
	if err != nil {
		panic(err)
	}
	return unsafe.Add(base, offset+uintptr(i)*uintptr(l.size))
}

// Slice gives the values themselves, as [Segment.Bytes] does. There is none for a packed
// struct, one with a bool, or where the view begins at an offset that its alignment forbids.
func (v View[T]) Slice() ([]T, error) {
	if v.core == nil {
		return nil, nil
	}
	l := v.layout
	if !l.isDirect || l.isPacked {
		return nil, errors.New("a view of packed structs has no slice: use At and Set")
	}
	if l.hasBool {
		return nil, errors.New("a view of values with a bool has no slice, as any byte can stand in its place: use At and Set, or uint8")
	}
	base, err := v.core.memory()
	if err != nil {
		return nil, err
	}
	if (uintptr(base)+v.offset)%l.goAlign != 0 {
		return nil, errors.New("a view from offset " + strconv.FormatUint(uint64(v.offset), 10) +
			" has no slice, as that is no multiple of " + strconv.Itoa(int(l.goAlign)) + ": use At and Set")
	}
	return elementsAt[T](base, uint32(v.offset), v.count), nil
}

// Segment gives the memory that is viewed.
func (v View[T]) Segment() *Segment {
	if v.core == nil {
		return nil
	}
	return &Segment{v.core, uint32(v.offset), uint32(uint64(v.count) * v.layout.size)}
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

// kind is what messages call a view with this layout.
func (l *layout) kind() string {
	return AnyView{description: l.description}.kind()
}

func (View[T]) passes() passing {
	useSegments()
	l, err := layoutOf(typeOf[T]())
	return passing{typeOf[View[T]](), func(r *reader, p unsafe.Pointer) error {
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
		if v.core == nil {
			w.null()
			return nil
		}
		return w.view(AnyView{v.Segment(), v.layout.description, v.layout.fingerprint})
	}, err}
}
