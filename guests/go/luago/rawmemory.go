package luago

import (
	"math/bits"
	"runtime"
	"unsafe"
)

// This file accesses the memory of segments. In a guest a segment is mapped over a window:
// memory that Go's allocator gave away for good, so that the collector neither moves nor frees
// nor writes it. It holds no Go pointers. Elsewhere a segment is a slice of Go's heap.
//
// The callers of these functions have checked that the range is inside the segment, and that
// the segment is mapped. Memory may change at any time, as other threads write to it: what has
// to be the same twice is read once.

// bytesAt returns the bytes of a range, without a copy. An empty range could begin behind the
// memory, where Go pointers must not point.
func bytesAt(base unsafe.Pointer, at, size uint32) []byte {
	if size == 0 {
		return []byte{}
	}
	return unsafe.Slice((*byte)(unsafe.Add(base, at)), size)
}

// elementsAt returns a range as a slice of T, whose layout in Go is that in the segment.
func elementsAt[T any](base unsafe.Pointer, at uint32, count int) []T {
	if count == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(unsafe.Add(base, at)), count)
}

// wordAt returns the address of an index or a flag of a ring, which is aligned.
func wordAt(base unsafe.Pointer, at uint32) *uint32 {
	return (*uint32)(unsafe.Add(base, at))
}

// maxLoopCopy is the most bytes that a loop copies faster than memory.copy, which is a call into
// the host.
const maxLoopCopy = 96

// copyBytes copies between ranges that do not overlap and may have any alignment.
func copyBytes(to, from unsafe.Pointer, size uintptr) {
	if size > maxLoopCopy || !canMisalign {
		copy(unsafe.Slice((*byte)(to), size), unsafe.Slice((*byte)(from), size))
		return
	}
	if size >= 8 {
		last := size - 8
		for i := uintptr(0); i < last; i += 8 {
			*(*uint64)(unsafe.Add(to, i)) = *(*uint64)(unsafe.Add(from, i))
		}
		// This may write some bytes a second time.
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
	// The machine orders the bytes of numbers as segments do.
	isLittleEndian = runtime.GOARCH != "s390x" && runtime.GOARCH != "ppc64" && runtime.GOARCH != "mips" && runtime.GOARCH != "mips64"
	// The machine loads and stores words at unaligned addresses.
	canMisalign = runtime.GOARCH == "wasm" || runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
)

// littleEndian converts a number to or from the byte order of segments.
func littleEndian(n uint32) uint32 {
	if !isLittleEndian {
		n = bits.ReverseBytes32(n)
	}
	return n
}

// putRecordHead writes the head of a record: its length, and a zero.
func putRecordHead(base unsafe.Pointer, at, length uint32) {
	head := uint64(length)
	if !isLittleEndian {
		head = bits.ReverseBytes64(head)
	}
	*(*uint64)(unsafe.Add(base, at)) = head
}
