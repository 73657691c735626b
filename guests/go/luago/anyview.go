package luago

import (
	"strconv"
	"unsafe"
)

// AnyView is a view of a segment whose layout is known only at run time: a view that arrives
// from Lua or from the host as a value of type any. [ViewAs] turns it into a [View].
type AnyView struct {
	segment     *Segment
	description string
	fingerprint uint64
}

// IsNil reports whether nil was passed instead of a view.
func (v AnyView) IsNil() bool { return v.segment == nil }

// Segment returns the memory that is viewed.
func (v AnyView) Segment() *Segment { return v.segment }

// Description returns the layout of an element, as [Layout.Description] does.
func (v AnyView) Description() string { return v.description }

// Fingerprint returns a hash of the layout, which ignores how names are spelt.
func (v AnyView) Fingerprint() uint64 { return v.fingerprint }

// String describes what is viewed.
func (v AnyView) String() string {
	if v.IsNil() {
		return "view of nothing"
	}
	return v.kind() + " over " + strconv.Itoa(v.segment.Len()) + " bytes"
}

func (v AnyView) isRingEnd() bool {
	return v.description == ringSenderDescription || v.description == ringReceiverDescription
}

// kind names the view in messages.
func (v AnyView) kind() string {
	switch {
	case v.description == ringSenderDescription:
		return "sender of a ring"
	case v.description == ringReceiverDescription:
		return "receiver of a ring"
	case isScalarName(v.description):
		return "array of " + v.description
	}
	return "view of a struct"
}

func (AnyView) provideCodec() providedCodec {
	enableSegments()
	return providedCodec{typeOf[AnyView](), func(r *reader, p unsafe.Pointer) error {
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
