package luago

import (
	"errors"
	"math"
	"runtime/debug"
	"strconv"
	"unsafe"
)

// windows is the memory that the guest has given to the host to map segments in. It is
// Go's: this list keeps it from being used for anything else, for ever.
var windows struct {
	given []window
	// The part of the last small area that has not been given yet.
	rest []byte
	// All that was allocated.
	size uint64
	// From the first to behind the last one; both 0 while there are none.
	low, high uintptr
}

type window struct{ from, to uintptr }

const (
	// Small windows are cut from areas of so many bytes, as aligning each of them would
	// cost as much memory again.
	windowArea = 1 << 20
	// The host takes nothing of the memory that the guest began with, where the first MiB
	// of Go's heap is. What was refused is kept, so that the next area is another one.
	windowTries = 3
)

// areas keeps the windows alive.
var areas [][]byte

// giveWindow gives the host so many bytes of memory for good.
func giveWindow(size int64) error {
	if size <= 0 || size > math.MaxInt32 || size%windowAlign != 0 {
		return errors.New("cannot map the segment: the host asks for a window of " + strconv.FormatInt(size, 10) + " bytes")
	}
	var err error
	for range windowTries {
		if size > int64(len(windows.rest)) {
			// What is left is given up: it has not been touched, and so is only addresses.
			windows.rest = newArea(max(int(size), windowArea))
		}
		memory := windows.rest[:size]
		if err = handOver(memory); err == nil {
			windows.rest = windows.rest[size:]
			return nil
		}
		windows.rest = nil
	}
	return err
}

// newArea allocates memory that begins at a multiple of the unit. Go does not write to it:
// that much comes fresh from memory.grow.
func newArea(size int) []byte {
	whole := size + windowAlign - 1
	// It is no memory that the collector could save, nor that the guest uses: what stands
	// in it belongs to segments.
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64-int64(whole) {
		debug.SetMemoryLimit(limit + int64(whole))
	}
	area := make([]byte, whole)
	areas = append(areas, area)
	windows.size += uint64(whole)
	paceWindows(whole)
	skip := -uintptr(unsafe.Pointer(&area[0])) & (windowAlign - 1)
	return area[skip : int(skip)+size]
}

func handOver(memory []byte) error {
	from := uintptr(unsafe.Pointer(&memory[0]))
	if hostSegmentWindow(uint32(from), uint32(len(memory))) == 0 {
		return segmentError("cannot map the segment: the host refuses the window")
	}
	windows.given = append(windows.given, window{from, from + uintptr(len(memory))})
	if windows.low == 0 || from < windows.low {
		windows.low = from
	}
	windows.high = max(windows.high, from+uintptr(len(memory)))
	return nil
}

func windowBytes() uint64 { return windows.size }

// isInWindow says whether an address is in a window. Hosts take no string from there, as
// it could change while they look at it.
func isInWindow(p unsafe.Pointer) bool {
	at := uintptr(p)
	return at >= windows.low && at < windows.high && isGiven(at)
}

func isGiven(at uintptr) bool {
	for _, w := range windows.given {
		if at >= w.from && at < w.to {
			return true
		}
	}
	return false
}
