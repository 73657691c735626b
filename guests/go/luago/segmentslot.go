package luago

import (
	"strconv"
	"unsafe"
)

// segments is what a guest that uses segments has more than others. It is not named where
// every guest would get it, with what it imports.
var segments struct {
	// any reads a segment or a view.
	any func(r *reader, s *slot) (any, error)
	// giveBack gives back the segments of a frame that nobody has taken: those of fields and
	// arguments that there are not, and of frames that could not be read to their end.
	giveBack func(r *reader)
}

func useSegments() {
	if segments.any == nil {
		segments.any = (*reader).anySegment
		segments.giveBack = (*reader).giveBack
	}
}

// AcceptSegments lets a guest take segments as values of type any. Only one needs it that
// does not use them otherwise, neither in the types of its functions nor with [NewSegment]
// in func init.
func AcceptSegments() { useSegments() }

func (r *reader) ofSegment(s *slot) (any, error) {
	if segments.any == nil {
		return nil, unusable("the guest does not use segments: call luago.AcceptSegments in func init")
	}
	return segments.any(r, s)
}

func (r *reader) anySegment(s *slot) (any, error) {
	if s.tag == tagSegment {
		return r.segment(s)
	}
	v, err := r.view(s)
	if err != nil {
		return nil, err
	}
	switch v.description {
	case senderText:
		return openSender(v)
	case receiverText:
		return openReceiver(v)
	}
	return v, nil
}

// segment reads a segment whose head is s.
func (r *reader) segment(s *slot) (*Segment, error) {
	both := r.next().payload
	offset, length := uint32(both), uint32(both>>32)
	handle, flags, total := s.aux, uint32(s.payload), uint32(s.payload>>32)
	if offset > total || length > total-offset {
		return nil, unusable("the host has passed a range outside its segment: build the guest with a newer luago.dev/go/luago")
	}
	var c *core
	if flags&flagTaken == 0 {
		c = takeCore(handle, flags, total)
		s.payload |= uint64(flagTaken)
	} else if c = findCore(handle); c == nil {
		return nil, unusable(ErrSegmentClosed.Error())
	}
	return &Segment{c, offset, length}, nil
}

// view reads a view whose head is s.
func (r *reader) view(s *slot) (AnyView, error) {
	v := AnyView{fingerprint: s.payload}
	var err error
	if v.segment, err = r.segment(r.next()); err != nil {
		return AnyView{}, err
	}
	v.description, err = r.string()
	return v, err
}

func (r *reader) giveBack() {
	if r.count == 0 {
		return
	}
	at := 0
	for left := r.count; left > 0; left-- {
		s := &r.slots[at]
		at++
		switch s.tag {
		case tagSequence:
			left += int(s.aux)
		case tagTable:
			left += 2 * int(s.aux)
		case tagError:
			left += int(s.aux &^ hasStack)
		case tagView:
			left += int(s.aux)
		case tagSegment:
			left++
			if uint32(s.payload)&flagTaken == 0 {
				s.payload |= uint64(flagTaken)
				dropSegment(s.aux, 1)
			}
		}
	}
}

// segment writes a segment, which stays what it is for as long as the frame does.
func (w *writer) segment(s *Segment) error {
	c := s.core
	if c.isClosed {
		return unusable(ErrSegmentClosed.Error())
	}
	w.kept = append(w.kept, unsafe.Pointer(c))
	w.put(tagSegment, c.handle, uint64(c.flags)|uint64(c.length)<<32)
	w.put(tagInteger, 0, uint64(s.offset)|uint64(s.length)<<32)
	return nil
}

func (w *writer) view(v AnyView) error {
	w.put(tagView, 2, v.fingerprint)
	if err := w.segment(v.segment); err != nil {
		return err
	}
	return w.string(v.description)
}

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

func (v AnyView) isRing() bool { return v.description == senderText || v.description == receiverText }

// kind is what messages call the view.
func (v AnyView) kind() string {
	switch {
	case v.description == senderText:
		return "sender of a ring"
	case v.description == receiverText:
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
