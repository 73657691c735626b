//! Where a ring has what.

use crate::error::{Error, Problem};
use crate::region::Region;
use crate::segment::Segment;
use crate::side::Side;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// "LRG1", at the start.
const MAGIC: u32 = 0x3147_524C;
const CAPACITY: usize = 4;
/// Where the bytes of the messages begin.
pub(crate) const DATA: usize = 512;
/// The longest text of an error, in bytes.
const TEXT: usize = 156;
/// A ring begins at a multiple of this.
const ALIGN: usize = 64;

const MISALIGNED: &str = "its address is no multiple of 8";

/// How a side has closed it.
pub(crate) const CLOSED: u32 = 1;
pub(crate) const FAILED: u32 = 2;

/// Where the part of the header that one end writes has what.
struct Fields {
    index: usize,
    closed: usize,
    /// That this end waits. The other end, or the host for it, sets it back.
    waits: usize,
    error: usize,
}

const SENDER: Fields = Fields { index: 64, closed: 68, waits: 136, error: 192 };
const RECEIVER: Fields = Fields { index: 128, closed: 132, waits: 72, error: 352 };

const fn fields(side: Side) -> &'static Fields {
    match side {
        Side::Sender => &SENDER,
        Side::Receiver => &RECEIVER,
    }
}

/// A ring, whose header was right when it was opened.
#[derive(Clone)]
pub struct Ring {
    /// The header and the data, and nothing else.
    pub(crate) region: Region,
    /// Where it begins in the whole segment, in bytes.
    pub(crate) at: u32,
    pub(crate) capacity: u32,
}

/// What one side has to know of itself and of the other.
pub(crate) struct Indices {
    pub tail: u32,
    pub head: u32,
}

pub(crate) fn checked_capacity(capacity: usize) -> Result<u32, Error> {
    let fits = capacity.is_power_of_two() && (64..=1 << 30).contains(&capacity);
    fits.then_some(capacity as u32).ok_or_else(|| {
        let next = capacity.clamp(64, 1 << 30).next_power_of_two();
        Error::new(Problem::OutOfRange(format!(
            "a ring cannot have a capacity of {capacity} bytes; give it a power of two from 64 to \
             2^30, such as {next}"
        )))
    })
}

/// The offset in the whole segment of what begins at `at` in a part that begins at `start`.
pub(crate) fn checked_start(start: usize, at: usize) -> Result<u32, Error> {
    let offset = start.checked_add(at).filter(|offset| offset % ALIGN == 0);
    offset.and_then(|offset| u32::try_from(offset).ok()).ok_or_else(|| {
        Error::new(Problem::OutOfRange(format!(
            "a ring cannot begin at byte {start} + {at} of a segment; it has to be a multiple of \
             {ALIGN}"
        )))
    })
}

fn outside(at: usize, len: usize, region: &Region) -> Error {
    Error::new(Problem::OutOfRange(format!(
        "a ring of {len} bytes at byte {at} is outside of a segment of {} bytes",
        region.len()
    )))
}

fn no_ring(why: &'static str) -> Error {
    Error::new(Problem::RingBroken(why))
}

impl Ring {
    /// Writes the header of an empty ring at the offset `at` of a region, which is the offset
    /// `start` of the whole segment.
    pub(crate) fn create(
        region: &Region,
        at: usize,
        start: u32,
        capacity: u32,
    ) -> Result<Ring, Error> {
        let len = DATA + capacity as usize;
        let region = region.sub(at, len).ok_or_else(|| outside(at, len, region))?;
        let written = region.fill(0, DATA, 0).is_some();
        if !written || region.long(0).is_none() {
            return Err(no_ring(MISALIGNED));
        }
        let ring = Ring { region, at: start, capacity };
        ring.word(CAPACITY).store(capacity, Relaxed);
        ring.word(0).store(MAGIC, Release);
        Ok(ring)
    }

