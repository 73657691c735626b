package luago

import (
	"runtime"
	"unsafe"
	"weak"
)

// core is a handle of the host's for a segment. All that the guest has of that handle,
// segments, views and ends of rings, shares one core.
type core struct {
	*holding
	flags  uint32
	length uint32
	// The first byte in the guest's memory; nil while it is not mapped, and once closed.
	base     unsafe.Pointer
	isClosed bool
	ends     []*end // of rings
}

// flagTaken, beside the flags of the host, says that the count that came with a slot belongs
// to a core: the guest itself marks the frame that it reads.
const flagTaken = 1 << 31

// holding is how often the host has counted a handle for the guest. It is apart from the
// core, so that the count can be given back once the core is garbage.
type holding struct {
	handle uint32
	count  uint32
}

// known is a core that can be found by its handle for as long as something uses it.
type known struct {
	core weak.Pointer[core]
	of   *holding
}

var cores struct {
	lock
	byHandle map[uint32]known
	pressure pressure
}

// takeCore gives the core of a handle that the host has counted once more.
func takeCore(handle, flags, length uint32) *core {
	cores.Lock()
	if c := cores.byHandle[handle].core.Value(); c != nil {
		c.count++
		cores.Unlock()
		return c
	}
	c := &core{holding: &holding{handle, 1}, flags: flags &^ flagTaken, length: length}
	// A core that is garbage, but whose count has not been given back, can be in the table:
	// counts are given back one by one, so that the two do not get into each other's way.
	if cores.byHandle == nil {
		cores.byHandle = make(map[uint32]known)
	}
	cores.byHandle[handle] = known{weak.Make(c), c.holding}
	runtime.AddCleanup(c, (*holding).giveBack, c.holding)
	isTooMuch := cores.pressure.add(int(length))
	cores.Unlock()
	if mapsAtOnce {
		// What is wrong shows when it is used.
		_, _ = c.memory()
	}
	if isTooMuch {
		collectCores()
	}
	return c
}

// findCore gives the core of a handle, nil if there is none any more.
func findCore(handle uint32) *core {
	cores.Lock()
	defer cores.Unlock()
	return cores.byHandle[handle].core.Value()
}

// giveBack ends the use of the handle: the host unmaps the segment.
func (h *holding) giveBack() {
	cores.Lock()
	count := h.count
	h.count = 0
	if cores.byHandle[h.handle].of == h {
		delete(cores.byHandle, h.handle)
	}
	cores.Unlock()
	if count > 0 {
		dropSegment(h.handle, count)
	}
}

// close gives the handle back at once.
func (c *core) close() {
	cores.Lock()
	ends := c.ends
	c.ends = nil
	cores.Unlock()
	for _, e := range ends {
		e.Lock()
	}
	wasClosed := c.isClosed
	c.isClosed, c.base = true, nil
	for _, e := range ends {
		e.Unlock()
		e.stopWaiting(ErrSegmentClosed)
	}
	if !wasClosed {
		cores.Lock()
		cores.pressure.remove(int(c.length))
		cores.Unlock()
		c.giveBack()
	}
}

// memory is the address of the first byte. It maps the segment if it is not mapped.
func (c *core) memory() (unsafe.Pointer, error) {
	if base := c.base; base != nil {
		return base, nil
	}
	if c.isClosed {
		return nil, ErrSegmentClosed
	}
	base, err := mapSegment(c.handle)
	if err != nil && collectCores() {
		// What is garbage may have been in the way.
		base, err = mapSegment(c.handle)
	}
	if err != nil {
		return nil, err
	}
	c.base = base
	return base, nil
}

// isReadOnly says whether a write would end the guest.
func (c *core) isReadOnly() bool { return c.flags&segmentReadOnly != 0 }
