package luago

import (
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// writer makes a frame. It keeps alive what the addresses in the frame point to.
type writer struct {
	slots     []slot
	count     int // top-level values
	keepAlive []unsafe.Pointer
	// The pointers, maps and slices that contain the value being written.
	enclosing []enclosingValue
	depth     int
	// The stream among the results.
	stream *stream
}

type enclosingValue struct {
	at    unsafe.Pointer
	codec *codec
}

// maxReusedSlots bounds the writers that are kept for reuse.
const maxReusedSlots = 1024

func (w *writer) reset() {
	w.slots, w.count = w.slots[:0], 0
	if len(w.keepAlive) > 0 {
		clear(w.keepAlive)
		w.keepAlive = w.keepAlive[:0]
	}
	if w.depth != 0 {
		// The last value could not be written.
		w.enclosing, w.depth = w.enclosing[:0], 0
	}
	if w.stream != nil {
		w.stream = nil
	}
}

func (w *writer) put(tag, aux uint32, payload uint64) {
	w.slots = append(w.slots, slot{tag, aux, payload})
}

// immediate writes a result whose payload is the value itself, and reports whether it is one.
func (w *writer) immediate(tag uint32, p unsafe.Pointer) bool {
	if tag == noImmediate {
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
		return newMismatch("the integer " + strconv.FormatUint(n, 10) + " is too large for Lua")
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
		return newMismatch("a string of " + strconv.Itoa(length) + " bytes is too long: at most 4 GiB can pass")
	}
	if isInWindow(p) {
		p = unsafe.Pointer(unsafe.StringData(strings.Clone(unsafe.String((*byte)(p), length))))
	}
	w.keepAlive = append(w.keepAlive, p)
	w.put(tagString, uint32(length), address(p))
	return nil
}

func (w *writer) sequence(count int) { w.put(tagSequence, uint32(count), 0) }

// table starts a table, whose pairs are counted when it ends.
func (w *writer) table() (head int) {
	w.put(tagTable, 0, 0)
	return len(w.slots) - 1
}

func (w *writer) endTable(head, pairs int) { w.slots[head].aux = uint32(pairs) }

// enter starts a compound value. The address is nil if it cannot contain itself.
func (w *writer) enter(at unsafe.Pointer, of *codec) error {
	if w.depth++; w.depth > maxDepth {
		return newMismatch("values are nested too deeply: at most " + strconv.Itoa(maxDepth) + " levels can pass")
	}
	if at != nil {
		here := enclosingValue{at, of}
		for _, outer := range w.enclosing {
			if outer == here {
				return newMismatch("the value contains itself")
			}
		}
		w.enclosing = append(w.enclosing, here)
	}
	return nil
}

func (w *writer) leave(at unsafe.Pointer) {
	w.depth--
	if at != nil {
		w.enclosing = w.enclosing[:len(w.enclosing)-1]
	}
}

// frame returns the address of the frame, and its length in bytes.
func (w *writer) frame() (uint32, uint32) {
	if len(w.slots) == 0 {
		return 0, 0
	}
	return uint32(address(unsafe.Pointer(&w.slots[0]))), uint32(len(w.slots) * slotSize)
}
