//! Records: where the messages stand in the data of a ring.
//!
//! A record is the length of a message, four bytes of zero, the message, and zeros up to a
//! multiple of 8. It never wraps: what is left up to the end of the data is skipped, if the
//! record does not fit there.

use super::header::{DATA, Ring};
use std::sync::atomic::Ordering::Relaxed;

/// The bytes in front of a message.
pub(crate) const HEAD: usize = 8;

/// The length that marks a record which only fills what is left up to the end.
pub(crate) const SKIP: u32 = u32::MAX;

/// How many bytes the record of a message of `len` bytes takes, where `len` is no longer than
/// the longest.
#[inline]
pub(crate) fn size(len: usize) -> u32 {
    (HEAD + len.next_multiple_of(8)) as u32
}

/// Where in the ring the byte stands that a counter counts, and how many bytes follow it up to
/// the end.
#[inline]
pub(crate) fn position(ring: &Ring, counter: u32) -> (usize, u32) {
    let offset = counter & (ring.capacity - 1);
    (DATA + offset as usize, ring.capacity - offset)
}

/// A message that was published: where it stands in the ring, its length, and that of its
/// record, in bytes.
pub(crate) struct Record {
    pub at: usize,
    pub len: usize,
    pub size: u32,
}

/// The record at `next`, behind what was skipped for it.
pub(crate) struct Found {
    pub next: u32,
    pub record: Option<Record>,
}

/// Finds the next record of those from `next` to `tail`, between which the ring has all bytes,
/// or how it breaks the rules.
#[inline]
pub(crate) fn find(ring: &Ring, mut next: u32, tail: u32) -> Result<Found, &'static str> {
    loop {
        let published = tail.wrapping_sub(next);
        if published == 0 {
            return Ok(Found { next, record: None });
        }
        let (at, to_end) = position(ring, next);
        let len = ring.region.word(at).map_or(0, |len| len.load(Relaxed));
        if len == SKIP {
            if to_end > published {
                return Err("a gap is longer than what was published");
            }
            // After the gap comes the start of the data, where a gap is as long as the ring. So
            // this loop is over after two rounds.
            next = next.wrapping_add(to_end);
            continue;
        }
        let len = len as usize;
        if len > ring.longest() {
            return Err("a message is longer than it can be");
        }
        let size = size(len);
        if size > published || size > to_end {
            return Err("a message ends behind what was published");
        }
        return Ok(Found { next, record: Some(Record { at: at + HEAD, len, size }) });
    }
}
