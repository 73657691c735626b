package luago

import "unsafe"

// passed is the end as a value on its way.
func (e *end) passed() AnyView {
	text := ringSenderDescription
	if e.side == sideReceiver {
		text = ringReceiverDescription
	}
	return AnyView{&Segment{e.core, e.at, e.size}, text, fingerprint(text)}
}

// passingEnd is how senders and receivers pass, which are pointers to an end each.
func passingEnd[T any](text, what string, open func(AnyView) (*T, error), endOf func(*T) *end) passing {
	useSegments()
	return passing{typeOf[*T](), func(r *reader, p unsafe.Pointer) error {
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
			return unusable("expected " + what + ", got " + v.kind())
		}
		*(**T)(p), err = open(v)
		return err
	}, func(w *writer, p unsafe.Pointer) error {
		if end := *(**T)(p); end != nil {
			return w.view(endOf(end).passed())
		}
		w.null()
		return nil
	}, nil}
}

func openAt[T any](v AnyView, side uint32, made func(*end) *T) (*T, error) {
	e, err := openEnd(v.segment, side)
	if err != nil {
		return nil, unusable(err.Error())
	}
	return made(e), nil
}
