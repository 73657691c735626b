package luago

// What this package and the host agree on. ABI.md explains it.

// The version of the ABI, which an export has in its name: luago_abi_1.
const abiVersion = 1

// A slot of a frame: its size, and the offsets of its fields.
const (
	slotSize    = 16
	slotTag     = 0
	slotAux     = 4
	slotPayload = 8
)

// The tag of a slot says what it holds.
const (
	tagNil      = 0
	tagBoolean  = 1
	tagInteger  = 2
	tagNumber   = 3
	tagString   = 4
	tagSequence = 5
	tagTable    = 6
	tagFunction = 7
	tagError    = 9
	tagStream   = 11
	tagSegment  = 12
	tagView     = 13
)

const (
	// The bit in the aux of an error which says that its last string is a stack trace.
	errorHasStack = 1 << 31
	// The most strings that an error has.
	maxErrorStrings = 64
	// The aux of a view: the values that follow it, a segment and a description.
	viewValues = 2
	// The most levels of tables inside each other.
	maxDepth = 200
)

// The control block: its size, and the offsets of its fields.
const (
	controlSize           = 60
	controlInbox          = 0
	controlInboxSize      = 4
	controlOutbox         = 8
	controlOutboxLen      = 12
	controlEvents         = 16
	controlEventsLen      = 20
	controlLive           = 24
	controlGoroutines     = 28
	controlFunctions      = 32
	controlFunctionsLen   = 36
	controlFunctionsCount = 40
	controlTrace          = 44
	controlBusy           = 48
	controlSDK            = 52
	controlSDKLen         = 56
)

const (
	// The inbox begins at a multiple of this.
	inboxAlign = 16
	// The values that describe a function: its name, its flags and its text.
	functionValues = 3
	// Flags of a function.
	functionNonBlocking = 1 << 0
	functionStream      = 1 << 1
	// In place of the number of a function: the next values of a stream.
	functionStreamNext = -1
)

// An event: its size, and the offsets of its fields.
const (
	eventSize      = 32
	eventKind      = 0
	eventTask      = 4
	eventNumber    = 8
	eventCount     = 12
	eventAddress   = 16
	eventLen       = 20
	eventTarget    = 24
	eventGoroutine = 28
)

// Kinds of events.
const (
	kindDone    = 1
	kindCall    = 2
	kindAbandon = 3
	kindReport  = 4
)

// How a task or a direct call has ended.
const (
	statusOK     = 0
	statusError  = 1
	statusPanic  = 2
	statusGoexit = 3
)

// Where the result of luago_call has the number of values and the length of the frame; the
// status stands in its lowest bits.
const (
	resultCountShift = 8
	resultLenShift   = 32
)

// How luago_deliver answers a call.
const (
	answerOK     = 0
	answerRaised = 1
)

// Why luago_cancel ends a task.
const (
	cancelCancelled = 0
	cancelTimedOut  = 1
	cancelClosing   = 2
)

// The descriptor that luago_poll waits for; there is no file behind it.
const wakeDescriptor = 1 << 20

const (
	// The most bytes of a segment.
	maxSegment = 1<<31 - 1
	// The host maps segments to multiples of this.
	windowAlign = 1 << 16
)

// What may be done with a handle of a segment.
const (
	segmentReadOnly = 1 << 0
	// The window has a copy, which the host carries over at sync points.
	segmentCopied = 1 << 1
	// The machine orders memory weakly.
	segmentWeakOrder = 1 << 2
)

// A ring: the offsets of its fields from its first byte. Each end writes to cache lines of
// its own.
const (
	ringMagic          = 0
	ringCapacity       = 4
	ringTail           = 64
	ringSenderClosed   = 68
	ringReceiverWaits  = 72
	ringHead           = 128
	ringReceiverClosed = 132
	ringSenderWaits    = 136
	ringSenderError    = 192
	ringReceiverError  = 352
	ringData           = 512
)

const (
	// What stands at ringMagic: "LRG1".
	ringMagicNumber = 0x3147524c
	// A ring begins at a multiple of this.
	ringAlign       = 64
	minRingCapacity = 1 << 6
	maxRingCapacity = 1 << 30
	// The most bytes of the error that an end is closed with.
	maxRingError = 156
	// The size of the head of a record: its length, and a zero of 32 bits.
	recordHead = 8
	// Records begin at multiples of this.
	recordAlign = 8
	// The length in the head of a record that only fills what is left before the end.
	recordSkip = 1<<32 - 1
	// The descriptions with which the ends of a ring pass as views.
	ringSenderDescription   = "luago.ring sender"
	ringReceiverDescription = "luago.ring receiver"
)

// The sides of a ring.
const (
	sideSender   = 0
	sideReceiver = 1
)

// Whether an end of a ring is closed, and how.
const (
	ringOpen   = 0
	ringClosed = 1
	ringFailed = 2
)

// The results of ring_wait.
const (
	ringWaitReady   = 0
	ringWaitWaiting = 1
	ringWaitFailed  = -1
)

// The scalars in the description of a layout.
const (
	scalarBool = "bool"
	scalarI8   = "i8"
	scalarU8   = "u8"
	scalarI16  = "i16"
	scalarU16  = "u16"
	scalarI32  = "i32"
	scalarU32  = "u32"
	scalarF32  = "f32"
	scalarI64  = "i64"
	scalarU64  = "u64"
	scalarF64  = "f64"
)

const (
	// The most levels of structs inside each other that a layout has.
	maxLayoutDepth = 16
	// The most bytes of a value.
	maxLayoutSize = 1<<31 - 1
	// The most bytes of the name of a field.
	maxFieldName = 255
	// The fingerprint of a layout is FNV-1a of 64 bits.
	fingerprintBasis = 0xcbf29ce484222325
	fingerprintPrime = 0x100000001b3
)
