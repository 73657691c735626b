package luago

import (
	"runtime"
	"unsafe"
	"weak"
)

// segmentRef is the guest's reference to a segment: a handle of the host's. All segments, views
// and ring ends that the guest has with this handle share one.
type segmentRef struct {
	*hostCount
	flags  uint32
	length uint32
	// The first byte in the guest's memory; nil before it is mapped, and after it is closed.
	base     unsafe.Pointer
	isClosed bool
	ends     []*ringEnd
}

// flagAcquired says that the count that came with a slot belongs to a segmentRef. It is not one
// of the host's flags: the guest sets it in the frame that it reads.
const flagAcquired = 1 << 31

// hostCount is how often the host has counted a handle for the guest. It is separate from the
// segmentRef, so that the count can be given back once that is garbage.
type hostCount struct {
	handle uint32
	count  uint32
}

// weakSegmentRef finds a segmentRef by its handle for as long as something uses it.
type weakSegmentRef struct {
	ref     weak.Pointer[segmentRef]
	counted *hostCount
}

var segmentRefs struct {
	lock
	byHandle map[uint32]weakSegmentRef
	pressure segmentPressure
}

// acquireSegment returns the segmentRef of a handle that the host has counted once more.
func acquireSegment(handle, flags, length uint32) *segmentRef {
	segmentRefs.Lock()
	if r := segmentRefs.byHandle[handle].ref.Value(); r != nil {
		r.count++
		segmentRefs.Unlock()
		return r
	}
	r := &segmentRef{hostCount: &hostCount{handle, 1}, flags: flags &^ flagAcquired, length: length}
	// The table may still have one that is garbage and whose count has not been given back:
	// each gives back its own count, so that the two do not get in each other's way.
	if segmentRefs.byHandle == nil {
		segmentRefs.byHandle = make(map[uint32]weakSegmentRef)
	}
	segmentRefs.byHandle[handle] = weakSegmentRef{weak.Make(r), r.hostCount}
	runtime.AddCleanup(r, (*hostCount).release, r.hostCount)
	isTooMuch := segmentRefs.pressure.add(int(length))
	segmentRefs.Unlock()
	if mapsEagerly {
		// An error shows when the segment is used.
		_, _ = r.memory()
	}
	if isTooMuch {
		collectSegments()
	}
	return r
}

// findSegment returns the segmentRef of a handle, or nil if it is gone.
func findSegment(handle uint32) *segmentRef {
	segmentRefs.Lock()
	defer segmentRefs.Unlock()
	return segmentRefs.byHandle[handle].ref.Value()
}

// release ends the use of the handle: the host unmaps the segment.
func (h *hostCount) release() {
	segmentRefs.Lock()
	count := h.count
	h.count = 0
	if segmentRefs.byHandle[h.handle].counted == h {
		delete(segmentRefs.byHandle, h.handle)
	}
	segmentRefs.Unlock()
	if count > 0 {
		dropSegment(h.handle, count)
	}
}

// close releases the handle at once.
func (r *segmentRef) close() {
	segmentRefs.Lock()
	ends := r.ends
	r.ends = nil
	segmentRefs.Unlock()
	for _, e := range ends {
		e.Lock()
	}
	wasClosed := r.isClosed
	r.isClosed, r.base = true, nil
	for _, e := range ends {
		e.Unlock()
		e.stopWaiting(ErrSegmentClosed)
	}
	if !wasClosed {
		segmentRefs.Lock()
		segmentRefs.pressure.remove(int(r.length))
		segmentRefs.Unlock()
		r.release()
	}
}

// memory returns the address of the first byte. It maps the segment if necessary.
func (r *segmentRef) memory() (unsafe.Pointer, error) {
	if base := r.base; base != nil {
		return base, nil
	}
	if r.isClosed {
		return nil, ErrSegmentClosed
	}
	base, err := mapSegment(r.handle)
	if err != nil && collectSegments() {
		// Garbage may have been in the way.
		base, err = mapSegment(r.handle)
	}
	if err != nil {
		return nil, err
	}
	r.base = base
	return base, nil
}

// isReadOnly reports whether a write would end the guest.
func (r *segmentRef) isReadOnly() bool { return r.flags&segmentReadOnly != 0 }
