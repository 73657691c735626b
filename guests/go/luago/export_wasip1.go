package luago

import (
	"unsafe"
)

// The control block, as the ABI lays it out.
var block struct {
	inbox, inboxSize                        uint32
	outbox, outboxLen                       uint32
	events, eventsLen                       uint32
	live, goroutines                        uint32
	functions, functionsLen, functionsCount uint32
	trace                                   uint32
	busy                                    uint32
	sdk, sdkLen                             uint32
}

// The compiler refuses an index other than 0: the fields stand where the ABI has them.
var (
	_ = [1]struct{}{}[unsafe.Offsetof(block.inbox)-controlInbox]
	_ = [1]struct{}{}[unsafe.Offsetof(block.inboxSize)-controlInboxSize]
	_ = [1]struct{}{}[unsafe.Offsetof(block.outbox)-controlOutbox]
	_ = [1]struct{}{}[unsafe.Offsetof(block.outboxLen)-controlOutboxLen]
	_ = [1]struct{}{}[unsafe.Offsetof(block.events)-controlEvents]
	_ = [1]struct{}{}[unsafe.Offsetof(block.eventsLen)-controlEventsLen]
	_ = [1]struct{}{}[unsafe.Offsetof(block.live)-controlLive]
	_ = [1]struct{}{}[unsafe.Offsetof(block.goroutines)-controlGoroutines]
	_ = [1]struct{}{}[unsafe.Offsetof(block.functions)-controlFunctions]
	_ = [1]struct{}{}[unsafe.Offsetof(block.functionsLen)-controlFunctionsLen]
	_ = [1]struct{}{}[unsafe.Offsetof(block.functionsCount)-controlFunctionsCount]
	_ = [1]struct{}{}[unsafe.Offsetof(block.trace)-controlTrace]
	_ = [1]struct{}{}[unsafe.Offsetof(block.busy)-controlBusy]
	_ = [1]struct{}{}[unsafe.Offsetof(block.sdk)-controlSDK]
	_ = [1]struct{}{}[unsafe.Offsetof(block.sdkLen)-controlSDKLen]
	_ = [1]struct{}{}[unsafe.Sizeof(block)-controlSize]
)

const inboxSize = 8192

var (
	inboxMemory [inboxSize + inboxAlign]byte
	inbox       unsafe.Pointer
	inboxSlots  []slot
	functions   *writer
	sdk         = version
)

//go:wasmexport luago_abi_1
func exportABI() {}

//go:wasmexport luago_ready
func exportReady() uint32 {
	if inbox == nil {
		start := uintptr(unsafe.Pointer(&inboxMemory))
		inbox = unsafe.Pointer(&inboxMemory[-start&(inboxAlign-1)])
		inboxSlots = unsafe.Slice((*slot)(inbox), inboxSize/slotSize)
		inFrame.slots = inboxSlots
		functions = functionTable()
		openWake()
	}
	block.inbox, block.inboxSize = uint32(address(inbox)), inboxSize
	block.functions, block.functionsLen = functions.frame()
	block.functionsCount = uint32(functions.count)
	block.sdk, block.sdkLen = uint32(address(unsafe.Pointer(unsafe.StringData(sdk)))), uint32(len(sdk))
	return uint32(address(unsafe.Pointer(&block)))
}

//go:wasmexport luago_room
func exportRoom(size uint32) uint32 {
	acknowledge()
	return uint32(address(makeRoom(int(size))))
}

// enter starts an entry with the frame that the host has left. Most stand in the inbox,
// so that the reader stays there.
func enter(count, length uint32) *reader {
	if bridge.seen > 0 {
		acknowledge()
	}
	bridge.isTraced = block.trace != 0
	r := &inFrame
	if r.isFresh || r.owner != nil {
		r.slots, r.isFresh, r.owner = inboxSlots, false, nil
	}
	if roomSize > 0 {
		if length > inboxSize && int(length) <= roomSize {
			r.slots, r.isFresh = unsafe.Slice((*slot)(room), length/slotSize), true
		}
		room, roomSize = nil, 0
	}
	if !r.isFresh {
		r.slots = r.slots[:min(length, inboxSize)/slotSize]
	}
	r.at, r.count, r.depth, r.isKept = 0, int(count), 0, false
	return r
}

// leave ends an entry: the number of events.
func leave() uint32 {
	bridge.Lock()
	block.live, block.goroutines = bridge.live, bridge.goroutines
	count := len(bridge.events)
	bridge.seen = count
	block.eventsLen = uint32(count)
	if count > 0 {
		block.events = uint32(address(unsafe.Pointer(&bridge.events[0])))
	}
	bridge.Unlock()
	if inFrame.isFresh {
		inFrame.slots, inFrame.isFresh = inboxSlots, false
	}
	return uint32(count)
}

//go:wasmexport luago_call
func exportCall(function int32, count, length uint32) uint64 {
	lent, lentSize := room, roomSize
	status := callNow(function, enter(count, length))
	if lentSize > 0 && functionBorrows(function) {
		spare, spareSize = lent, lentSize
	}
	block.outbox, block.outboxLen = outbox.frame()
	return uint64(status) | uint64(outbox.count)<<resultCountShift | uint64(block.outboxLen)<<resultLenShift
}

//go:wasmexport luago_start
func exportStart(task uint32, function int32, count, length uint32, timeout int64) uint32 {
	startTask(task, function, enter(count, length), timeout)
	return leave()
}

//go:wasmexport luago_deliver
func exportDeliver(call uint32, status int32, count, length uint32) uint32 {
	deliver(call, status, enter(count, length))
	return leave()
}

//go:wasmexport luago_cancel
func exportCancel(task uint32, kind int32, count, length uint32) uint32 {
	cancelTask(task, kind, enter(count, length))
	letRun()
	return leave()
}

//go:wasmexport luago_drop_stream
func exportDropStream(stream uint32) uint32 {
	enter(0, 0)
	dropStream(stream)
	letRun()
	return leave()
}

//go:wasmexport luago_poll
func exportPoll(budget int64) uint32 {
	enter(0, 0)
	isIdle := park(budget)
	events := leave()
	block.busy = 1
	if isIdle && events == 0 {
		block.busy = 0
	}
	return events
}

//go:wasmexport luago_close
func exportClose() {
	enter(0, 0)
	closeAll()
	leave()
}
