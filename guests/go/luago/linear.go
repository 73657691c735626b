package luago

import (
	"math/bits"
	"runtime"
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

// span is the bytes of a range, without a copy. An empty one could begin behind the memory,
// where pointers of Go must not point to.
func span(base unsafe.Pointer, at, size uint32) []byte {
	if size == 0 {
		return []byte{}
	}
	return unsafe.Slice((*byte)(unsafe.Add(base, at)), size)
}

// elementsAt is a range as a slice of T, whose layout in Go is that in the segment.
func elementsAt[T any](base unsafe.Pointer, at uint32, count int) []T {
	if count == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(unsafe.Add(base, at)), count)
}

// word is an index or a flag of a ring. It is aligned, as segments are.
func word(base unsafe.Pointer, at uint32) *uint32 {
	return (*uint32)(unsafe.Add(base, at))
}

// shortest is up to how many bytes a loop is faster than the call of a function that copies:
// in wasm that is one of the host's.
const shortest = 96

// copyBytes is copy for ranges that do not overlap and may have any alignment.
func copyBytes(to, from unsafe.Pointer, size uintptr) {
	if size > shortest || !canMisalign {
		copy(unsafe.Slice((*byte)(to), size), unsafe.Slice((*byte)(from), size))
		return
	}
	if size >= 8 {
		last := size - 8
		for i := uintptr(0); i < last; i += 8 {
			*(*uint64)(unsafe.Add(to, i)) = *(*uint64)(unsafe.Add(from, i))
		}
		// It may write some bytes for a second time.
		*(*uint64)(unsafe.Add(to, last)) = *(*uint64)(unsafe.Add(from, last))
		return
	}
	i := uintptr(0)
	if size >= 4 {
		*(*uint32)(to) = *(*uint32)(from)
		i = 4
	}
	for ; i < size; i++ {
		*(*byte)(unsafe.Add(to, i)) = *(*byte)(unsafe.Add(from, i))
	}
}

const (
	// Numbers stand in memory as they stand in a segment.
	isLittleEndian = runtime.GOARCH != "s390x" && runtime.GOARCH != "ppc64" && runtime.GOARCH != "mips" && runtime.GOARCH != "mips64"
	// The machine loads and stores words at any address.
	canMisalign = runtime.GOARCH == "wasm" || runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
)

// littleEndian is the number as a segment has it.
func littleEndian(n uint32) uint32 {
	if !isLittleEndian {
		n = bits.ReverseBytes32(n)
	}
	return n
}

// putHead writes the head of a record: its length, and a zero.
func putHead(base unsafe.Pointer, at, length uint32) {
	head := uint64(length)
	if !isLittleEndian {
		head = bits.ReverseBytes64(head)
	}
	*(*uint64)(unsafe.Add(base, at)) = head
}
