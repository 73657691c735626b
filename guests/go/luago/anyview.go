package luago

import (
	"strconv"
	"unsafe"
)

// AnyView is a view of a segment whose layout is known only when it arrives: what a view of
// Lua or of the host is as a value of type any. [ViewAs] makes a [View] of it.
type AnyView struct {
	segment     *Segment
	description string
	fingerprint uint64
}

// IsNil says whether nil was passed in the view's place.
func (v AnyView) IsNil() bool { return v.segment == nil }

// Segment gives the memory that is viewed.
func (v AnyView) Segment() *Segment { return v.segment }

// Description gives the layout of an element, as [Layout.Description] does.
func (v AnyView) Description() string { return v.description }

// Fingerprint is equal for layouts that are equal but for how names are spelt.
func (v AnyView) Fingerprint() uint64 { return v.fingerprint }

// String says what is viewed.
func (v AnyView) String() string {
	if v.IsNil() {
		return "view of nothing"
	}
	return v.kind() + " over " + strconv.Itoa(v.segment.Len()) + " bytes"
}

func (v AnyView) isRing() bool {
	return v.description == ringSenderDescription || v.description == ringReceiverDescription
}

// kind is what messages call the view.
func (v AnyView) kind() string {
	switch {
	case v.description == ringSenderDescription:
		return "sender of a ring"
	case v.description == ringReceiverDescription:
		return "receiver of a ring"
	case isScalarText(v.description):
		return "array of " + v.description
	}
	return "view of a struct"
}

func (AnyView) passes() passing {
	useSegments()
	return passing{typeOf[AnyView](), func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		switch s.tag {
		case tagNil:
			*(*AnyView)(p) = AnyView{}
			return nil
		case tagView:
			v, err := r.view(s)
			*(*AnyView)(p) = v
			return err
		}
		return expected("view", s)
	}, func(w *writer, p unsafe.Pointer) error {
		v := (*AnyView)(p)
		if v.IsNil() {
			w.null()
			return nil
		}
		return w.view(*v)
	}, nil}
}
