//go:build !wasip1

package luago

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestASegmentIsAFileOfFixedSize(t *testing.T) {
	s := newSegmentOf(t, 10)
	if n, err := s.WriteAt([]byte("hello"), 7); n != 3 || err != io.ErrShortWrite {
		t.Error(n, err)
	}
	if n, err := s.WriteAt([]byte("x"), 10); n != 0 || err != io.ErrShortWrite {
		t.Error(n, err)
	}
	if _, err := s.WriteAt(nil, -1); err == nil {
		t.Error("there is something before the first byte")
	}
	b, err := io.ReadAll(io.NewSectionReader(s, 5, 100))
	if string(b) != "\x00\x00hel" || err != nil {
		t.Errorf("%q %v", b, err)
	}
	if n, err := s.ReadAt(make([]byte, 1), 1<<40); n != 0 || err != io.EOF {
		t.Error(n, err)
	}
	if s.String() != "segment of 10 bytes" {
		t.Error(s)
	}
	for _, n := range []int{0, -1, 1 << 31} {
		if _, err := NewSegment(n); err == nil {
			t.Errorf("there is a segment of %d bytes", n)
		}
	}
}

func TestAClosedSegmentCannotBeUsed(t *testing.T) {
	s := newSegmentOf(t, 16)
	part := s.Sub(4, 4)
	handle := s.core.handle
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	_, bytesError := part.Bytes()
	_, viewError := ViewOf[uint8](part, 0, 1)
	_, readOnlyError := s.AsReadOnly()
	_, writeError := s.WriteAt([]byte("x"), 0)
	for _, err := range []error{bytesError, viewError, readOnlyError, writeError, s.Sync()} {
		if err != ErrSegmentClosed {
			t.Error(err)
		}
	}
	if _, err := write(t, s); err == nil || err.Error() != "the segment is closed" {
		t.Error(err)
	}
	if segmentOf(handle) != nil {
		t.Error("the host still has the handle")
	}
}

func TestAReadOnlySegmentIsNotWrittenTo(t *testing.T) {
	s := newSegmentOf(t, 4)
	readOnly, err := s.AsReadOnly()
	if err != nil {
		t.Fatal(err)
	}
	if !readOnly.ReadOnly() || s.ReadOnly() {
		t.Error(readOnly.ReadOnly(), s.ReadOnly())
	}
	if _, err := readOnly.WriteAt([]byte("x"), 0); err != ErrReadOnly {
		t.Error(err)
	}
	s.WriteAt([]byte("abcd"), 0)
	if b, _ := readOnly.Sub(1, 2).Bytes(); string(b) != "bc" {
		t.Errorf("%q", b)
	}
	if again, _ := readOnly.AsReadOnly(); again != readOnly {
		t.Error("there are two")
	}
}

func passed[T any](t *testing.T, v any) (T, error) {
	t.Helper()
	w := new(writer)
	if err := w.any(v); err != nil {
		t.Fatal(err)
	}
	countHandles(w.slots)
	return read[T](w)
}

