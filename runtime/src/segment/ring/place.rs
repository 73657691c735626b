//! Where a record stands in the data of a ring.
//!
//! A record is the length of a message, four bytes of zero, the message, and zeros up to a
//! multiple of 8. It never wraps: what is left up to the end of the data is skipped, if the
//! record does not fit there.

use super::header::{DATA, Ring};

/// The bytes in front of a message.
pub(super) const HEAD: usize = 8;

/// The length that marks a record which only fills what is left up to the end.
pub(super) const SKIP: u32 = u32::MAX;

/// How many bytes the record of a message of `len` bytes takes, where `len` is no longer than
/// the longest.
#[inline]
pub(super) fn record(len: usize) -> u32 {
    (HEAD + len.next_multiple_of(8)) as u32
}

/// The place of what a counter stands for, and how many bytes follow it up to the end.
#[inline]
pub(super) fn place(ring: &Ring, counter: u32) -> (usize, u32) {
    let position = counter & (ring.capacity - 1);
    (DATA + position as usize, ring.capacity - position)
}
