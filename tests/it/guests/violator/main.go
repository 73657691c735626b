// Command violator speaks luago's ABI by itself, and breaks it in the way that the variable
// VIOLATION says.
package main

import (
	"os"
	"unsafe"
)

const (
	tagInteger  = 2
	tagString   = 4
	tagSequence = 5
	tagTable    = 6
	tagFunction = 7
	tagError    = 9
	tagStream   = 11
	tagSegment  = 12
	tagView     = 13

	outside = 0xffff_fff0
	endless = 0xffff_ffff
)

type slot struct {
	tag, aux uint32
	payload  uint64
}

type event struct {
	kind, task, number, count, address, length, target, goroutine uint32
}

// control is the block that the host reads.
type control struct {
	inbox, inboxSize, outbox, outboxLen, events, eventsLen, live, goroutines uint32
	functions, functionsLen, functionsCount, trace, busy, sdk, sdkLen, _     uint32
}

var (
	violation string
	inbox     [1024]slot
	outbox    [1024]slot
	events    [64]event
	room      [1 << 20]byte
	functions []slot
	block     control
	names     = [2][]byte{[]byte("violate"), []byte("violate_directly")}
	last      uint32
)

func address[T any](p *T) uint32 { return uint32(uintptr(unsafe.Pointer(p))) }

func text(b []byte) slot { return slot{tagString, uint32(len(b)), uint64(address(&b[0]))} }

func init() {
	violation = os.Getenv("VIOLATION")
	functions = []slot{
		text(names[0]), {tagInteger, 0, 0}, text(names[0]),
		text(names[1]), {tagInteger, 0, 1}, text(names[1]),
	}
	count := uint32(len(functions))
	block = control{
		inbox: address(&inbox[0]), inboxSize: 8192,
		outbox: address(&outbox[0]), outboxLen: 16,
		events:    address(&events[0]),
		functions: address(&functions[0]), functionsLen: 16 * count, functionsCount: count,
	}
	switch violation {
	case "inbox outside":
		block.inbox = outside
	case "inbox endless":
		block.inboxSize = endless
	case "functions outside":
		block.functions = outside
	case "functions endless":
		block.functionsCount = endless
	case "functions half":
		block.functionsCount = 5
	case "functions nameless":
		functions[0] = slot{tagInteger, 0, 7}
	case "functions named outside":
		functions[0].payload = outside
	case "events elsewhere":
		block.events = outside
	case "outbox outside":
		block.outbox = outside
	}
}

//go:wasmimport luago segment_new
func segmentNew(size uint32) uint32

//go:wasmimport luago segment_map
func segmentMap(handle uint32) int64

//go:wasmimport luago segment_window
func segmentWindow(at, size uint32) uint32

//go:wasmimport luago segment_drop
func segmentDrop(handle, count uint32)

var (
	held   uint32
	shared uint32
	window []byte
)

// segment is one of 65536 bytes, and where it is.
func segment() (handle, at uint32) {
	if held == 0 {
		held = segmentNew(1 << 16)
		if segmentMap(held) < 0 {
			window = make([]byte, 3<<16)
			segmentWindow((address(&window[0])+0xffff)&^0xffff, 1<<16)
		}
		shared = uint32(segmentMap(held))
	}
	return held, shared
}

// inSegment copies what the host reads to a segment.
func inSegment[T any](p *T) uint32 {
	_, at := segment()
	*(*T)(unsafe.Add(unsafe.Pointer(nil), at)) = *p
	return at
}

//go:wasmexport luago_abi_1
func abi() {}

//go:wasmexport luago_ready
func ready() uint32 {
	switch violation {
	case "block outside":
		return outside
	case "block in a segment":
		return inSegment(&block)
	case "inbox in a segment":
		_, block.inbox = segment()
	case "outbox in a segment":
		_, block.outbox = segment()
	case "events in a segment":
		_, block.events = segment()
	case "functions in a segment":
		block.functions = inSegment((*[6]slot)(functions))
	}
	return address(&block)
}

//go:wasmexport luago_room
func roomFor(uint32) uint32 {
	switch violation {
	case "no room":
		return 0
	case "room outside":
		return outside
	case "room in a segment":
		_, at := segment()
		return at
	}
	return address(&room[0])
}

