package luago

import (
	"math/bits"
	"unsafe"
)

// Go's view of the memory of segments. In a guest this is a window: memory that Go's
// allocator gave away for good, so that its collector neither moves nor frees nor writes it,
// and in whose place the host has mapped the segment. It holds no pointers of Go's. Elsewhere
// it is a slice of Go's heap.
//
// Whoever calls these functions has checked that the range is inside the segment, and has
// the base of a segment that is mapped. What is read may change at any time: other threads
// write there. So nothing is read twice that must be the same both times.

// span is the bytes of a range, without a copy.
func span(base unsafe.Pointer, at, size uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Add(base, at)), size)
}

// elementsAt is a range as a slice of T, whose layout in Go is that in the segment.
func elementsAt[T any](base unsafe.Pointer, at uint32, count int) []T {
	return unsafe.Slice((*T)(unsafe.Add(base, at)), count)
}

// word is an index or a flag of a ring, for package atomic. It is aligned, as segments are.
func word(base unsafe.Pointer, at uint32) *uint32 {
	return (*uint32)(unsafe.Add(base, at))
}

// copyBytes is copy for ranges that may have any alignment.
func copyBytes(to, from unsafe.Pointer, size uintptr) {
	switch size {
	case 1:
		*(*byte)(to) = *(*byte)(from)
	default:
		copy(unsafe.Slice((*byte)(to), size), unsafe.Slice((*byte)(from), size))
	}
}

// isLittleEndian says whether numbers stand in memory as they stand in a segment.
var isLittleEndian = *(*byte)(unsafe.Pointer(&[]uint32{1}[0])) == 1

// putHead writes the head of a record: its length, and a zero.
func putHead(base unsafe.Pointer, at, length uint32) {
	head := uint64(length)
	if !isLittleEndian {
		head = bits.ReverseBytes64(head)
	}
	*(*uint64)(unsafe.Add(base, at)) = head
}
