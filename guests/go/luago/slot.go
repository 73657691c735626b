package luago

import "unsafe"

// version is the SDK's own; that of the ABI is in the name of an export.
const version = "0.1.0"

// What a slot holds; the numbers are the ABI's.
const (
	tagNil uint32 = iota
	tagBoolean
	tagInteger
	tagNumber
	tagString
	tagSequence
	tagTable
	tagFunction
	_
	tagError
	_
	tagStream
	tagSegment
	tagView
)

// hasStack in the aux of an error says that its last string is a stack trace.
const hasStack = 1 << 31

// maxDepth bounds how deeply tables may be nested.
const maxDepth = 200

// slot is one value of a frame, or the head of a compound one.
type slot struct {
	tag, aux uint32
	payload  uint64
}

const slotSize = 16

// pointer undoes address.
func pointer(address uint64) unsafe.Pointer {
	word := uintptr(address)
	return *(*unsafe.Pointer)(unsafe.Pointer(&word))
}

func address(p unsafe.Pointer) uint64 {
	return uint64(uintptr(p))
}

// text is a view of a string's bytes, which are the frame's.
func (s *slot) text() string {
	if s.aux == 0 {
		return ""
	}
	return unsafe.String((*byte)(pointer(s.payload)), int(s.aux))
}

// typeName is what Lua's function type says.
func (s *slot) typeName() string {
	switch s.tag {
	case tagNil:
		return "nil"
	case tagBoolean:
		return "boolean"
	case tagInteger, tagNumber:
		return "number"
	case tagString:
		return "string"
	case tagSequence, tagTable:
		return "table"
	case tagFunction:
		return "function"
	case tagError:
		return "error"
	case tagSegment:
		return "segment"
	case tagView:
		return "view of a segment"
	}
	return "unknown value"
}
