package luago

import "unsafe"

// asView returns the view that stands for the end in a frame.
func (e *ringEnd) asView() AnyView {
	text := ringSenderDescription
	if e.side == sideReceiver {
		text = ringReceiverDescription
	}
	return AnyView{&Segment{e.ref, e.offset, e.size}, text, fingerprint(text)}
}

// ringEndCodec returns the codec of Sender or Receiver.
func ringEndCodec[T any](text, what string, open func(AnyView) (*T, error), endOf func(*T) *ringEnd) providedCodec {
	enableSegments()
	return providedCodec{typeOf[*T](), func(r *reader, p unsafe.Pointer) error {
		s := r.next()
		if s.tag == tagNil {
			*(**T)(p) = nil
			return nil
		}
		if s.tag != tagView {
			return expected(what, s)
		}
		v, err := r.view(s)
		if err != nil {
			return err
		}
		if v.description != text {
			return newMismatch("expected " + what + ", got " + v.kind())
		}
		*(**T)(p), err = open(v)
		return err
	}, func(w *writer, p unsafe.Pointer) error {
		if end := *(**T)(p); end != nil {
			return w.view(endOf(end).asView())
		}
		w.null()
		return nil
	}, nil}
}

func openFromView[T any](v AnyView, side uint32, made func(*ringEnd) *T) (*T, error) {
	e, err := openEnd(v.segment, side)
	if err != nil {
		return nil, newMismatch(err.Error())
	}
	return made(e), nil
}
