/*
** What the guest and the host agree on. Written by `make abi` from runtime/abi, where each
** fact is changed.
*/
#ifndef luago_abi_h
#define luago_abi_h

/* The module of the imports. */
#define IMPORT_MODULE	"luago"

/* A slot of a frame: its size, and the offsets of its fields. */
enum {
  /* Bytes of a slot. */
  SLOT_SIZE = 16,
  /* What the slot holds, 32 bits. */
  SLOT_TAG = 0,
  /* A length, a count or a handle, 32 bits. */
  SLOT_AUX = 4,
  /* The value, 64 bits. */
  SLOT_PAYLOAD = 8
};

/* The tag of a slot says what it holds. */
enum {
  /* No value. */
  TAG_NIL = 0,
  /* The payload is 0 or 1. */
  TAG_BOOLEAN = 1,
  /* The payload is a signed integer. */
  TAG_INTEGER = 2,
  /* The payload is the bits of a float. */
  TAG_NUMBER = 3,
  /* The aux is its length. */
  TAG_STRING = 4,
  /* The aux is the number of values that follow. */
  TAG_SEQUENCE = 5,
  /* The aux is the number of pairs that follow. */
  TAG_TABLE = 6,
  /* The payload is the handle of a function of Lua. */
  TAG_FUNCTION = 7,
  /* To a Lua guest only: the payload is the id of a function of the host. */
  TAG_HOST_FUNCTION = 8,
  /* The aux is the number of strings that follow. */
  TAG_ERROR = 9,
  /* To a Lua guest only: a string that the host keeps apart, at the offset in the payload. */
  TAG_LARGE = 10,
  /* The payload is the number of a stream. */
  TAG_STREAM = 11,
  /* The aux is the handle; an integer with the range follows. */
  TAG_SEGMENT = 12,
  /* The payload is the fingerprint of the layout; a segment and a description follow. */
  TAG_VIEW = 13
};

/* Errors. */
/* The bit in the aux of an error which says that its last string is a stack trace. */
#define ERROR_HAS_STACK	(1u << 31)
/* The most strings that an error has. */
#define ERROR_MAX_STRINGS	64

enum {
  /* The aux of a view: the values that follow it, a segment and a description. */
  VIEW_VALUES = 2
};

enum {
  /* The most levels of tables inside each other. */
  MAX_DEPTH = 200
};

/* The offsets of the fields of the mailbox, of 32 bits each where nothing else is said. */
enum {
  /* The address of a frame for the host. */
  MAILBOX_AT = 0,
  /* The bytes of the frame for the host, or of the one for the guest. */
  MAILBOX_LEN = 4,
  /* The values in the frame; which value was refused, where one was. */
  MAILBOX_COUNT = 8,
  /* The handles of functions that were made for the frame. */
  MAILBOX_FUNCTIONS = 12,
  /* The address of the text that says why a frame could not be made. */
  MAILBOX_PROBLEM = 16,
  /* The bytes of that text. */
  MAILBOX_PROBLEM_LEN = 20,
  /* Set by the host: how many levels of tables may be inside each other. */
  MAILBOX_DEPTH = 24,
  /* Set by the host: the number under which it keeps what has no room here, or 0. */
  MAILBOX_REPLY = 28,
  /* Set by the host: whether it gives handles back. */
  MAILBOX_RELEASED = 32,
  /* Whether the problem is a limit. */
  MAILBOX_LIMIT = 36,
  /* The seconds that what is started may take, a float of 64 bits; 0 is without end. */
  MAILBOX_TIMEOUT = 40,
  /* Whether the host is to be told of tasks. */
  MAILBOX_TRACE = 48,
  /* Set by the host: whether it holds output of Go guests. */
  MAILBOX_OUTPUT = 52,
  /* The frame. */
  MAILBOX_FRAME = 64
};

/* The frame in the mailbox. */
enum {
  /* Its bytes. */
  FRAME_SIZE = 8192,
  /* The levels of tables that may be inside each other before the host says otherwise. */
  DEFAULT_DEPTH = 64
};

