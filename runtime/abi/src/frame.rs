//! Frames: values on their way, as slots one after the other.

facts! {
    /// A slot of a frame: its size, and the offsets of its fields.
    pub mod slot (c "SLOT", go "slot") {
        /// Bytes of a slot.
        SIZE: u32 = 16;
        /// What the slot holds, 32 bits.
        TAG: u32 = 0;
        /// A length, a count or a handle, 32 bits.
        AUX: u32 = 4;
        /// The value, 64 bits.
        PAYLOAD: u32 = 8;
    }
}

facts! {
    /// The tag of a slot says what it holds.
    pub mod tag (c "TAG", go "tag") {
        /// No value.
        NIL: u32 = 0;
        /// The payload is 0 or 1.
        BOOLEAN: u32 = 1;
        /// The payload is a signed integer.
        INTEGER: u32 = 2;
        /// The payload is the bits of a float.
        NUMBER: u32 = 3;
        /// The aux is its length.
        STRING: u32 = 4;
        /// The aux is the number of values that follow.
        SEQUENCE: u32 = 5;
        /// The aux is the number of pairs that follow.
        TABLE: u32 = 6;
        /// The payload is the handle of a function of Lua.
        FUNCTION: u32 = 7;
        /// To a Lua guest only: the payload is the id of a function of the host.
        HOST_FUNCTION: u32 = 8;
        /// The aux is the number of strings that follow.
        ERROR: u32 = 9;
        /// To a Lua guest only: a string that the host keeps apart, at the offset in the payload.
        LARGE: u32 = 10;
        /// The payload is the number of a stream.
        STREAM: u32 = 11;
        /// The aux is the handle; an integer with the range follows.
        SEGMENT: u32 = 12;
        /// The payload is the fingerprint of the layout; a segment and a description follow.
        VIEW: u32 = 13;
    }
}

facts! {
    /// Errors.
    pub mod error (c "ERROR", go "error") {
        /// The bit in the aux of an error which says that its last string is a stack trace.
        HAS_STACK: u32 = 1 << 31;
        /// The most strings that an error has.
        MAX_STRINGS: u32 = 64;
    }
}

facts! {
    /// Views.
    pub mod view (c "VIEW", go "view") {
        /// The aux of a view: the values that follow it, a segment and a description.
        VALUES: u32 = 2;
    }
}

facts! {
    /// Tables inside each other.
    pub mod tables (c "", go "") {
        /// The most levels of tables inside each other.
        MAX_DEPTH: u32 = 200;
    }
}
