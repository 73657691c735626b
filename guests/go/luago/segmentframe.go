package luago

import "unsafe"

// segments is set in guests that use segments. Code that is part of every guest calls these
// functions only through it, and so does not import what they need.
var segments struct {
	// any reads a segment or a view.
	any func(r *reader, s *slot) (any, error)
	// releaseUnclaimed gives back the segments of a frame that were not read: those of unknown
	// fields and excess arguments, and of frames that could not be read to the end.
	releaseUnclaimed func(r *reader)
}

func enableSegments() {
	if segments.any == nil {
		segments.any = (*reader).anySegment
		segments.releaseUnclaimed = (*reader).releaseUnclaimed
	}
}

// AcceptSegments lets a guest receive segments as values of type any. Only guests need it that do
// not use segments otherwise, neither in the types of their functions nor with [NewSegment] in
// func init.
func AcceptSegments() { enableSegments() }

func (r *reader) segmentValue(s *slot) (any, error) {
	if segments.any == nil {
		return nil, newMismatch("the guest does not use segments: call luago.AcceptSegments in func init")
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

// segment reads a segment whose first slot is s.
func (r *reader) segment(s *slot) (*Segment, error) {
	both := r.next().payload
	offset, length := uint32(both), uint32(both>>32)
	handle, flags, total := s.aux, uint32(s.payload), uint32(s.payload>>32)
	if offset > total || length > total-offset {
		return nil, newMismatch("the host has passed a range outside its segment: build the guest with a newer github.com/luago-project/luago/guests/go/luago")
	}
	var ref *segmentRef
	if flags&flagAcquired == 0 {
		ref = acquireSegment(handle, flags, total)
		s.payload |= uint64(flagAcquired)
	} else if ref = findSegment(handle); ref == nil {
		return nil, newMismatch(ErrSegmentClosed.Error())
	}
	return &Segment{ref, offset, length}, nil
}

// view reads a view whose first slot is s.
func (r *reader) view(s *slot) (AnyView, error) {
	v := AnyView{fingerprint: s.payload}
	var err error
	if v.segment, err = r.segment(r.next()); err != nil {
		return AnyView{}, err
	}
	v.description, err = r.string()
	return v, err
}

func (r *reader) releaseUnclaimed() {
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
			if uint32(s.payload)&flagAcquired == 0 {
				s.payload |= uint64(flagAcquired)
				dropSegment(s.aux, 1)
			}
		}
	}
}

// segment writes a segment, which is kept for as long as the frame.
func (w *writer) segment(s *Segment) error {
	ref := s.ref
	if ref.isClosed {
		return newMismatch(ErrSegmentClosed.Error())
	}
	w.keepAlive = append(w.keepAlive, unsafe.Pointer(ref))
	w.put(tagSegment, ref.handle, uint64(ref.flags)|uint64(ref.length)<<32)
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
