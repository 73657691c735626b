//! Segments: memory that the host and guests see at once.

facts! {
    /// How large a segment can be.
    pub mod size (c "SEGMENT", go "segment") {
        /// The most bytes of a segment.
        MAX: u32 = (1 << 31) - 1;
    }
}

facts! {
    /// Windows: parts of a guest's memory that are there for segments alone.
    pub mod window (c "WINDOW", go "window") {
        /// The host maps segments to multiples of this.
        ALIGN: u32 = 1 << 16;
    }
}

facts! {
    /// What may be done with a handle of a segment.
    pub mod flag (c "SEGMENT", go "segment") {
        /// It can only be read.
        READ_ONLY: u32 = 1 << 0;
        /// The window has a copy, which the host carries over at sync points.
        COPIED: u32 = 1 << 1;
        /// The machine orders memory weakly.
        WEAK_ORDER: u32 = 1 << 2;
    }
}

functions! {
    /// What guests of both kinds ask of the host about segments.
    pub mod imports (c "IMPORT") {
        /// The handle of a new segment of so many bytes; 0 if there can be none.
        SEGMENT_NEW: "(i32) -> (i32)" = "segment_new";
        /// The address of its first byte; 0 if it cannot be mapped; -n if the guest is to give a
        /// window of n bytes first, and to ask again.
        SEGMENT_MAP: "(i32) -> (i64)" = "segment_map";
        /// Gives a window for good: 1, or 0 if it is refused. For Go guests.
        SEGMENT_WINDOW: "(i32, i32) -> (i32)" = "segment_window";
        /// Flags in the low 32 bits, bytes in the high ones; -1 if the handle means nothing.
        SEGMENT_FLAGS: "(i32) -> (i64)" = "segment_flags";
        /// A handle for the same segment to be read only, or 0.
        SEGMENT_READ_ONLY: "(i32) -> (i32)" = "segment_read_only";
        /// Gives back counts of a handle.
        SEGMENT_DROP: "(i32, i32)" = "segment_drop";
        /// Carries copies over in both directions.
        SEGMENT_SYNC: "(i32)" = "segment_sync";
        /// Orders all memory operations before it with those behind it.
        SEGMENT_FENCE: "()" = "segment_fence";
        /// Writes why the last of these functions failed; its bytes.
        SEGMENT_ERROR: "(i32, i32) -> (i32)" = "segment_error";
        /// Has a side of a ring wait.
        RING_WAIT: "(i32, i32, i32, i32) -> (i32)" = "ring_wait";
        /// The side does not wait any more. For Go guests.
        RING_UNWAIT: "(i32, i32, i32)" = "ring_unwait";
        /// Wakes the side if it waits.
        RING_WAKE: "(i32, i32, i32)" = "ring_wake";
    }
}