    /// The ring at the offset `at` of a segment, in bytes. Fails if the segment is read-only:
    /// whoever uses a ring, be it only to wait, writes to it.
    pub fn of(segment: &Segment, at: usize) -> Result<Ring, Error> {
        if segment.is_read_only() {
            return Err(Error::new(Problem::ReadOnly));
        }
        let start = checked_start(segment.start(), at)?;
        Ring::open(&segment.region()?, at, start, segment.len().saturating_sub(at))
    }

    /// The ring at the offset `at` of a region, which is the offset `start` of the whole segment;
    /// it has `len` bytes there at most. The capacity is read here, and never again.
    pub(crate) fn open(region: &Region, at: usize, start: u32, len: usize) -> Result<Ring, Error> {
        let room = region.sub(at, len).ok_or_else(|| outside(at, len, region))?;
        let (Some(magic), Some(capacity)) = (room.word(0), room.word(CAPACITY)) else {
            return Err(outside(at, DATA, region));
        };
        if magic.load(Acquire) != MAGIC {
            return Err(no_ring("it does not begin as a ring does"));
        }
        let capacity = checked_capacity(capacity.load(Relaxed) as usize)
            .map_err(|_| no_ring("its capacity is no power of two from 64 to 2^30"))?;
        let len = DATA + capacity as usize;
        let region = room.sub(0, len).ok_or_else(|| no_ring("its capacity is larger than it"))?;
        if region.long(0).is_none() {
            return Err(no_ring(MISALIGNED));
        }
        Ok(Ring { region, at: start, capacity })
    }

    /// A word of the header.
    #[inline]
    fn word(&self, offset: usize) -> &AtomicU32 {
        self.region.word(offset).expect("the header was checked when the ring was opened")
    }

    /// How many bytes the ring takes, with its header.
    pub(crate) fn len(&self) -> usize {
        self.region.len()
    }

    /// The longest message, in bytes.
    #[inline]
    pub(crate) fn longest(&self) -> usize {
        self.capacity as usize / 2 - 8
    }

    /// How many bytes a side has ever published or freed.
    #[inline]
    pub(crate) fn index(&self, side: Side) -> &AtomicU32 {
        self.word(fields(side).index)
    }

    /// 0 as long as a side has not closed the ring.
    #[inline]
    pub(crate) fn closed(&self, side: Side) -> &AtomicU32 {
        self.word(fields(side).closed)
    }

    /// What a side waits for: a number of bytes, or 1 for any message. 0 if it does not wait.
    #[inline]
    pub(crate) fn waits(&self, side: Side) -> &AtomicU32 {
        self.word(fields(side).waits)
    }

    /// How many bytes are in use between the indices, or how they break the rules.
    #[inline]
    pub(crate) fn used(&self, indices: &Indices) -> Result<u32, &'static str> {
        if !(indices.tail | indices.head).is_multiple_of(8) {
            return Err("an index is not a multiple of 8");
        }
        let used = indices.tail.wrapping_sub(indices.head);
        if used > self.capacity {
            return Err("more bytes are in use than it has");
        }
        Ok(used)
    }

    /// Whether it is still marked as a ring.
    #[inline]
    pub(crate) fn is_marked(&self) -> bool {
        self.word(0).load(Relaxed) == MAGIC
    }

    /// Closes it for a side, with an error if there is a text, of which the first bytes are
    /// kept. What was said first stays.
    pub(crate) fn close(&self, side: Side, text: Option<&str>) {
        if self.closed(side).load(Relaxed) != 0 {
            return;
        }
        let Some(text) = text else {
            return self.closed(side).store(CLOSED, Release);
        };
        let text = &text.as_bytes()[..text.floor_char_boundary(TEXT)];
        let at = fields(side).error;
        self.word(at).store(text.len() as u32, Relaxed);
        self.region.write(at + 4, text).expect("the header has room for it");
        self.closed(side).store(FAILED, Release);
    }

    /// What a side has closed it with.
    pub(crate) fn error(&self, side: Side) -> String {
        let at = fields(side).error;
        let mut text = [0; TEXT];
        let text = &mut text[..(self.word(at).load(Relaxed) as usize).min(TEXT)];
        self.region.read(at + 4, text).expect("the header has room for it");
        String::from_utf8_lossy(text).into_owned()
    }
}
