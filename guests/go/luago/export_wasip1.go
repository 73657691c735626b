package luago

import "unsafe"

// controlBlock is laid out as in the ABI.
var controlBlock struct {
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
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.inbox)-controlInbox]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.inboxSize)-controlInboxSize]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.outbox)-controlOutbox]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.outboxLen)-controlOutboxLen]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.events)-controlEvents]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.eventsLen)-controlEventsLen]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.live)-controlLive]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.goroutines)-controlGoroutines]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.functions)-controlFunctions]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.functionsLen)-controlFunctionsLen]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.functionsCount)-controlFunctionsCount]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.trace)-controlTrace]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.busy)-controlBusy]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.sdk)-controlSDK]
	_ = [1]struct{}{}[unsafe.Offsetof(controlBlock.sdkLen)-controlSDKLen]
	_ = [1]struct{}{}[unsafe.Sizeof(controlBlock)-controlSize]
)

// inboxSize is a multiple of slotSize.
const inboxSize = 8192

var (
	inboxMemory  [inboxSize + inboxAlign]byte
	inbox        unsafe.Pointer
	inboxSlots   []slot
	functionList *writer
	sdkVersion   = version
)

//go:wasmexport luago_abi_1
func exportABI() {}

//go:wasmexport luago_ready
func exportReady() uint32 {
	if inbox == nil {
		start := uintptr(unsafe.Pointer(&inboxMemory))
		inbox = unsafe.Pointer(&inboxMemory[-start&(inboxAlign-1)])
		inboxSlots = unsafe.Slice((*slot)(inbox), inboxSize/slotSize)
		entryFrame.slots = inboxSlots
		functionList = describeFunctions()
		openWakeFile()
	}
	controlBlock.inbox, controlBlock.inboxSize = uint32(address(inbox)), inboxSize
	controlBlock.functions, controlBlock.functionsLen = functionList.frame()
	controlBlock.functionsCount = uint32(functionList.count)
	controlBlock.sdk, controlBlock.sdkLen = uint32(address(unsafe.Pointer(unsafe.StringData(sdkVersion)))), uint32(len(sdkVersion))
	return uint32(address(unsafe.Pointer(&controlBlock)))
}

//go:wasmexport luago_room
func exportRoom(size uint32) uint32 {
	acknowledge()
	return uint32(address(allocateFrame(int(size))))
}

// beginEntry starts an entry, and returns a reader of the frame that the host has left. Most
// frames are in the inbox, so the reader is left pointing there.
func beginEntry(count, length uint32) *reader {
	if bridge.reported > 0 {
		acknowledge()
	}
	bridge.isTraced = controlBlock.trace != 0
	r := &entryFrame
	if r.isOwned || r.owner != nil {
		r.slots, r.isOwned, r.owner = inboxSlots, false, nil
	}
	if largeFrameSize > 0 {
		if length > inboxSize && int(length) <= largeFrameSize {
			r.slots, r.isOwned = unsafe.Slice((*slot)(largeFrame), length/slotSize), true
		}
		largeFrame, largeFrameSize = nil, 0
	}
	if !r.isOwned {
		r.slots = r.slots[:min(length, inboxSize)/slotSize]
	}
	r.at, r.count, r.depth, r.isRetained = 0, int(count), 0, false
	return r
}

// endEntry ends an entry, and returns the number of events.
func endEntry() uint32 {
	bridge.Lock()
	controlBlock.live, controlBlock.goroutines = bridge.live, bridge.goroutines
	count := len(bridge.events)
	bridge.reported = count
	controlBlock.eventsLen = uint32(count)
	if count > 0 {
		controlBlock.events = uint32(address(unsafe.Pointer(&bridge.events[0])))
	}
	bridge.Unlock()
	if entryFrame.isOwned {
		entryFrame.slots, entryFrame.isOwned = inboxSlots, false
	}
	return uint32(count)
}

//go:wasmexport luago_call
func exportCall(function int32, count, length uint32) uint64 {
	used, usedSize := largeFrame, largeFrameSize
	status := directCall(function, beginEntry(count, length))
	if usedSize > 0 && functionBorrows(function) {
		freeFrame, freeFrameSize = used, usedSize
	}
	controlBlock.outbox, controlBlock.outboxLen = outbox.frame()
	return uint64(status) | uint64(outbox.count)<<resultCountShift | uint64(controlBlock.outboxLen)<<resultLenShift
}

//go:wasmexport luago_start
func exportStart(task uint32, function int32, count, length uint32, timeout int64) uint32 {
	startTask(task, function, beginEntry(count, length), timeout)
	return endEntry()
}

//go:wasmexport luago_deliver
func exportDeliver(call uint32, status int32, count, length uint32) uint32 {
	deliver(call, status, beginEntry(count, length))
	return endEntry()
}

//go:wasmexport luago_cancel
func exportCancel(task uint32, kind int32, count, length uint32) uint32 {
	cancelTask(task, kind, beginEntry(count, length))
	runOthers()
	return endEntry()
}

//go:wasmexport luago_drop_stream
func exportDropStream(stream uint32) uint32 {
	beginEntry(0, 0)
	dropStream(stream)
	runOthers()
	return endEntry()
}

//go:wasmexport luago_poll
func exportPoll(budget int64) uint32 {
	beginEntry(0, 0)
	isIdle := runUntilIdle(budget)
	events := endEntry()
	controlBlock.busy = 1
	if isIdle && events == 0 {
		controlBlock.busy = 0
	}
	return events
}

//go:wasmexport luago_close
func exportClose() {
	beginEntry(0, 0)
	closeAll()
	endEntry()
}