/* The offsets of the fields of the report, of 32 bits each. */
enum {
  /* The address of the message, or 0 if there is none. */
  REPORT_MESSAGE = 0,
  /* The bytes of the message and the traceback behind it. */
  REPORT_MESSAGE_LEN = 4,
  /* Where the traceback begins in the message, or its length if there is none. */
  REPORT_TRACE_OFFSET = 8,
  /* The address of the traceback that was written where the script was stopped. */
  REPORT_TRACE = 12,
  /* The bytes of that traceback. */
  REPORT_TRACE_LEN = 16,
  /* The address of output that the host has not seen yet. */
  REPORT_OUTPUT = 20,
  /* The bytes of that output. */
  REPORT_OUTPUT_PENDING = 24,
  /* Whether memory ran out. */
  REPORT_OUT_OF_MEMORY = 28
};

/* How a call of the host has ended. */
enum {
  /* What was called has returned. */
  STATUS_DONE = 0,
  /* It has failed; the report says how. */
  STATUS_FAILED = 1,
  /* A line is the beginning of something. */
  STATUS_INCOMPLETE = 2,
  /* A value came up that cannot be passed; the mailbox says why. */
  STATUS_UNSENDABLE = 3,
  /* There was no room for what was to be sent. Only the host says so, to itself. */
  STATUS_NO_MEMORY = -1
};

/* How what the guest asked of the host has ended, and how a call of a Go guest has. */
enum {
  /* With values, which are in the mailbox. */
  REPLY_VALUES = 0,
  /* With an error to be raised, which is in the mailbox. */
  REPLY_RAISE = 1,
  /* It has not: the guest is told when it has. */
  REPLY_PENDING = 2
};

/* What the aux of a function of the host says of it. */
enum {
  /* It is started, and the guest waits. */
  FUNCTION_ASYNC = 1,
  /* It was made for this sandbox, and the guest gives it back. */
  FUNCTION_OWNED = 2
};

/* Why a task is to end before it is done. */
enum {
  /* It is not. */
  CANCEL_NONE = 0,
  /* It was cancelled. */
  CANCEL_CANCELLED = 1,
  /* Its time is up. */
  CANCEL_TIMED_OUT = 2
};

enum {
  /* The bit that makes it the end of a task's time. */
  CALL_ID_TIMEOUT = 1
};

/* The bit which says that nobody waits for the call any more. */
#define GO_CALL_ABANDONED	(1u << 31)

/* What the host is told of a task, if it wants to know. */
enum {
  /* It was made. */
  PHASE_START = 0,
  /* It waits. */
  PHASE_PAUSE = 1,
  /* It goes on. */
  PHASE_RESUME = 2,
  /* It has ended. */
  PHASE_DONE = 3,
  /* Nobody needs to know it any more. */
  PHASE_RELEASED = 4
};

/* How a task has ended, as the host is told. */
enum {
  /* With results. */
  END_OK = 3,
  /* With an error. */
  END_ERROR = 4,
  /* With the call that it belonged to. */
  END_DROPPED = 6,
  /* By being cancelled: this and why. */
  END_CANCELLED = 16
};

/* Where `luago_set` sets a variable. */
enum {
  /* Among the globals. */
  VARIABLE_GLOBAL = 0,
  /* Among the modules that are loaded. */
  VARIABLE_MODULE = 1
};

/* What both sides make room for. */
enum {
  /* The bytes of output that the guest keeps before the host is given them. */
  OUTPUT_SIZE = 8192,
  /* The most causes of an error. */
  MAX_CAUSES = 32
};

enum {
  /* The working directory. */
  DESCRIPTOR_WORKING = 4
};

/* How compiled code ends. */
enum {
  /* The function has returned. */
  COMPILED_RETURNED = 0,
  /* The interpreter goes on with the current frame. */
  COMPILED_INTERPRET = 1,
  /* An error or a yield is on its way to whoever handles it. */
  COMPILED_LEAVING = 2,
  /* The current frame is that of another function of Lua, which begins: a tail call. */
  COMPILED_CALLED = 3
};

/* What is asked about two values. */
enum {
  /* Whether they are equal. */
  COMPARISON_EQUAL = 0,
  /* Whether the first is less. */
  COMPARISON_LESS = 1,
  /* Whether the first is less, or they are equal. */
  COMPARISON_LESS_OR_EQUAL = 2
};

enum {
  /* How many frames of compiled code may be inside each other: each takes some of the
     host's stack. */
  MAX_COMPILED_DEPTH = 128
};

