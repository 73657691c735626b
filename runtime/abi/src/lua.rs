//! What only Lua guests and the host share, beside the [mailbox](crate::mailbox) and the
//! [report](crate::report).

macro_rules! version {
    () => {
        1
    };
}

facts! {
    /// The ABI between the host and Lua guests.
    pub mod abi () {
        /// The version of the ABI, which an export has in its name: luago_abi_1.
        VERSION: u32 = version!();
    }
}

facts! {
    /// How a call of the host has ended.
    pub mod status (c "STATUS") {
        /// What was called has returned.
        DONE: i32 = 0;
        /// It has failed; the report says how.
        FAILED: i32 = 1;
        /// A line is the beginning of something.
        INCOMPLETE: i32 = 2;
        /// A value came up that cannot be passed; the mailbox says why.
        UNSENDABLE: i32 = 3;
        /// There was no room for what was to be sent. Only the host says so, to itself.
        NO_MEMORY: i32 = -1;
    }
}

facts! {
    /// How what the guest asked of the host has ended, and how a call of a Go guest has.
    pub mod reply (c "REPLY") {
        /// With values, which are in the mailbox.
        VALUES: i32 = 0;
        /// With an error to be raised, which is in the mailbox.
        RAISE: i32 = 1;
        /// It has not: the guest is told when it has.
        PENDING: i32 = 2;
    }
}

facts! {
    /// What the aux of a function of the host says of it.
    pub mod function (c "FUNCTION") {
        /// It is started, and the guest waits.
        ASYNC: u32 = 1 << 0;
        /// It was made for this sandbox, and the guest gives it back.
        OWNED: u32 = 1 << 1;
    }
}

facts! {
    /// Why a task is to end before it is done.
    pub mod cancel (c "CANCEL") {
        /// It is not.
        NONE: i32 = 0;
        /// It was cancelled.
        CANCELLED: i32 = 1;
        /// Its time is up.
        TIMED_OUT: i32 = 2;
    }
}

facts! {
    /// The call id: what the host is told of who waits.
    pub mod call_id (c "CALL_ID") {
        /// The bit that makes it the end of a task's time.
        TIMEOUT: u32 = 1 << 0;
    }
}

facts! {
    /// The number of a call that a Go guest makes.
    pub mod go_call (c "GO_CALL") {
        /// The bit which says that nobody waits for the call any more.
        ABANDONED: u32 = 1 << 31;
    }
}

facts! {
    /// What the host is told of a task, if it wants to know.
    pub mod phase (c "PHASE") {
        /// It was made.
        START: i32 = 0;
        /// It waits.
        PAUSE: i32 = 1;
        /// It goes on.
        RESUME: i32 = 2;
        /// It has ended.
        DONE: i32 = 3;
        /// Nobody needs to know it any more.
        RELEASED: i32 = 4;
    }
}

facts! {
    /// How a task has ended, as the host is told.
    pub mod end (c "END") {
        /// With results.
        OK: u32 = 3;
        /// With an error.
        ERROR: u32 = 4;
        /// With the call that it belonged to.
        DROPPED: u32 = 6;
        /// By being cancelled: this and why.
        CANCELLED: u32 = 16;
    }
}

facts! {
    /// Where `luago_set` sets a variable.
    pub mod variable (c "VARIABLE") {
        /// Among the globals.
        GLOBAL: u32 = 0;
        /// Among the modules that are loaded.
        MODULE: u32 = 1;
    }
}

facts! {
    /// What both sides make room for.
    pub mod limit (c "") {
        /// The bytes of output that the guest keeps before the host is given them.
        OUTPUT_SIZE: u32 = 8192;
        /// The most causes of an error.
        MAX_CAUSES: u32 = 32;
    }
}

facts! {
    /// Descriptors that are there from the start, beside those of standard streams.
    pub mod descriptor (c "DESCRIPTOR") {
        /// The working directory.
        WORKING: u32 = 4;
    }
}

