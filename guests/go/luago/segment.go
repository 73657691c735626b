package luago

import (
	"errors"
	"io"
	"strconv"
	"unsafe"
)

// Segment is memory of a fixed size that the host and several guests see at once, or a part
// of such memory. Passing it to Lua, or getting it from there, copies nothing.
//
// Others may write to it at any time. What has to be seen in some order needs a [Sender] and
// a [Receiver], or a call: what was written before a call or a return is seen after it.
//
// A segment is given back when nothing in the guest refers to it any more, neither to a
// part of it, a view, nor an end of a ring in it, or with [Segment.Close]. The slices that
// [Segment.Bytes] and [View.Slice] give do not count: keep the Segment as long as them. What
// a function got as an argument is kept until it returns.
type Segment struct {
	core           *core
	offset, length uint32
}

var (
	// ErrSegmentClosed is the error of using a segment that was closed.
	ErrSegmentClosed = errors.New("the segment is closed")
	// ErrReadOnly is the error of writing to a segment that was passed as a read-only one.
	ErrReadOnly = errors.New("the segment is read-only")
)

// NewSegment makes a segment of n bytes, which are 0. There must be at least one byte, and
// less than 2 GiB.
func NewSegment(n int) (*Segment, error) {
	useSegments()
	if n < 1 || n > maxSegment {
		return nil, errors.New("cannot make a segment of " + strconv.Itoa(n) + " bytes: it can have from 1 to " + strconv.Itoa(maxSegment))
	}
	handle, err := newSegment(uint32(n))
	if err != nil && collectCores() {
		// What is garbage may have been in the way.
		handle, err = newSegment(uint32(n))
	}
	if err != nil {
		return nil, err
	}
	flags, _, _ := flagsOfSegment(handle)
	return &Segment{takeCore(handle, flags, uint32(n)), 0, uint32(n)}, nil
}

// Len is the number of bytes.
func (s *Segment) Len() int { return int(s.length) }

// ReadOnly says whether the segment can only be read.
func (s *Segment) ReadOnly() bool { return s.core.isReadOnly() }

// Sub gives a part of the same memory: n bytes from an offset. It panics, as slicing does,
// if the range is not inside the segment.
//
// That is a convenience, not a restriction: who gets the part passed gets the whole.
func (s *Segment) Sub(offset, n int) *Segment {
	if offset < 0 || n < 0 || offset > s.Len() || n > s.Len()-offset {
		panic(errors.New("luago: " + s.outside(offset, n)))
	}
	return &Segment{s.core, s.offset + uint32(offset), uint32(n)}
}

func (s *Segment) outside(offset, n int) string {
	return strconv.Itoa(n) + " bytes from offset " + strconv.Itoa(offset) +
		" are outside a segment of " + strconv.Itoa(s.Len()) + " bytes"
}

// AsReadOnly gives the same memory such that whoever gets it passed can only read it.
func (s *Segment) AsReadOnly() (*Segment, error) {
	if s.core.isClosed {
		return nil, ErrSegmentClosed
	}
	if s.ReadOnly() {
		return s, nil
	}
	handle := readOnlySegment(s.core.handle)
	if handle == 0 {
		return nil, segmentError("the host does not know the segment")
	}
	return &Segment{takeCore(handle, s.core.flags|segmentReadOnly, s.core.length), s.offset, s.length}, nil
}

// Bytes gives the memory itself. The slice is valid until the segment is closed, or nothing
// refers to the segment any more: then other bytes can come to stand there.
//
// A write to the bytes of a read-only segment ends the guest, as nothing in Go can catch it.
func (s *Segment) Bytes() ([]byte, error) {
	base, err := s.core.memory()
	if err != nil {
		return nil, err
	}
	return span(base, s.offset, s.length), nil
}

// ReadAt copies bytes out of the segment, as [io.ReaderAt] says.
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

// WriteAt copies bytes into the segment, as [io.WriterAt] says. What does not fit is not
// written, and the error is [io.ErrShortWrite].
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

// Close gives the segment back: the guest has no part of it any more, and every later use
// of it, of a part or of a view gives [ErrSegmentClosed]. Others keep it. A second Close does
// nothing. The error is always nil.
func (s *Segment) Close() error {
	s.core.close()
	return nil
}

// Sync makes the guest see what others have written so far, and others what it has. Where
// memory is really shared it does nothing, and a call or a return does the same: only code
// that waits for a change without either needs it. See the README of luago for where memory
// is copied instead.
func (s *Segment) Sync() error {
	if s.core.isClosed {
		return ErrSegmentClosed
	}
	if s.core.flags&segmentCopied != 0 {
		syncSegment(s.core.handle)
	}
	return nil
}

// String says how large the segment is.
func (s *Segment) String() string { return "segment of " + strconv.Itoa(s.Len()) + " bytes" }

func (s *Segment) passes() passing {
	useSegments()
	return passing{typeOf[*Segment](), decodeSegment, encodeSegment, nil}
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
		if got.isRing() {
			return unusable("expected segment, got " + got.kind())
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
