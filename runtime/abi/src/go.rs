//! What only Go guests and the host share.

macro_rules! version {
    () => {
        1
    };
}

facts! {
    /// The ABI between the host and Go guests.
    pub mod abi (go "abi") {
        /// The version of the ABI, which an export has in its name: luago_abi_1.
        VERSION: u32 = version!();
    }
}

facts! {
    /// The control block: its size, and the offsets of its fields, of 32 bits each.
    pub mod control (go "control") {
        /// Bytes of the control block.
        SIZE: u32 = 60;
        /// The address of the inbox.
        INBOX: u32 = 0;
        /// The bytes of the inbox.
        INBOX_SIZE: u32 = 4;
        /// The address of the frame that a direct call has left.
        OUTBOX: u32 = 8;
        /// The bytes of that frame.
        OUTBOX_LEN: u32 = 12;
        /// The address of the events.
        EVENTS: u32 = 16;
        /// How many events there are.
        EVENTS_LEN: u32 = 20;
        /// Tasks that are not done.
        LIVE: u32 = 24;
        /// Goroutines of tasks that run or wait.
        GOROUTINES: u32 = 28;
        /// The address of the frame with the functions.
        FUNCTIONS: u32 = 32;
        /// The bytes of that frame.
        FUNCTIONS_LEN: u32 = 36;
        /// The values in that frame.
        FUNCTIONS_COUNT: u32 = 40;
        /// Set by the host: 1 if events are to have the numbers of goroutines.
        TRACE: u32 = 44;
        /// 0 if the last poll left nothing that could run.
        BUSY: u32 = 48;
        /// The address of the version of the Go package.
        SDK: u32 = 52;
        /// The bytes of that version.
        SDK_LEN: u32 = 56;
    }
}

facts! {
    /// The inbox: where the host leaves small frames.
    pub mod inbox (go "inbox") {
        /// It begins at a multiple of this.
        ALIGN: u32 = 16;
    }
}

facts! {
    /// How functions are described, and called.
    pub mod function (go "function") {
        /// The values that describe a function: its name, its flags and its text.
        VALUES: u32 = 3;
        /// Flag: it does not block.
        NON_BLOCKING: u32 = 1 << 0;
        /// Flag: it gives a stream.
        STREAM: u32 = 1 << 1;
        /// In place of the number of a function: the next values of a stream.
        STREAM_NEXT: i32 = -1;
    }
}

facts! {
    /// How much a guest can say of its functions. The host refuses one that says more.
    pub mod limit () {
        /// The most functions.
        MAX_FUNCTIONS: u32 = 10_000;
        /// The most bytes of the name of one.
        MAX_NAME: u32 = 255;
        /// The most bytes of the text of one.
        MAX_TEXT: u32 = 64 << 10;
        /// The most bytes of all names and texts together.
        MAX_TEXTS: u32 = 1 << 20;
    }
}

facts! {
    /// An event: its size, and the offsets of its fields, of 32 bits each.
    pub mod event (go "event") {
        /// Bytes of an event.
        SIZE: u32 = 32;
        /// Its kind.
        KIND: u32 = 0;
        /// The task that it is about.
        TASK: u32 = 4;
        /// How the task ended, or the number of a call.
        NUMBER: u32 = 8;
        /// The values in its frame.
        COUNT: u32 = 12;
        /// The address of its frame.
        ADDRESS: u32 = 16;
        /// The bytes of its frame.
        LEN: u32 = 20;
        /// What is called: the handle of a function of Lua, or 0 for a name.
        TARGET: u32 = 24;
        /// The number of the goroutine, or 0.
        GOROUTINE: u32 = 28;
    }
}

facts! {
    /// Kinds of events.
    pub mod kind (go "kind") {
        /// The task has ended.
        DONE: u32 = 1;
        /// A goroutine calls a function of Lua, and waits.
        CALL: u32 = 2;
        /// Who made the call does not wait any more.
        ABANDON: u32 = 3;
        /// An error that belongs to no task that is alive.
        REPORT: u32 = 4;
    }
}

facts! {
    /// How a task or a direct call has ended.
    pub mod status (go "status") {
        /// With results.
        OK: u32 = 0;
        /// With an error.
        ERROR: u32 = 1;
        /// With a panic.
        PANIC: u32 = 2;
        /// With `runtime.Goexit`.
        GOEXIT: u32 = 3;
    }
}

facts! {
    /// Where the result of luago_call has the number of values and the length of the frame; the
    /// status stands in its lowest bits.
    pub mod result (go "result") {
        /// The number of values, in 24 bits.
        COUNT_SHIFT: u32 = 8;
        /// The bytes of the frame, in 32 bits.
        LEN_SHIFT: u32 = 32;
    }
}

facts! {
    /// How luago_deliver answers a call.
    pub mod answer (go "answer") {
        /// With results.
        OK: u32 = 0;
        /// With one value that was raised.
        RAISED: u32 = 1;
    }
}

facts! {
    /// Why luago_cancel ends a task.
    pub mod cancel (go "cancel") {
        /// It was cancelled.
        CANCELLED: u32 = 0;
        /// Its time is up.
        TIMED_OUT: u32 = 1;
        /// The sandbox closes.
        CLOSING: u32 = 2;
    }
}

facts! {
    /// How the guest says that it is idle.
    pub mod wake (go "wake") {
        /// The descriptor that luago_poll waits for; there is no file behind it.
        DESCRIPTOR: u32 = 1 << 20;
    }
}

functions! {
    /// What the host calls of a Go guest, besides its memory.
    pub mod exports () {
        /// Its name is the version of the ABI; it is never called.
        ABI: "()" = concat!("luago_abi_", version!());
        /// Starts Go's runtime and runs the `init` functions, which register functions.
        INITIALIZE: "()" = "_initialize";
        /// The address of the control block.
        READY: "() -> (i32)" = "luago_ready";
        /// Room for the frame of the next entry; 0 if there is none.
        ROOM: "(i32) -> (i32)" = "luago_room";
        /// Runs a function at once.
        CALL: "(i32, i32, i32) -> (i64)" = "luago_call";
        /// Starts a goroutine for a task; the number of events.
        START: "(i32, i32, i32, i32, i64) -> (i32)" = "luago_start";
        /// Answers a call; the number of events.
        DELIVER: "(i32, i32, i32, i32) -> (i32)" = "luago_deliver";
        /// Ends the context of a task; the number of events.
        CANCEL: "(i32, i32, i32, i32) -> (i32)" = "luago_cancel";
        /// Ends the context of a stream and forgets it; the number of events.
        DROP_STREAM: "(i32) -> (i32)" = "luago_drop_stream";
        /// Lets goroutines run; the number of events.
        POLL: "(i64) -> (i32)" = "luago_poll";
        /// Ends the contexts of all tasks and streams.
        CLOSE: "()" = "luago_close";
    }
}
