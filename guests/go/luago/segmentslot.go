package luago

import "unsafe"

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
	case ringSenderDescription:
		return openSender(v)
	case ringReceiverDescription:
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
			left += int(s.aux &^ errorHasStack)
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
	w.put(tagView, viewValues, v.fingerprint)
	if err := w.segment(v.segment); err != nil {
		return err
	}
	return w.string(v.description)
}