// results writes one value or what is said to be one, and says how many and how long.
func results() (count, length uint32) {
	put := func(slots ...slot) (uint32, uint32) {
		copy(outbox[:], slots)
		return 1, uint32(len(slots)) * 16
	}
	switch violation {
	case "bad tag":
		return put(slot{tag: 99})
	case "string outside":
		return put(slot{tagString, 100, outside})
	case "string endless":
		return put(slot{tagString, endless, 16})
	case "sequence endless":
		return put(slot{tagSequence, endless, 0})
	case "table endless":
		return put(slot{tagTable, 0x7fff_ffff, 0})
	case "table with a nil key":
		return put(slot{tagTable, 1, 0}, slot{}, slot{})
	case "error of nothing":
		return put(slot{tagError, 0, 0})
	case "error of numbers":
		return put(slot{tagError, 1, 0}, slot{tagInteger, 0, 1})
	case "unknown function":
		return put(slot{tagFunction, 0, 12345})
	case "unknown stream":
		return put(slot{tagStream, 0, endless})
	case "deep":
		var deep [600]slot
		for i := range deep {
			deep[i] = slot{tagSequence, 1, 0}
		}
		deep[len(deep)-1] = slot{}
		return put(deep[:]...)
	case "more values than slots":
		put(slot{})
		return 1000, 16
	case "fewer values than slots":
		put(slot{}, slot{}, slot{}, slot{})
		return 1, 64
	case "half a slot":
		put(slot{})
		return 1, 8
	case "segment":
		handle, _ := segment()
		return put(slot{tagSegment, handle, 0}, slot{tagInteger, 0, 65536 << 32})
	case "segment of nothing":
		return put(slot{tagSegment, 999, 0}, slot{tagInteger, 0, 1 << 32})
	case "segment that is closed":
		handle, _ := segment()
		segmentDrop(handle, 1)
		return put(slot{tagSegment, handle, 0}, slot{tagInteger, 0, 1 << 32})
	case "segment without a range":
		handle, _ := segment()
		return put(slot{tagSegment, handle, 0})
	case "segment with a string":
		handle, _ := segment()
		return put(slot{tagSegment, handle, 0}, text(names[0]))
	case "segment too long":
		handle, _ := segment()
		return put(slot{tagSegment, handle, 0}, slot{tagInteger, 0, 65537 << 32})
	case "segment beyond its end":
		handle, _ := segment()
		return put(slot{tagSegment, handle, 0}, slot{tagInteger, 0, 1<<32 | 65536})
	case "segment endless":
		handle, _ := segment()
		return put(slot{tagSegment, handle, 0}, slot{tagInteger, 0, endless<<32 | endless})
	case "segment as a key":
		handle, _ := segment()
		return put(slot{tagTable, 1, 0}, slot{tagSegment, handle, 0}, slot{tagInteger, 0, 1 << 32}, slot{})
	case "view of nothing":
		return put(slot{tagView, 2, 0})
	case "view of a number":
		return put(slot{tagView, 2, 0}, slot{tagInteger, 0, 1}, slot{tagInteger, 0, 1 << 32}, text(names[0]))
	case "view without a layout":
		handle, _ := segment()
		return put(slot{tagView, 2, 0}, slot{tagSegment, handle, 0}, slot{tagInteger, 0, 1 << 32}, slot{})
	case "view of another size":
		handle, _ := segment()
		return put(slot{tagView, 7, 0}, slot{tagSegment, handle, 0}, slot{tagInteger, 0, 1 << 32}, text(names[0]))
	case "view of nonsense":
		handle, _ := segment()
		return put(slot{tagView, 2, 12345}, slot{tagSegment, handle, 0}, slot{tagInteger, 0, 1 << 32}, text(names[0]))
	case "string in a segment":
		_, at := segment()
		return put(slot{tagString, 100, uint64(at)})
	case "string into a segment":
		_, at := segment()
		return put(slot{tagString, 100, uint64(at) - 50})
	}
	return put(slot{tagInteger, 0, 42})
}

//go:wasmexport luago_call
func call(_, _, _ uint32) uint64 {
	count, length := results()
	block.outboxLen = length
	var status uint64
	switch violation {
	case "status":
		status = 200
	case "frame endless":
		length = endless
	}
	return status | uint64(count)<<8 | uint64(length)<<32
}

func post(list ...event) uint32 {
	copy(events[:], list)
	block.eventsLen = uint32(len(list))
	return block.eventsLen
}

//go:wasmexport luago_start
func start(task, _, _, _ uint32, _ int64) uint32 {
	last = task
	count, length := results()
	done := event{kind: 1, task: task, count: count, address: address(&outbox[0]), length: length}
	switch violation {
	case "events endless":
		return endless
	case "event of no kind":
		done.kind = 77
	case "event of another task":
		other := done
		other.task += 1000
		return post(other, done)
	case "done twice":
		return post(done, done)
	case "status":
		done.number = 200
	case "frame outside":
		done.address = outside
	case "frame in a segment":
		_, done.address = segment()
	case "frame into a segment":
		_, at := segment()
		done.address = at - 8
	case "frame endless":
		done.length = endless
	case "never done":
		return post()
	case "call number 0":
		return post(event{kind: 2, task: task})
	case "call of an unknown function":
		return post(event{kind: 2, task: task, number: 1, target: 999})
	case "call of nothing":
		return post(event{kind: 2, task: task, number: 1})
	case "call after the end":
		return post(done, event{kind: 2, task: task, number: 1, target: 999})
	case "abandon of nothing":
		return post(event{kind: 3, task: task, number: 8}, done)
	case "report outside":
		report := event{kind: 4, task: task, number: 8, count: 5, address: outside, length: 3}
		return post(report, done)
	}
	return post(done)
}

//go:wasmexport luago_deliver
func deliver(_, status, _, _ uint32) uint32 {
	count, length := results()
	return post(event{
		kind: 1, task: last, number: status, count: count, address: address(&outbox[0]),
		length: length,
	})
}

//go:wasmexport luago_cancel
func cancel(_, _, _, _ uint32) uint32 { return post() }

//go:wasmexport luago_drop_stream
func dropStream(uint32) uint32 { return post() }

//go:wasmexport luago_poll
func poll(int64) uint32 {
	block.busy = 0
	switch violation {
	case "never done":
		return 0
	case "events from nowhere":
		return 5
	}
	return post()
}

//go:wasmexport luago_close
func closeAll() {}

func main() {}
