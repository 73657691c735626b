package luago

import (
	"strings"
	"unsafe"
)

var (
	// What luago_room allocated for the next entry.
	largeFrame     unsafe.Pointer
	largeFrameSize int
	// One that nothing refers to any more. Reusing it is kinder to caches and to the garbage
	// collector.
	freeFrame     unsafe.Pointer
	freeFrameSize int
)

// allocateFrame returns memory for a frame that does not fit in the inbox.
func allocateFrame(size int) unsafe.Pointer {
	if size <= freeFrameSize && freeFrameSize/4 <= size {
		largeFrame, largeFrameSize = freeFrame, freeFrameSize
		freeFrame, freeFrameSize = nil, 0
		return largeFrame
	}
	frameArrived(size)
	// Only a Builder allocates memory without clearing it, which would cost as much as the copy
	// that the host makes.
	var b strings.Builder
	b.Grow(size + 1)
	b.WriteByte(0)
	largeFrame, largeFrameSize = unsafe.Pointer(unsafe.StringData(b.String())), size
	return largeFrame
}