/* What the guest tells of a function that is to be compiled, as 32 bits each. */
enum {
  /* The address of its instructions. */
  COMPILE_CODE = 0,
  /* Their number. */
  COMPILE_CODE_LEN = 4,
  /* The address of its constants. */
  COMPILE_CONSTANTS = 8,
  /* Their number. */
  COMPILE_CONSTANTS_LEN = 12,
  /* How many parameters it has. */
  COMPILE_PARAMETERS = 16,
  /* Whether it takes more than these. */
  COMPILE_IS_VARIADIC = 20,
  /* How many registers it has. */
  COMPILE_REGISTERS = 24,
  /* The instruction at which it is entered. */
  COMPILE_ENTRY = 28,
  /* The address of what is known of its local variables. */
  COMPILE_LOCALS = 32,
  /* Their number. */
  COMPILE_LOCALS_LEN = 36,
  /* The address of the values of its registers, for a loop that is running, or 0. */
  COMPILE_VALUES = 40,
  /* One bit for each register: whether a function inside of it refers to that. */
  COMPILE_CAPTURED = 44,
  /* The version of Lua, as `LUA_VERSION_NUM`. */
  COMPILE_VERSION = 76,
  /* The bytes of all this. */
  COMPILE_SIZE = 80
};

/* The local variable of a function, `LocVar`. */
enum {
  /* The first instruction that sees it. */
  LOCAL_FROM = 4,
  /* The first that does not any more. */
  LOCAL_TO = 8,
  /* The bytes of one. */
  LOCAL_SIZE = 12
};

enum {
  /* Its registers were changed. */
  TRAP_CHANGED = 2
};

/* A value. */
enum {
  /* The value itself, 64 bits. */
  VALUE_PAYLOAD = 0,
  /* Its tag, 8 bits. */
  VALUE_TAG = 8,
  /* The bytes of a value. */
  VALUE_SIZE = 16
};

/* The tags of values. */
enum {
  /* Nil. */
  VALUE_TAG_NIL = 0,
  /* False. */
  VALUE_TAG_FALSE = 1,
  /* True. */
  VALUE_TAG_TRUE = 17,
  /* An integer. */
  VALUE_TAG_INTEGER = 3,
  /* A float. */
  VALUE_TAG_FLOAT = 19,
  /* A string that is kept once. */
  VALUE_TAG_SHORT_STRING = 68,
  /* Another string. */
  VALUE_TAG_LONG_STRING = 84,
  /* A table. */
  VALUE_TAG_TABLE = 69,
  /* A function of Lua. */
  VALUE_TAG_LUA_FUNCTION = 70,
  /* The bit of values that are collected. */
  VALUE_TAG_COLLECTED = 64,
  /* The bits that say that a value is some nil, if none of them is set. */
  VALUE_TAG_KIND = 15
};

/* The thread, `lua_State`. */
enum {
  /* The first free value of its stack. */
  THREAD_TOP = 12,
  /* The frame that runs. */
  THREAD_FRAME = 20,
  /* The end of its stack. */
  THREAD_STACK_LAST = 24,
  /* Which hooks there are. */
  THREAD_HOOK_MASK = 112
};

/* The frame, `CallInfo`. */
enum {
  /* The function, before the first register. */
  CALL_INFO_FUNCTION = 0,
  /* The end of its registers. */
  CALL_INFO_TOP = 4,
  /* The frame of the caller. */
  CALL_INFO_PREVIOUS = 8,
  /* The frame for whatever is called. */
  CALL_INFO_NEXT = 12,
  /* The next instruction. */
  CALL_INFO_SAVED_PC = 16,
  /* Whether something is to be looked at. */
  CALL_INFO_TRAP = 20,
  /* How many results the caller wants: in 5.4 16 bits, with its state in the 16 bits
     after them; in 5.5 one more than that number in the lowest 8 of 32 bits. */
  CALL_INFO_RESULTS = 32
};

/* The function, `LClosure`. */
enum {
  /* Its prototype. */
  CLOSURE_PROTO = 12,
  /* The first of its upvalues. */
  CLOSURE_UPVALUES = 16
};

/* The prototype of a function, `Proto`. */
enum {
  /* Its parameters, 8 bits. */
  PROTO_PARAMETERS = 6,
  /* Its registers, 8 bits. */
  PROTO_REGISTERS = 8,
  /* Its constants. */
  PROTO_CONSTANTS = 48,
  /* Its instructions. */
  PROTO_CODE = 52,
  /* The place of its compiled code in the table of functions, or 0. */
  PROTO_COMPILED = 84
};

