package luago

import "unsafe"

// version is the SDK's own; that of the ABI is in the name of an export.
const version = "0.1.0"

// slot is one value of a frame, or the head of a compound one.
type slot struct {
	tag, aux uint32
	payload  uint64
}

// The compiler refuses an index other than 0: the fields stand where the ABI has them.
var (
	_ = [1]struct{}{}[unsafe.Sizeof(slot{})-slotSize]
	_ = [1]struct{}{}[unsafe.Offsetof(slot{}.tag)-slotTag]
	_ = [1]struct{}{}[unsafe.Offsetof(slot{}.aux)-slotAux]
	_ = [1]struct{}{}[unsafe.Offsetof(slot{}.payload)-slotPayload]
)

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
