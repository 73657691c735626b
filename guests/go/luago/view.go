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
	offset uint32
	count  int
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
	return View[T]{s.core, l, s.offset + uint32(offset), count}, nil
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
	return View[T]{v.segment.core, l, v.segment.offset, int(uint64(v.segment.length) / l.size)}, nil
}

// IsNil says whether nil was passed in the view's place.
func (v View[T]) IsNil() bool { return v.core == nil }

// Len is the number of values.
func (v View[T]) Len() int { return v.count }

// At gives value i, counted from 0. It panics if there is none, and with [ErrSegmentClosed]
// if the segment was closed.
func (v View[T]) At(i int) T {
	if uint(i) >= uint(v.count) {
		v.noSuch(i)
	}
	base := v.core.base
	if base == nil {
		base = v.mapped()
	}
	at := unsafe.Add(base, uintptr(v.offset)+uintptr(i)*unsafe.Sizeof(*new(T)))
	if v.layout.isPlain {
		return *(*T)(at)
	}
	var value T
	v.layout.load(unsafe.Pointer(&value), unsafe.Add(base, uintptr(v.offset)+uintptr(i)*uintptr(v.layout.size)))
	return value
}

// Set changes value i. It panics where At does, and with [ErrReadOnly] if the segment can
// only be read.
func (v View[T]) Set(i int, value T) {
	if uint(i) >= uint(v.count) {
		v.noSuch(i)
	}
	base := v.core.base
	if base == nil {
		base = v.mapped()
	}
	if v.core.flags&flagReadOnly != 0 {
		panic(ErrReadOnly)
	}
	if v.layout.isPlain {
		*(*T)(unsafe.Add(base, uintptr(v.offset)+uintptr(i)*unsafe.Sizeof(value))) = value
		return
	}
	v.layout.store(unsafe.Pointer(&value), unsafe.Add(base, uintptr(v.offset)+uintptr(i)*uintptr(v.layout.size)))
}

func (v View[T]) noSuch(i int) {
	panic(errors.New("luago: index " + strconv.Itoa(i) + " is outside a view of " + strconv.Itoa(v.count) + " values"))
}

func (v View[T]) mapped() unsafe.Pointer {
	base, err := v.core.memory()
	if err != nil {
		panic(err)
	}
	return base
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
	if (uintptr(base)+uintptr(v.offset))%l.goAlign != 0 {
		return nil, errors.New("a view from offset " + strconv.FormatUint(uint64(v.offset), 10) +
			" has no slice, as that is no multiple of " + strconv.Itoa(int(l.goAlign)) + ": use At and Set")
	}
	return elementsAt[T](base, v.offset, v.count), nil
}

// Segment gives the memory that is viewed.
func (v View[T]) Segment() *Segment {
	if v.core == nil {
		return nil
	}
	return &Segment{v.core, v.offset, uint32(uint64(v.count) * v.layout.size)}
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
