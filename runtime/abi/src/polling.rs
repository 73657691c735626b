//! The page behind a Lua guest's memory that the host writes and the guest reads.

/// Where it is: the last 64 KiB of what a guest can address, which its memory never has.
pub const PAGE: u32 = 0xffff_0000;

/// The byte of the page which says that the host wants to be asked.
pub const TICK: u32 = 0;

/// The byte which says that the guest is to trap.
pub const STOP: u32 = 4;
