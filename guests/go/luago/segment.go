package luago

import (
	"errors"
	"io"
	"strconv"
	"unsafe"
)

// Segment is memory of a fixed size that the host and several guests share, or a part of such
// memory. Passing it to Lua, or receiving it from there, copies nothing.
//
// Others may write to it at any time. An order of writes is only guaranteed with a [Sender] and
// a [Receiver], or by a call: what was written before a call or a return is seen after it.
//
// A segment is released with [Segment.Close], or when nothing in the guest refers to it any more:
// neither a Segment nor a view of it nor an end of a ring in it. The slices that [Segment.Bytes]
// and [View.Slice] return do not count: keep the Segment for as long as you use them. What a
// function has received as an argument is kept until it returns.
type Segment struct {
	ref            *segmentRef
	offset, length uint32
}

var (
	// ErrSegmentClosed is the error of using a segment that was closed.
	ErrSegmentClosed = errors.New("the segment is closed")
	// ErrReadOnly is the error of writing to a segment that was passed as a read-only one.
	ErrReadOnly = errors.New("the segment is read-only")
)

// NewSegment makes a segment of n bytes, which are 0. A segment has at least one byte, and less
// than 2 GiB.
func NewSegment(n int) (*Segment, error) {
	enableSegments()
	if n < 1 || n > maxSegment {
		return nil, errors.New("cannot make a segment of " + strconv.Itoa(n) + " bytes: it can have from 1 to " + strconv.Itoa(maxSegment))
	}
	handle, err := newSegment(uint32(n))
	if err != nil && collectSegments() {
		// Garbage may have been in the way.
		handle, err = newSegment(uint32(n))
	}
	if err != nil {
		return nil, err
	}
	flags, _, _ := flagsOfSegment(handle)
	return &Segment{acquireSegment(handle, flags, uint32(n)), 0, uint32(n)}, nil
}

// Len returns the number of bytes.
func (s *Segment) Len() int { return int(s.length) }

// ReadOnly reports whether the segment can only be read.
func (s *Segment) ReadOnly() bool { return s.ref.isReadOnly() }

// Sub returns a part of the same memory: n bytes from an offset. Like slicing, it panics if the
// range is not inside the segment.
//
// This is a convenience, not a restriction: whoever receives the part has access to the whole.
func (s *Segment) Sub(offset, n int) *Segment {
	if offset < 0 || n < 0 || offset > s.Len() || n > s.Len()-offset {
		panic(errors.New("luago: " + s.outsideMessage(offset, n)))
	}
	return &Segment{s.ref, s.offset + uint32(offset), uint32(n)}
}

func (s *Segment) outsideMessage(offset, n int) string {
	return strconv.Itoa(n) + " bytes from offset " + strconv.Itoa(offset) +
		" are outside a segment of " + strconv.Itoa(s.Len()) + " bytes"
}

// AsReadOnly returns the same memory as a segment whose receivers can only read it.
func (s *Segment) AsReadOnly() (*Segment, error) {
	if s.ref.isClosed {
		return nil, ErrSegmentClosed
	}
	if s.ReadOnly() {
		return s, nil
	}
	handle := readOnlySegment(s.ref.handle)
	if handle == 0 {
		return nil, segmentError("the host does not know the segment")
	}
	return &Segment{acquireSegment(handle, s.ref.flags|segmentReadOnly, s.ref.length), s.offset, s.length}, nil
}

// Bytes returns the memory itself. The slice is valid until the segment is closed or nothing
// refers to the segment any more. Then the memory may be reused.
//
// A write to the bytes of a read-only segment ends the guest; Go cannot recover from it.
func (s *Segment) Bytes() ([]byte, error) {
	base, err := s.ref.memory()
	if err != nil {
		return nil, err
	}
	return bytesAt(base, s.offset, s.length), nil
}

// ReadAt copies bytes out of the segment. It implements [io.ReaderAt].
func (s *Segment) ReadAt(to []byte, offset int64) (int, error) {
	memory, err := s.Bytes()
	if err != nil {
		return 0, err
	}
	if offset < 0 {
		return 0, errors.New("cannot read from the segment: the offset " + strconv.FormatInt(offset, 10) + " is negative")
	}
	n := 0
	if offset < int64(len(memory)) {
		n = copy(to, memory[offset:])
	}
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt copies bytes into the segment. It implements [io.WriterAt]. If not all of them fit, it
// writes those that do and returns [io.ErrShortWrite].
func (s *Segment) WriteAt(from []byte, offset int64) (int, error) {
	if s.ReadOnly() {
		return 0, ErrReadOnly
	}
	memory, err := s.Bytes()
	if err != nil {
		return 0, err
	}
	if offset < 0 {
		return 0, errors.New("cannot write to the segment: the offset " + strconv.FormatInt(offset, 10) + " is negative")
	}
	n := 0
	if offset < int64(len(memory)) {
		n = copy(memory[offset:], from)
	}
	if n < len(from) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// Close releases the segment: every later use of it, of a part or of a view of it returns
// [ErrSegmentClosed]. Others keep the segment. A second Close does nothing. The error is always
// nil.
func (s *Segment) Close() error {
	s.ref.close()
	return nil
}

// Sync makes the guest see what others have written so far, and makes others see what it has
// written. Calls and returns do the same, so it is for code that waits for a change without
// them. It does nothing where memory is really shared; the documentation of luago says where
// segments are copied instead.
func (s *Segment) Sync() error {
	if s.ref.isClosed {
		return ErrSegmentClosed
	}
	if s.ref.flags&segmentCopied != 0 {
		syncSegment(s.ref.handle)
	}
	return nil
}

// String describes the segment.
func (s *Segment) String() string { return "segment of " + strconv.Itoa(s.Len()) + " bytes" }

func (s *Segment) provideCodec() providedCodec {
	enableSegments()
	return providedCodec{typeOf[*Segment](), decodeSegment, encodeSegment, nil}
}

func decodeSegment(r *reader, p unsafe.Pointer) error {
	switch s := r.next(); s.tag {
	case tagNil:
		*(**Segment)(p) = nil
	case tagSegment:
		got, err := r.segment(s)
		if err != nil {
			return err
		}
		*(**Segment)(p) = got
	case tagView:
		got, err := r.view(s)
		if err != nil {
			return err
		}
		if got.isRingEnd() {
			return newMismatch("expected segment, got " + got.kind())
		}
		*(**Segment)(p) = got.segment
	default:
		return expected("segment", s)
	}
	return nil
}

func encodeSegment(w *writer, p unsafe.Pointer) error {
	s := *(**Segment)(p)
	if s == nil {
		w.null()
		return nil
	}
	return w.segment(s)
}
