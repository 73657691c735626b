//! The report: how the last call of a Lua guest ended.

facts! {
    /// The offsets of the fields of the report, of 32 bits each.
    pub mod field (c "REPORT") {
        /// The address of the message, or 0 if there is none.
        MESSAGE: u32 = 0;
        /// The bytes of the message and the traceback behind it.
        MESSAGE_LEN: u32 = 4;
        /// Where the traceback begins in the message, or its length if there is none.
        TRACE_OFFSET: u32 = 8;
        /// The address of the traceback that was written where the script was stopped.
        TRACE: u32 = 12;
        /// The bytes of that traceback.
        TRACE_LEN: u32 = 16;
        /// The address of output that the host has not seen yet.
        OUTPUT: u32 = 20;
        /// The bytes of that output.
        OUTPUT_PENDING: u32 = 24;
        /// Whether memory ran out.
        OUT_OF_MEMORY: u32 = 28;
    }
}
