//! Rings: queues of messages in a segment, from one sender to one receiver.

facts! {
    /// A ring: the offsets of its fields from its first byte. Each end writes to cache lines of
    /// its own.
    pub mod field (c "RING", go "ring") {
        /// What marks it as a ring.
        MAGIC: u32 = 0;
        /// Bytes of data.
        CAPACITY: u32 = 4;
        /// Bytes that the sender has ever published.
        TAIL: u32 = 64;
        /// Whether the sender is closed, and how.
        SENDER_CLOSED: u32 = 68;
        /// Not 0 while the receiver waits.
        RECEIVER_WAITS: u32 = 72;
        /// Bytes that the receiver has ever freed.
        HEAD: u32 = 128;
        /// Whether the receiver is closed, and how.
        RECEIVER_CLOSED: u32 = 132;
        /// The free bytes that the sender waits for, or 0.
        SENDER_WAITS: u32 = 136;
        /// The length of the sender's error, and its bytes.
        SENDER_ERROR: u32 = 192;
        /// The length of the receiver's error, and its bytes.
        RECEIVER_ERROR: u32 = 352;
        /// The data.
        DATA: u32 = 512;
    }
}

facts! {
    /// What is true of every ring.
    pub mod header (c "RING", go "ring") {
        /// What stands at the start of a ring: "LRG1".
        MAGIC_NUMBER: u32 = 0x3147_524c;
        /// A ring begins at a multiple of this.
        ALIGN: u32 = 64;
        /// The smallest capacity, which is a power of two.
        MIN_CAPACITY: u32 = 64;
        /// The largest capacity.
        MAX_CAPACITY: u32 = 1 << 30;
        /// The most bytes of the error that an end is closed with.
        MAX_ERROR: u32 = 156;
        /// The description with which a sender passes as a view.
        SENDER_DESCRIPTION: str = "luago.ring sender";
        /// The description with which a receiver passes as a view.
        RECEIVER_DESCRIPTION: str = "luago.ring receiver";
    }
}

facts! {
    /// Records: messages in the data of a ring.
    pub mod record (c "RECORD", go "record") {
        /// Bytes of the head of a record: its length, and a zero of 32 bits.
        HEAD: u32 = 8;
        /// Records begin at multiples of this.
        ALIGN: u32 = 8;
        /// The length in the head of a record that only fills what is left before the end.
        SKIP: u32 = u32::MAX;
    }
}

facts! {
    /// The sides of a ring.
    pub mod side (c "SIDE", go "side") {
        /// Who sends.
        SENDER: u32 = 0;
        /// Who receives.
        RECEIVER: u32 = 1;
    }
}

facts! {
    /// Whether an end of a ring is closed, and how.
    pub mod state (c "RING", go "ring") {
        /// It is not.
        OPEN: u32 = 0;
        /// It is closed.
        CLOSED: u32 = 1;
        /// It is closed with an error.
        FAILED: u32 = 2;
    }
}

facts! {
    /// The results of `ring_wait`.
    pub mod wait (c "RING_WAIT", go "ringWait") {
        /// There is something to look at again.
        READY: i32 = 0;
        /// The guest will be told.
        WAITING: i32 = 1;
        /// It cannot wait.
        FAILED: i32 = -1;
    }
}
