//! The mailbox: where the host and a Lua guest leave frames, and say what they have left.

facts! {
    /// The offsets of the fields of the mailbox, of 32 bits each where nothing else is said.
    pub mod field (c "MAILBOX") {
        /// The address of a frame for the host.
        AT: u32 = 0;
        /// The bytes of the frame for the host, or of the one for the guest.
        LEN: u32 = 4;
        /// The values in the frame; which value was refused, where one was.
        COUNT: u32 = 8;
        /// The handles of functions that were made for the frame.
        FUNCTIONS: u32 = 12;
        /// The address of the text that says why a frame could not be made.
        PROBLEM: u32 = 16;
        /// The bytes of that text.
        PROBLEM_LEN: u32 = 20;
        /// Set by the host: how many levels of tables may be inside each other.
        DEPTH: u32 = 24;
        /// Set by the host: the number under which it keeps what has no room here, or 0.
        REPLY: u32 = 28;
        /// Set by the host: whether it gives handles back.
        RELEASED: u32 = 32;
        /// Whether the problem is a limit.
        LIMIT: u32 = 36;
        /// The seconds that what is started may take, a float of 64 bits; 0 is without end.
        TIMEOUT: u32 = 40;
        /// Whether the host is to be told of tasks.
        TRACE: u32 = 48;
        /// Set by the host: whether it holds output of Go guests.
        OUTPUT: u32 = 52;
        /// The frame.
        FRAME: u32 = 64;
    }
}

facts! {
    /// The frame in the mailbox.
    pub mod frame (c "") {
        /// Its bytes.
        FRAME_SIZE: u32 = 8192;
        /// The levels of tables that may be inside each other before the host says otherwise.
        DEFAULT_DEPTH: u32 = 64;
    }
}
