package luago

import "unsafe"

// version is that of this package. That of the ABI is in the name of an export.
const version = "0.1.0"

// slot is a value in a frame, or the first slot of a compound value.
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

// pointer is the inverse of address.
func pointer(address uint64) unsafe.Pointer {
	word := uintptr(address)
	return *(*unsafe.Pointer)(unsafe.Pointer(&word))
}

func address(p unsafe.Pointer) uint64 {
	return uint64(uintptr(p))
}

// text returns a string whose bytes are in the frame.
func (s *slot) text() string {
	if s.aux == 0 {
		return ""
	}
	return unsafe.String((*byte)(pointer(s.payload)), int(s.aux))
}

// luaType returns what Lua's function type would, for messages.
func (s *slot) luaType() string {
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