func mustPass[T any](t *testing.T, v any) T {
	t.Helper()
	got, err := passed[T](t, v)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSegmentsPassWithTheirRange(t *testing.T) {
	s := newSegmentOf(t, 100)
	got := mustPass[*Segment](t, s.Sub(10, 20).Sub(5, 6))
	if got.core != s.core || got.offset != 15 || got.length != 6 {
		t.Error(got)
	}
	if got := mustPass[any](t, s).(*Segment); got.core != s.core || got.Len() != 100 {
		t.Error(got)
	}
	if got := mustPass[*Segment](t, nil); got != nil {
		t.Error(got)
	}
	if got := roundTrip[*Segment](t, nil); got != nil {
		t.Error(got)
	}
	type holder struct {
		Name  string
		Parts []*Segment
		View  View[uint16]
		More  map[string]*Segment
		Any   any
	}
	v := newViewOf[uint16](t, s, 2, 4)
	h := mustPass[holder](t, holder{"n", []*Segment{s, nil, s.Sub(1, 2)}, v, map[string]*Segment{"x": s}, s})
	if len(h.Parts) != 3 || h.Parts[1] != nil || h.Parts[2].offset != 1 || h.View != v || h.More["x"].core != s.core ||
		h.Any.(*Segment).core != s.core {
		t.Errorf("%+v", h)
	}
}

func TestViewsPassIfTheirLayoutsAreEqual(t *testing.T) {
	s := newSegmentOf(t, 1000)
	v := newViewOf[testPacket](t, s, 100, 3)
	type other struct {
		_     Packed
		SEQ   uint32    `luago:"s_e_q"`
		Flag  uint8     `luago:"fLaGs"`
		Bytes [64]uint8 `luago:"data"`
	}
	got := mustPass[View[other]](t, v)
	if got.Len() != 3 || got.offset != 100 || got.core != s.core {
		t.Error(got)
	}
	some := mustPass[any](t, v).(AnyView)
	if some.Description() != v.layout.description || some.Fingerprint() != v.layout.fingerprint || some.Segment().Len() != 3*69 {
		t.Error(some)
	}
	if back := mustPass[View[testPacket]](t, some); back != v {
		t.Error(back)
	}
	if as, err := ViewAs[testPacket](some); as != v || err != nil {
		t.Error(as, err)
	}
	if s2 := mustPass[*Segment](t, v); s2.offset != 100 || s2.Len() != 3*69 {
		t.Error(s2)
	}
	if v := mustPass[View[float64]](t, nil); !v.IsNil() {
		t.Error(v)
	}
	_, err := passed[View[float64]](t, v)
	if err == nil || !strings.HasPrefix(err.Error(), "the layouts differ:\n  passed ") {
		t.Error(err)
	}
	_, err = passed[View[float64]](t, s)
	if err == nil || err.Error() != "expected array of f64, got segment" {
		t.Error(err)
	}
	_, err = passed[*Segment](t, "text")
	if err == nil || err.Error() != "expected segment, got string" {
		t.Error(err)
	}
	_, err = passed[View[testPacket]](t, AnyView{s.Sub(0, 70), v.layout.description, v.layout.fingerprint})
	if err == nil || !strings.Contains(err.Error(), "no multiple of the layout's 69") {
		t.Error(err)
	}
}

func TestTypesThatCannotHoldASegmentAreRefused(t *testing.T) {
	if _, err := codecOf(typeOf[Segment]()); err == nil || !strings.Contains(err.Error(), "use *luago.Segment") {
		t.Error(err)
	}
	if _, err := codecOf(typeOf[View[string]]()); err == nil || !strings.Contains(err.Error(), "string has no fixed size") {
		t.Error(err)
	}
	if _, err := codecOf(typeOf[*View[uint8]]()); err != nil {
		t.Error(err)
	}
	// An embedded view is a field like others.
	type embeds struct {
		View[uint8]
		X int
	}
	v := embeds{newViewOf[uint8](t, newSegmentOf(t, 3), 0, 3), 1}
	if got := mustPass[embeds](t, v); got != v {
		t.Error(got)
	}
}

// counted is how often the host counts a handle.
func counted(handle uint32) uint32 {
	heap.Lock()
	defer heap.Unlock()
	if h := heap.handles[handle]; h != nil {
		return h.count
	}
	return 0
}

func collected(t *testing.T, isDone func() bool) {
	t.Helper()
	for range 500 {
		if isDone() {
			return
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	t.Error("it was not given back")
}

func TestWhatNobodyRefersToIsGivenBack(t *testing.T) {
	s := newSegmentOf(t, 100)
	handle := s.core.handle
	parts := []*Segment{mustPass[*Segment](t, s), mustPass[*Segment](t, s).Sub(1, 1)}
	if counted(handle) != 3 || s.core.count != 3 {
		t.Error(counted(handle), s.core.count)
	}
	s = nil
	runtime.GC()
	if counted(handle) != 3 {
		t.Error("it was given back too early")
	}
	v := newViewOf[uint8](t, parts[1], 0, 1)
	runtime.KeepAlive(parts)
	parts = nil
	runtime.GC()
	v.Set(0, 1)
	collected(t, func() bool { return counted(handle) == 0 })
}

func TestSegmentsThatNobodyTakesAreGivenBack(t *testing.T) {
	h := newHost(t)
	s := newSegmentOf(t, 100)
	handle := s.core.handle
	v := newViewOf[testPacket](t, s, 0, 1)
	before := counted(handle)
	pass := func(args ...any) *reader {
		r := h.frame(args)
		countHandles(r.slots)
		return r
	}
	// An argument too many, a field that there is not, and a frame that is not read to its end.
	startTask(1, number("add"), pass(1, 2, s, []any{s, map[string]any{"x": v}}), 0)
	h.done(1, statusOK)
	startTask(2, number("add"), pass(s, v), 0)
	h.failed(2, statusError)
	callNow(number("pointNow"), pass(map[string]any{"unknown": []any{v, s}}))
	callNow(number("addNow"), pass(v, "x"))
	callNow(number("no such function"), pass(s))
	startTask(3, number("no such function"), pass(s, &Error{Message: "x"}, s), 0)
	h.failed(3, statusError)
	// The answer to a call that nobody waits for, or that is of another type.
	deliver(12345678, answerOK, pass(s))
	h.start(4, "twice", 1)
	e, _ := h.next(kindCall)
	deliver(e.number, answerOK, pass(s))
	h.failed(4, statusError)
	h.start(5, "twice", 1)
	e, _ = h.next(kindCall)
	deliver(e.number, answerOK, pass(1, s, v))
	h.done(5, statusOK)
	collected(t, func() bool { return counted(handle) == before })
	if got := s.core.count; got != before {
		t.Error(got)
	}
	runtime.KeepAlive(s)
}

func TestAFunctionOfAnyKindTakesAndGivesSegments(t *testing.T) {
	h := newHost(t)
	s := newSegmentOf(t, 8)
	s.WriteAt([]byte("segment!"), 0)
	pass := func(args ...any) *reader {
		r := h.frame(args)
		countHandles(r.slots)
		return r
	}
	for _, name := range []string{"segNow", "segRaw", "segReflected"} {
		if status := callNow(number(name), pass(s)); status != statusOK {
			t.Fatal(name, status)
		}
		countHandles(outbox.slots)
		got, err := (&reader{slots: outbox.slots, count: 1}).any()
		if err != nil || got.(*Segment).core != s.core || got.(*Segment).Len() != 4 {
			t.Error(name, got, err)
		}
	}
	for i, name := range []string{"segTask", "segRawTask"} {
		startTask(uint32(i), number(name), pass(s), 0)
		e, values := h.next(kindDone)
		if e.number != statusOK || values[0].(*Segment).Len() != 4 {
			t.Error(name, values)
		}
	}
	if b, _ := s.Bytes(); !bytes.Equal(b, []byte("segment!")) {
		t.Errorf("%q", b)
	}
}

func init() {
	half := func(_ context.Context, s *Segment) (*Segment, error) { return s.Sub(0, s.Len()/2), nil }
	raw := func(_ context.Context, args *Args, out *Results) error {
		s, err := Arg[*Segment](args, 0)
		if err != nil {
			return err
		}
		if again, err := args.Value(0); err != nil || again.(*Segment).core != s.core {
			return errors.New("it is another one the second time")
		}
		return out.Value(s.Sub(0, s.Len()/2))
	}
	Func1("segNow", half, NonBlocking)
	Func1("segTask", half)
	Register("segReflected", half, NonBlocking)
	Raw("segRaw", raw, NonBlocking)
	Raw("segRawTask", raw)
}

func TestANameOfSegmentsIsNotFoundInTheirTypes(t *testing.T) {
	for _, of := range []reflect.Type{typeOf[Sender](), typeOf[Receiver](), typeOf[View[int8]](), typeOf[Segment]()} {
		for i := range of.NumField() {
			if of.Field(i).IsExported() {
				t.Errorf("%v has the exported field %s", of, of.Field(i).Name)
			}
		}
		for _, name := range []string{"Lock", "Unlock"} {
			if _, ok := reflect.PointerTo(of).MethodByName(name); ok {
				t.Errorf("%v has the method %s", of, name)
			}
		}
	}
}