enum {
  /* The address of its value. */
  UPVALUE_VALUE = 8
};

/* The table, `Table`. */
enum {
  /* The color that it has for the collector, 8 bits. */
  TABLE_MARKED = 5,
  /* The bit of that for a table that must not get what was not seen. */
  TABLE_BLACK = 32,
  /* The flags of metamethods that its own table does not have, 8 bits. */
  TABLE_FLAGS = 6,
  /* The logarithm of the number of its nodes, 8 bits. */
  TABLE_LOG_NODES = 7,
  /* How many values its array has at least. */
  TABLE_ARRAY_LEN = 8,
  /* Its array. */
  TABLE_ARRAY = 12,
  /* Its nodes. */
  TABLE_NODES = 16,
  /* Its metatable. */
  TABLE_METATABLE = 24
};

/* An element of a table's array in 5.5, where payloads stand in front of the array's address,
   the first one last, and tags behind it. */
enum {
  /* How far in front of the address the first payload is; the bytes of one. */
  SPLIT_ARRAY_PAYLOAD = 8,
  /* How far behind the address the first tag is. */
  SPLIT_ARRAY_TAG = 4
};

/* The node of a table, which begins with its value. */
enum {
  /* The tag of its key, 8 bits. */
  NODE_KEY_TAG = 9,
  /* How far away the next node is that could have the key. */
  NODE_NEXT = 12,
  /* Its key. */
  NODE_KEY = 16,
  /* The bytes of a node. */
  NODE_SIZE = 24
};

enum {
  /* Its hash. */
  STRING_HASH = 8
};

enum {
  /* The most bytes of a segment. */
  SEGMENT_MAX = 0x7fffffff
};

enum {
  /* The host maps segments to multiples of this. */
  WINDOW_ALIGN = (1 << 16)
};

/* What may be done with a handle of a segment. */
enum {
  /* It can only be read. */
  SEGMENT_READ_ONLY = 1,
  /* The window has a copy, which the host carries over at sync points. */
  SEGMENT_COPIED = 2,
  /* The machine orders memory weakly. */
  SEGMENT_WEAK_ORDER = 4
};

/* A ring: the offsets of its fields from its first byte. Each end writes to cache lines of
   its own. */
enum {
  /* What marks it as a ring. */
  RING_MAGIC = 0,
  /* Bytes of data. */
  RING_CAPACITY = 4,
  /* Bytes that the sender has ever published. */
  RING_TAIL = 64,
  /* Whether the sender is closed, and how. */
  RING_SENDER_CLOSED = 68,
  /* Not 0 while the receiver waits. */
  RING_RECEIVER_WAITS = 72,
  /* Bytes that the receiver has ever freed. */
  RING_HEAD = 128,
  /* Whether the receiver is closed, and how. */
  RING_RECEIVER_CLOSED = 132,
  /* The free bytes that the sender waits for, or 0. */
  RING_SENDER_WAITS = 136,
  /* The length of the sender's error, and its bytes. */
  RING_SENDER_ERROR = 192,
  /* The length of the receiver's error, and its bytes. */
  RING_RECEIVER_ERROR = 352,
  /* The data. */
  RING_DATA = 512
};

/* What is true of every ring. */
/* What stands at the start of a ring: "LRG1". */
#define RING_MAGIC_NUMBER	0x3147524c
/* A ring begins at a multiple of this. */
#define RING_ALIGN	64
/* The smallest capacity, which is a power of two. */
#define RING_MIN_CAPACITY	64
/* The largest capacity. */
#define RING_MAX_CAPACITY	(1 << 30)
/* The most bytes of the error that an end is closed with. */
#define RING_MAX_ERROR	156
/* The description with which a sender passes as a view. */
#define RING_SENDER_DESCRIPTION	"luago.ring sender"
/* The description with which a receiver passes as a view. */
#define RING_RECEIVER_DESCRIPTION	"luago.ring receiver"

/* Records: messages in the data of a ring. */
/* Bytes of the head of a record: its length, and a zero of 32 bits. */
#define RECORD_HEAD	8
/* Records begin at multiples of this. */
#define RECORD_ALIGN	8
/* The length in the head of a record that only fills what is left before the end. */
#define RECORD_SKIP	0xffffffffu

