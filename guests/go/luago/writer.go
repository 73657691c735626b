package luago

import (
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// writer makes a frame. It keeps alive what the frame's addresses point to.
type writer struct {
	slots []slot
	count int // top-level values
	kept  []unsafe.Pointer
	// Pointers, maps and slices that the value being written is inside of.
	around []place
	depth  int
	// A stream that is among the results.
	stream *stream
}

type place struct {
	at unsafe.Pointer
	of *codec
}

// Larger writers are not kept for reuse.
const reusedSlots = 1024

func (w *writer) reset() {
	w.slots, w.count = w.slots[:0], 0
	if len(w.kept) > 0 {
		clear(w.kept)
		w.kept = w.kept[:0]
	}
	if w.depth != 0 {
		// What was being written could not be.
		w.around, w.depth = w.around[:0], 0
	}
	if w.stream != nil {
		w.stream = nil
	}
}

func (w *writer) put(tag, aux uint32, payload uint64) {
	w.slots = append(w.slots, slot{tag, aux, payload})
}

// plain writes a result that its slot holds as it is, unless it is no such result.
func (w *writer) plain(tag uint32, p unsafe.Pointer) bool {
	if tag == notPlain {
		return false
	}
	w.put(tag, 0, *(*uint64)(p))
	w.count++
	return true
}

func (w *writer) null() { w.put(tagNil, 0, 0) }

func (w *writer) boolean(b bool) {
	if b {
		w.put(tagBoolean, 0, 1)
	} else {
		w.put(tagBoolean, 0, 0)
	}
}

func (w *writer) integer(n int64) { w.put(tagInteger, 0, uint64(n)) }

func (w *writer) unsigned(n uint64) error {
	if n > math.MaxInt64 {
		return unusable("the integer " + strconv.FormatUint(n, 10) + " is too large for Lua")
	}
	w.integer(int64(n))
	return nil
}

func (w *writer) number(f float64) { w.put(tagNumber, 0, math.Float64bits(f)) }

func (w *writer) string(s string) error {
	return w.span(unsafe.Pointer(unsafe.StringData(s)), len(s))
}

func (w *writer) bytes(b []byte) error {
	return w.span(unsafe.Pointer(unsafe.SliceData(b)), len(b))
}

func (w *writer) span(p unsafe.Pointer, length int) error {
	if length == 0 {
		w.put(tagString, 0, 0)
		return nil
	}
	if uint64(length) > math.MaxUint32 {
		return unusable("a string of " + strconv.Itoa(length) + " bytes is too long: at most 4 GiB can pass")
	}
	if isInWindow(p) {
		p = unsafe.Pointer(unsafe.StringData(strings.Clone(unsafe.String((*byte)(p), length))))
	}
	w.kept = append(w.kept, p)
	w.put(tagString, uint32(length), address(p))
	return nil
}

func (w *writer) sequence(count int) { w.put(tagSequence, uint32(count), 0) }

// table starts a table; the pairs are counted when it is closed.
func (w *writer) table() (head int) {
	w.put(tagTable, 0, 0)
	return len(w.slots) - 1
}

func (w *writer) closeTable(head, pairs int) { w.slots[head].aux = uint32(pairs) }

// enter goes into a compound. The address is nil where there is none to come back to.
func (w *writer) enter(at unsafe.Pointer, of *codec) error {
	if w.depth++; w.depth > maxDepth {
		return unusable("values are nested too deeply: at most " + strconv.Itoa(maxDepth) + " levels can pass")
	}
	if at != nil {
		here := place{at, of}
		for _, outer := range w.around {
			if outer == here {
				return unusable("the value contains itself")
			}
		}
		w.around = append(w.around, here)
	}
	return nil
}

func (w *writer) leave(at unsafe.Pointer) {
	w.depth--
	if at != nil {
		w.around = w.around[:len(w.around)-1]
	}
}

// frame is the address and the length in bytes.
func (w *writer) frame() (uint32, uint32) {
	if len(w.slots) == 0 {
		return 0, 0
	}
	return uint32(address(unsafe.Pointer(&w.slots[0]))), uint32(len(w.slots) * slotSize)
}
