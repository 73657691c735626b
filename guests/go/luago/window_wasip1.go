package luago

import (
	"errors"
	"math"
	"runtime/debug"
	"strconv"
	"unsafe"
)

// windows is the memory that the guest has given the host to map segments over. It is part of
// Go's heap, and is never used for anything else.
var windows struct {
	registered []window
	// The part of the last small area that has not been registered yet.
	rest []byte
	// All that was allocated.
	size uint64
	// The range from the first window to the end of the last one; 0 if there are none.
	low, high uintptr
}

type window struct{ from, to uintptr }

const (
	// Small windows are cut from areas of this size, as aligning each of them would double the
	// memory.
	windowArea = 1 << 20
	// The host refuses windows in the memory that the guest began with, where the first MiB of
	// Go's heap is. A refused area is kept, so that the next one is elsewhere.
	maxWindowAttempts = 3
)

// areas keeps the memory of the windows alive.
var areas [][]byte

// allocateWindow gives the host so many bytes of memory for good.
func allocateWindow(size int64) error {
	if size <= 0 || size > math.MaxInt32 || size%windowAlign != 0 {
		return errors.New("cannot map the segment: the host asks for a window of " + strconv.FormatInt(size, 10) + " bytes")
	}
	var err error
	for range maxWindowAttempts {
		if size > int64(len(windows.rest)) {
			// The rest is abandoned. It was never touched, and so takes up only addresses.
			windows.rest = newArea(max(int(size), windowArea))
		}
		memory := windows.rest[:size]
		if err = registerWindow(memory); err == nil {
			windows.rest = windows.rest[size:]
			return nil
		}
		windows.rest = nil
	}
	return err
}

// newArea allocates memory that begins at a multiple of windowAlign. Go does not clear it, as an
// allocation of this size comes fresh from memory.grow.
func newArea(size int) []byte {
	whole := size + windowAlign - 1
	// This does not count against the limit: the collector cannot free it, and its contents
	// belong to segments.
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64-int64(whole) {
		debug.SetMemoryLimit(limit + int64(whole))
	}
	area := make([]byte, whole)
	areas = append(areas, area)
	windows.size += uint64(whole)
	windowsGrew(whole)
	skip := -uintptr(unsafe.Pointer(&area[0])) & (windowAlign - 1)
	return area[skip : int(skip)+size]
}

func registerWindow(memory []byte) error {
	from := uintptr(unsafe.Pointer(&memory[0]))
	if hostSegmentWindow(uint32(from), uint32(len(memory))) == 0 {
		return segmentError("cannot map the segment: the host refuses the window")
	}
	windows.registered = append(windows.registered, window{from, from + uintptr(len(memory))})
	if windows.low == 0 || from < windows.low {
		windows.low = from
	}
	windows.high = max(windows.high, from+uintptr(len(memory)))
	return nil
}

func windowBytes() uint64 { return windows.size }

// isInWindow reports whether an address is in a window. The host accepts no strings from there,
// as they could change while it reads them.
func isInWindow(p unsafe.Pointer) bool {
	at := uintptr(p)
	return at >= windows.low && at < windows.high && isRegistered(at)
}

func isRegistered(at uintptr) bool {
	for _, w := range windows.registered {
		if at >= w.from && at < w.to {
			return true
		}
	}
	return false
}