/* The sides of a ring. */
enum {
  /* Who sends. */
  SIDE_SENDER = 0,
  /* Who receives. */
  SIDE_RECEIVER = 1
};

/* Whether an end of a ring is closed, and how. */
enum {
  /* It is not. */
  RING_OPEN = 0,
  /* It is closed. */
  RING_CLOSED = 1,
  /* It is closed with an error. */
  RING_FAILED = 2
};

/* The results of `ring_wait`. */
enum {
  /* There is something to look at again. */
  RING_WAIT_READY = 0,
  /* The guest will be told. */
  RING_WAIT_WAITING = 1,
  /* It cannot wait. */
  RING_WAIT_FAILED = -1
};

/* The scalars in the description of a layout. */
/* A byte; any but 0 is true. */
#define SCALAR_BOOL	"bool"
/* A signed integer of 8 bits. */
#define SCALAR_I8	"i8"
/* An unsigned integer of 8 bits. */
#define SCALAR_U8	"u8"
/* A signed integer of 16 bits. */
#define SCALAR_I16	"i16"
/* An unsigned integer of 16 bits. */
#define SCALAR_U16	"u16"
/* A signed integer of 32 bits. */
#define SCALAR_I32	"i32"
/* An unsigned integer of 32 bits. */
#define SCALAR_U32	"u32"
/* A float of 32 bits. */
#define SCALAR_F32	"f32"
/* A signed integer of 64 bits. */
#define SCALAR_I64	"i64"
/* An unsigned integer of 64 bits. */
#define SCALAR_U64	"u64"
/* A float of 64 bits. */
#define SCALAR_F64	"f64"

/* How large a layout can be. */
enum {
  /* The most levels of structs inside each other. */
  LAYOUT_MAX_DEPTH = 16,
  /* The most bytes of a value. */
  LAYOUT_MAX_SIZE = 0x7fffffff,
  /* The most bytes of a description. */
  LAYOUT_MAX_DESCRIPTION = (1 << 16)
};

enum {
  /* The most bytes of the name of a field. */
  FIELD_MAX_NAME = 255
};

/* The fingerprint of a layout is FNV-1a of 64 bits. */
/* What it begins with. */
#define FINGERPRINT_BASIS	0xcbf29ce484222325ull
/* What it is multiplied with after each byte. */
#define FINGERPRINT_PRIME	0x100000001b3ull

/* What the host calls of a Lua guest, besides its memory. */
#define EXPORT_ABI	"luago_abi_1"
#define EXPORT_MAILBOX	"luago_mailbox"
#define EXPORT_REPORT	"luago_report"
#define EXPORT_INPUT	"luago_input"
#define EXPORT_ARGUMENT	"luago_argument"
#define EXPORT_SET_ARG	"luago_set_arg"
#define EXPORT_SET_PATH	"luago_set_path"
#define EXPORT_PRELOAD	"luago_preload"
#define EXPORT_REQUIRE	"luago_require"
#define EXPORT_RUN	"luago_run"
#define EXPORT_LOAD	"luago_load"
#define EXPORT_CALL	"luago_call"
#define EXPORT_GET	"luago_get"
#define EXPORT_SET	"luago_set"
#define EXPORT_HANDLE	"luago_handle"
#define EXPORT_RELEASE	"luago_release"
#define EXPORT_TRACE	"luago_trace"
#define EXPORT_ERROR_VALUE	"luago_error_value"
#define EXPORT_FREEZE	"luago_freeze"
#define EXPORT_LINE	"luago_line"
#define EXPORT_PROMPT	"luago_prompt"
#define EXPORT_COMPLETE	"luago_complete"
#define EXPORT_INTERRUPT	"luago_interrupt"
#define EXPORT_EXPIRE	"luago_expire"
#define EXPORT_POLL_WORD	"luago_poll_word"
#define EXPORT_COMPILE	"luago_compile"
#define EXPORT_STEP	"luago_step"
#define EXPORT_STEP_CALL	"luago_step_call"
#define EXPORT_STEP_TICK	"luago_step_tick"
#define EXPORT_STEP_FINISH	"luago_step_finish"
#define EXPORT_STEP_RETURN	"luago_step_return"
#define EXPORT_STEP_CLOSE	"luago_step_close"
#define EXPORT_STEP_TAIL	"luago_step_tail"
#define EXPORT_STEP_STATUS	"luago_step_status"
#define EXPORT_STEP_FIND	"luago_step_find"
#define EXPORT_STEP_PUT	"luago_step_put"
#define EXPORT_STEP_LEN	"luago_step_len"
#define EXPORT_STEP_COMPARE	"luago_step_compare"
#define EXPORT_STEP_POW	"luago_step_pow"
#define EXPORT_STEP_MOD	"luago_step_mod"
#define EXPORT_STEP_TABLE	"luago_step_table"
#define EXPORT_STEP_LIST	"luago_step_list"
#define EXPORT_STEP_CLOSURE	"luago_step_closure"
#define EXPORT_STEP_CONCAT	"luago_step_concat"
#define EXPORT_STEP_VARARG	"luago_step_vararg"
#define EXPORT_STEP_PREPARE	"luago_step_prepare"
#define EXPORT_STEP_FOR	"luago_step_for"
#define EXPORT_TRACEBACK	"luago_traceback"
#define EXPORT_CLOSE	"luago_close"