functions! {
    /// What the host calls of a Lua guest, besides its memory.
    pub mod exports (c "EXPORT") {
        /// Its name is the version of the ABI; it is never called.
        ABI: "()" = concat!("luago_abi_", version!());
        /// The address of the mailbox.
        MAILBOX: "() -> (i32)" = "luago_mailbox";
        /// The address of the report.
        REPORT: "() -> (i32)" = "luago_report";
        /// Room for so many bytes of input; 0 if there is none.
        INPUT: "(i32) -> (i32)" = "luago_input";
        /// Adds the input to the arguments of the next script.
        ARGUMENT: "(i32) -> (i32)" = "luago_argument";
        /// Sets an element of the table `arg` to the input.
        SET_ARG: "(i32, i32) -> (i32)" = "luago_set_arg";
        /// Sets `package.path` to the input.
        SET_PATH: "(i32) -> (i32)" = "luago_set_path";
        /// Lets `require` find the Go guest that the input names.
        PRELOAD: "(i32) -> (i32)" = "luago_preload";
        /// Requires the module that the input names.
        REQUIRE: "(i32, i32) -> (i32)" = "luago_require";
        /// Runs the chunk that the input is.
        RUN: "(i32, i32, i32) -> (i32)" = "luago_run";
        /// Loads it, and sends a handle of it.
        LOAD: "(i32, i32, i32) -> (i32)" = "luago_load";
        /// Calls the function of a handle with a frame, and sends its results.
        CALL: "(i32, i32, i32) -> (i32)" = "luago_call";
        /// Sends the global, or the field of one, that a frame names.
        GET: "(i32, i32) -> (i32)" = "luago_get";
        /// Sets what a frame names to its last value.
        SET: "(i32, i32, i32) -> (i32)" = "luago_set";
        /// Sends the values of a frame back: handles, where they are functions.
        HANDLE: "(i32, i32) -> (i32)" = "luago_handle";
        /// Takes back the handles that the host does not need any more.
        RELEASE: "()" = "luago_release";
        /// Says whether the host is to be told of tasks.
        TRACE: "(i32)" = "luago_trace";
        /// Sends the value of the last error.
        ERROR_VALUE: "() -> (i32)" = "luago_error_value";
        /// Makes ready for being copied.
        FREEZE: "() -> (i32)" = "luago_freeze";
        /// Runs a line that a person has typed.
        LINE: "(i32) -> (i32)" = "luago_line";
        /// Sends the prompt.
        PROMPT: "(i32) -> (i32)" = "luago_prompt";
        /// Sends the names that the input can go on with.
        COMPLETE: "(i32) -> (i32)" = "luago_complete";
        /// Has the script call `stopped` at its next instruction.
        INTERRUPT: "()" = "luago_interrupt";
        /// Has the task that runs look at the time at its next instruction.
        EXPIRE: "()" = "luago_expire";
        /// Where the word is that stands for the host's: the loops of the interpreter poll it.
        POLL_WORD: "() -> (i32)" = "luago_poll_word";
        /// At which of their calls functions are to be looked up, and how many ticks they are to be
        /// seen running at before they are compiled; 0 and 0 if they never are. An
        /// interpreter may lack this and what follows, and then none of its functions is compiled.
        COMPILE: "(i32, i32)" = "luago_compile";
        /// For compiled code: runs the instruction before the one with a number; the first register
        /// then, or 0 if that code is to end.
        STEP: "(i32, i32, i32, i32) -> (i32)" = "luago_step";
        /// The same for a call: of a register, for so many results.
        STEP_CALL: "(i32, i32, i32, i32, i32) -> (i32)" = "luago_step_call";
        /// The same at the head of a loop: does what the host wants.
        STEP_TICK: "(i32, i32) -> (i32)" = "luago_step_tick";
        /// The same after compiled code that has not returned: its status.
        STEP_FINISH: "(i32, i32, i32, i32) -> (i32)" = "luago_step_finish";
        /// Returns so many values from a register.
        STEP_RETURN: "(i32, i32, i32, i32)" = "luago_step_return";
        /// The same where upvalues are to be closed, or the function takes any number of arguments.
        STEP_CLOSE: "(i32, i32, i32, i32, i32, i32)" = "luago_step_close";
        /// Calls a register at the end of a function; how the code ends.
        STEP_TAIL: "(i32, i32, i32, i32, i32, i32) -> (i32)" = "luago_step_tail";
        /// How compiled code is to end that was told so.
        STEP_STATUS: "() -> (i32)" = "luago_step_status";
        /// The address of what a value has for a key, or inherits from tables; 0 if the instruction
        /// has to be run for that.
        STEP_FIND: "(i32, i32, i32) -> (i32)" = "luago_step_find";
        /// Has a table get a value for a key; 0 if the instruction has to be run for that.
        STEP_PUT: "(i32, i32, i32, i32, i32) -> (i32)" = "luago_step_put";
        /// The length of a value; -1 if the instruction has to be run for that.
        STEP_LEN: "(i32, i32) -> (i64)" = "luago_step_len";
        /// Whether two values are in an order; -1 if the instruction has to be run for that.
        STEP_COMPARE: "(i32, i32, i32, i32) -> (i32)" = "luago_step_compare";
        /// A float to the power of another.
        STEP_POW: "(f64, f64) -> (f64)" = "luago_step_pow";
        /// What is left of a float when it is divided by another.
        STEP_MOD: "(f64, f64) -> (f64)" = "luago_step_mod";
        /// For compiled code, as `STEP`: a new table in a register, for so many nodes and elements.
        STEP_TABLE: "(i32, i32, i32, i32, i32, i32) -> (i32)" = "luago_step_table";
        /// So many registers after one become the elements of the table in it, after so many.
        STEP_LIST: "(i32, i32, i32, i32, i32)" = "luago_step_list";
        /// The same for a new function in a register, by its number in the one that runs.
        STEP_CLOSURE: "(i32, i32, i32, i32, i32) -> (i32)" = "luago_step_closure";
        /// The same for a string of so many registers.
        STEP_CONCAT: "(i32, i32, i32, i32, i32) -> (i32)" = "luago_step_concat";
        /// The same for so many of the function's further arguments.
        STEP_VARARG: "(i32, i32, i32, i32) -> (i32)" = "luago_step_vararg";
        /// The same at the beginning of a function that has these.
        STEP_PREPARE: "(i32, i32, i32) -> (i32)" = "luago_step_prepare";
        /// The same for the next turn of a loop, and how many values it gets.
        STEP_FOR: "(i32, i32, i32, i32, i32) -> (i32)" = "luago_step_for";
        /// Writes where the script was; may be called after a trap.
        TRACEBACK: "()" = "luago_traceback";
        /// Closes the state.
        CLOSE: "()" = "luago_close";
    }
}

