package luago

import (
	"strings"
	"unsafe"
)

var (
	// What luago_room made for the next entry.
	room     unsafe.Pointer
	roomSize int
	// A room that nothing refers to any more; using it again is kinder to caches and to
	// the garbage collector.
	spare     unsafe.Pointer
	spareSize int
)

func makeRoom(size int) unsafe.Pointer {
	if size <= spareSize && spareSize/4 <= size {
		room, roomSize = spare, spareSize
		spare, spareSize = nil, 0
		return room
	}
	pace(size)
	// The Builder is the one way to memory that has not been cleared, which costs as
	// much as the copy that the host makes.
	var b strings.Builder
	b.Grow(size + 1)
	b.WriteByte(0)
	room, roomSize = unsafe.Pointer(unsafe.StringData(b.String())), size
	return room
}