/* What the builder calls of a Lua guest, before it makes the snapshot. */
#define EXPORT_SETUP	"luago_setup"

/* What a Lua guest asks of the host, besides what it asks about segments. */
#define IMPORT_WRITE	"write"
#define IMPORT_READ	"read"
#define IMPORT_IS_TERMINAL	"is_terminal"
#define IMPORT_SOURCE_OPEN	"source_open"
#define IMPORT_SOURCE_TAKE	"source_take"
#define IMPORT_TEMP_DIR	"temp_dir"
#define IMPORT_COMMANDS	"commands"
#define IMPORT_COMMAND_RUN	"command_run"
#define IMPORT_COMMAND_START	"command_start"
#define IMPORT_COMMAND_CLOSE	"command_close"
#define IMPORT_COMMAND_REFUSAL	"command_refusal"
#define IMPORT_CHANGE_DIR	"change_dir"
#define IMPORT_WORKING_DIR	"working_dir"
#define IMPORT_FILE_MODE	"file_mode"
#define IMPORT_LOCK	"lock"
#define IMPORT_CPU_SECONDS	"cpu_seconds"
#define IMPORT_ENTROPY	"entropy"
#define IMPORT_STOPPED	"stopped"
#define IMPORT_TICK	"tick"
#define IMPORT_COMPILE	"compile"
#define IMPORT_CALL	"call"
#define IMPORT_START	"start"
#define IMPORT_RESULT	"result"
#define IMPORT_FRAME	"frame"
#define IMPORT_LARGE	"large"
#define IMPORT_TAKEN	"taken"
#define IMPORT_DROP	"drop"
#define IMPORT_FUNCTION_NAME	"function_name"
#define IMPORT_PROBLEM	"problem"
#define IMPORT_RELEASED	"released"
#define IMPORT_WAIT	"wait"
#define IMPORT_COMPLETED	"completed"
#define IMPORT_CANCEL	"cancel"
#define IMPORT_ABANDON	"abandon"
#define IMPORT_TIMER	"timer"
#define IMPORT_NOW	"now"
#define IMPORT_IS_DETERMINISTIC	"is_deterministic"
#define IMPORT_EVENT	"event"
#define IMPORT_GUEST	"guest"
#define IMPORT_NEXT_VALUE	"next_value"
#define IMPORT_DROP_STREAM	"drop_stream"
#define IMPORT_NEXT_CALL	"next_call"
#define IMPORT_ANSWER	"answer"
#define IMPORT_OUTPUT	"output"

/* What guests of both kinds ask of the host about segments. */
#define IMPORT_SEGMENT_NEW	"segment_new"
#define IMPORT_SEGMENT_MAP	"segment_map"
#define IMPORT_SEGMENT_WINDOW	"segment_window"
#define IMPORT_SEGMENT_FLAGS	"segment_flags"
#define IMPORT_SEGMENT_READ_ONLY	"segment_read_only"
#define IMPORT_SEGMENT_DROP	"segment_drop"
#define IMPORT_SEGMENT_SYNC	"segment_sync"
#define IMPORT_SEGMENT_FENCE	"segment_fence"
#define IMPORT_SEGMENT_ERROR	"segment_error"
#define IMPORT_RING_WAIT	"ring_wait"
#define IMPORT_RING_UNWAIT	"ring_unwait"
#define IMPORT_RING_WAKE	"ring_wake"

#endif
