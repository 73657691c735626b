package luago

import (
	"errors"
	"unsafe"
)

// These are the host functions for segments. A guest that uses no segments imports none of them,
// so code that is part of every guest must not refer to this file.

//go:wasmimport luago segment_new
func hostSegmentNew(size uint32) uint32

//go:wasmimport luago segment_map
func hostSegmentMap(handle uint32) int64

//go:wasmimport luago segment_window
func hostSegmentWindow(at, size uint32) uint32

//go:wasmimport luago segment_flags
func hostSegmentFlags(handle uint32) int64

//go:wasmimport luago segment_read_only
func hostSegmentReadOnly(handle uint32) uint32

//go:wasmimport luago segment_drop
func hostSegmentDrop(handle, count uint32)

//go:wasmimport luago segment_sync
func hostSegmentSync(handle uint32)

//go:wasmimport luago segment_fence
func hostSegmentFence()

//go:wasmimport luago segment_error
func hostSegmentError(at unsafe.Pointer, size uint32) uint32

//go:wasmimport luago ring_wait
func hostRingWait(handle, at, side, call uint32) int32

//go:wasmimport luago ring_unwait
func hostRingUnwait(handle, at, side uint32)

//go:wasmimport luago ring_wake
func hostRingWake(handle, at, side uint32)

// mapsEagerly says that segments are mapped before they are used.
const mapsEagerly = false

func newSegment(size uint32) (handle uint32, err error) {
	if handle = hostSegmentNew(size); handle == 0 {
		err = segmentError("cannot make the segment")
	}
	return handle, err
}

// mapSegment returns the address of the first byte.
func mapSegment(handle uint32) (unsafe.Pointer, error) {
	// The window that was asked for may be too small by the time that it is there. A host that
	// asks more often is faulty.
	for range 3 {
		switch at := hostSegmentMap(handle); {
		case at > 0:
			return pointer(uint64(at)), nil
		case at == 0:
			return nil, segmentError("cannot map the segment")
		default:
			if err := allocateWindow(-at); err != nil {
				return nil, err
			}
		}
	}
	return nil, errors.New("cannot map the segment: the host asks for memory again and again")
}

func flagsOfSegment(handle uint32) (flags, length uint32, ok bool) {
	both := hostSegmentFlags(handle)
	return uint32(both), uint32(both >> 32), both >= 0
}

func readOnlySegment(handle uint32) uint32    { return hostSegmentReadOnly(handle) }
func dropSegment(handle, count uint32)        { hostSegmentDrop(handle, count) }
func syncSegment(handle uint32)               { hostSegmentSync(handle) }
func fence()                                  { hostSegmentFence() }
func ringUnwait(handle, at, side uint32)      { hostRingUnwait(handle, at, side) }
func ringWake(handle, at, side uint32)        { hostRingWake(handle, at, side) }
func ringWait(handle, at, side, c uint32) int { return int(hostRingWait(handle, at, side, c)) }

// segmentError returns why the host has refused.
func segmentError(otherwise string) error {
	var text [512]byte
	if n := hostSegmentError(unsafe.Pointer(&text), uint32(len(text))); n > 0 {
		return errors.New(string(text[:min(n, uint32(len(text)))]))
	}
	return errors.New(otherwise)
}