functions! {
    /// What the builder calls of a Lua guest, before it makes the snapshot.
    pub mod setup (c "EXPORT") {
        /// Makes the state that the snapshot holds. Guests that are ready have it no more.
        SETUP: "()" = "luago_setup";
    }
}

functions! {
    /// What a Lua guest asks of the host, besides what it asks about segments.
    pub mod imports (c "IMPORT") {
        /// Writes to a standard stream; the bytes written, or a negated errno.
        WRITE: "(i32, i32, i32) -> (i32)" = "write";
        /// Reads standard input; the bytes read, or a negated errno.
        READ: "(i32, i32, i32) -> (i32)" = "read";
        /// Whether a standard stream is a terminal.
        IS_TERMINAL: "(i32) -> (i32)" = "is_terminal";
        /// Reads the source of a module; its bytes, or -1 if there is none.
        SOURCE_OPEN: "(i32, i32) -> (i32)" = "source_open";
        /// Hands that source out; 0 if it is not of this size.
        SOURCE_TAKE: "(i32, i32) -> (i32)" = "source_take";
        /// Writes the directory for temporary files; its bytes, or a negated errno.
        TEMP_DIR: "(i32, i32) -> (i32)" = "temp_dir";
        /// Whether programs were granted.
        COMMANDS: "() -> (i32)" = "commands";
        /// Runs a command to its end; its status, or a negated errno.
        COMMAND_RUN: "(i32, i32) -> (i32)" = "command_run";
        /// Starts a command; the descriptor of a pipe to it, or a negated errno.
        COMMAND_START: "(i32, i32, i32) -> (i32)" = "command_start";
        /// Waits for a command; its status, or a negated errno.
        COMMAND_CLOSE: "(i32, i32) -> (i32)" = "command_close";
        /// Writes why the last command was not started; its bytes.
        COMMAND_REFUSAL: "(i32, i32) -> (i32)" = "command_refusal";
        /// Changes the working directory; 0, or a negated errno.
        CHANGE_DIR: "(i32, i32) -> (i32)" = "change_dir";
        /// Writes the working directory; its bytes, or a negated errno.
        WORKING_DIR: "(i32, i32) -> (i32)" = "working_dir";
        /// The mode bits of a file, or a negated errno.
        FILE_MODE: "(i32, i32, i32) -> (i32)" = "file_mode";
        /// Locks a part of a file, or unlocks it; 0, or a negated errno.
        LOCK: "(i32, i32, i64, i64) -> (i32)" = "lock";
        /// Seconds that the sandbox has been running.
        CPU_SECONDS: "() -> (f64)" = "cpu_seconds";
        /// Random bits.
        ENTROPY: "() -> (i64)" = "entropy";
        /// Ends the script, if it is to stop.
        STOPPED: "()" = "stopped";
        /// Has the host look at the time; whether the guest is to be left for a while.
        TICK: "() -> (i32)" = "tick";
        /// Has a function compiled that is described there: the place of its code in the table of
        /// functions, 0 if there is none yet, or -1 if there will never be. Its second parameter
        /// says whether only what is there already is wanted.
        COMPILE: "(i32, i32) -> (i32)" = "compile";
        /// Calls a function of the host; a reply.
        CALL: "(i32) -> (i32)" = "call";
        /// Starts one that takes its time, for a call id; a reply.
        START: "(i32, i32) -> (i32)" = "start";
        /// Takes the results of what was started; a reply.
        RESULT: "(i32) -> (i32)" = "result";
        /// Copies a reply that is too large for the mailbox.
        FRAME: "(i32, i32)" = "frame";
        /// Copies a string of a reply that is kept apart.
        LARGE: "(i32, i32, i32, i32)" = "large";
        /// Gives a reply back.
        TAKEN: "(i32)" = "taken";
        /// Gives a function of the host back.
        DROP: "(i32)" = "drop";
        /// Writes the name of a function of the host; its bytes.
        FUNCTION_NAME: "(i32, i32, i32) -> (i32)" = "function_name";
        /// Writes why a value could not be passed; its bytes.
        PROBLEM: "(i32, i32) -> (i32)" = "problem";
        /// Writes handles that the host does not need any more; their number.
        RELEASED: "(i32, i32) -> (i32)" = "released";
        /// Looks after what tasks wait for, and waits; whether anything is to come.
        WAIT: "(i32) -> (i32)" = "wait";
        /// The id of a call that has ended, or 0.
        COMPLETED: "() -> (i32)" = "completed";
        /// Ends all that tasks wait for.
        CANCEL: "()" = "cancel";
        /// Says that nobody waits for a call any more, and why.
        ABANDON: "(i32, i32)" = "abandon";
        /// Ends a call after so many seconds.
        TIMER: "(i32, f64)" = "timer";
        /// Seconds of the sandbox's clock.
        NOW: "() -> (f64)" = "now";
        /// Whether that clock is a virtual one.
        IS_DETERMINISTIC: "() -> (i32)" = "is_deterministic";
        /// Tells of a task.
        EVENT: "(i32, i32, i32)" = "event";
        /// Starts a Go guest, and gives its functions; a reply.
        GUEST: "(i32, i32) -> (i32)" = "guest";
        /// Asks a stream for its next values, for a call id; a reply.
        NEXT_VALUE: "(i32, i32) -> (i32)" = "next_value";
        /// Gives a stream back.
        DROP_STREAM: "(i32)" = "drop_stream";
        /// The number of a call that a Go guest has made, or 0.
        NEXT_CALL: "() -> (i32)" = "next_call";
        /// Answers such a call with a frame and how it ended.
        ANSWER: "(i32, i32)" = "answer";
        /// Shows what Go guests have written.
        OUTPUT: "()" = "output";
    }
}

/// Ids of functions of the host. A guest takes them as they are.
pub mod function_id {
    /// The bit of a function that was made for this sandbox.
    pub const OWNED: u32 = 1 << 31;
    /// The bit of a function of a Go guest.
    pub const GO: u32 = 1 << 30;
    /// The bits that number the functions of a Go guest; those above number the guest.
    pub const GO_BITS: u32 = 20;
}
