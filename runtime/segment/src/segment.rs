//! Memory that the host and several guests see at once.

use crate::error::{Error, Problem};
use crate::region::Region;
use crate::serde_bridge::{self, Bridged};
use crate::shared::{self, Shared};
use crate::waiters::Waiters;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::cell::Cell;
use std::fmt;
use std::ops::{Bound, Range, RangeBounds};
use std::sync::Arc;
use std::thread::LocalKey;

/// Memory of a fixed size that the host and guests see at the same time, without a copy.
///
/// It is passed to Lua and Go as an argument, in a table, or as a result, as any value is.
/// A guest can do with it what its handle allows: to read and write, or, of one made with
/// [`read_only`](Segment::read_only), to read. Clones and parts are the same memory. It is
/// given back when the host has dropped the last of them and no guest has one.
///
/// A guest may write at any time, also on another thread while the host reads. So the host
/// gets copies and never references: what has been checked is what is used. Bytes that are
/// written by one and read by another at the same time may be of either moment, in units of
/// 8 bytes at addresses that are multiples of 8, or of single bytes at the ends. What a
/// guest wrote before it called or returned, the other side sees.
///
/// ```
/// # extern crate luago_segment as luago;
/// use luago::Segment;
///
/// let segment = Segment::new(4096)?;
/// let part = segment.sub(16..)?;
/// part.write_at(0, b"\x00\x29")?;
/// assert_eq!(segment.to_vec()?[16..18], *b"\x00\x29");
/// assert!(segment.is_same_memory(&part) && part.len() == 4080);
/// assert!(segment.read_only().write_at(0, b"x").unwrap_err().is_read_only());
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct Segment {
    shared: Arc<Shared>,
    range: Range<u32>,
    is_read_only: bool,
    layout: Option<Described>,
}

/// The layout of what is in a segment, as whoever passed it has declared it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// That of the layout.
    pub fingerprint: u64,
    /// Its text.
    pub description: Arc<str>,
}

impl Segment {
    /// The most bytes that a segment can have.
    pub const MAX_LEN: usize = shared::MAX_LEN;

    /// A segment of so many zeros, from 1 to [`MAX_LEN`](Self::MAX_LEN).
    ///
    /// # Errors
    ///
    /// [`Error::is_unavailable`] for another length, or if the system has no memory or no file
    /// descriptor left.
    pub fn new(len: usize) -> Result<Segment, Error> {
        Ok(Segment::of(Shared::new(len, None).map_err(making)?))
    }

    /// A segment with the rest of a file in it. The file is read once, so that nobody who
    /// changes or shortens it later can do harm; on Linux the kernel copies it.
    ///
    /// # Errors
    ///
    /// [`Error::is_unavailable`] if the file is empty, too large, or cannot be read.
    pub fn from_file(file: &std::fs::File) -> Result<Segment, Error> {
        use std::io::{Read, Seek};
        let mut file = file;
        let at = file.stream_position().map_err(making)?;
        let len = file.metadata().map_err(making)?.len().saturating_sub(at);
        let segment = Segment::new(usize::try_from(len).unwrap_or(usize::MAX))?;
        let mut buffer = vec![0; (1 << 20).min(segment.len())];
        let mut done = 0;
        while done < segment.len() {
            let most = buffer.len().min(segment.len() - done);
            match file.read(&mut buffer[..most]) {
                Ok(0) => break,
                Ok(count) => {
                    segment.write_at(done, &buffer[..count])?;
                    done += count;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(making(error)),
            }
        }
        Ok(segment)
    }

    /// A segment of memory that another process may have, as `memfd_create` makes it. Its
    /// size is sealed, and is that of the segment; if writing is sealed as well, the segment
    /// is read-only.
    ///
    /// # Errors
    ///
    /// [`Error::is_unavailable`] if it is no such memory, cannot be sealed, or is empty.
    #[cfg(target_os = "linux")]
    pub fn from_fd(file: std::os::fd::OwnedFd) -> Result<Segment, Error> {
        Ok(Segment::of(Shared::adopt(file).map_err(making)?))
    }

    /// How many bytes it has.
    #[inline]
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether it has no bytes, as a part can.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// Whether it can only be read.
    #[inline]
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// A part of it, which is the same memory.
    ///
    /// It is a convenience and no bound: a guest that is passed a part could read all of the
    /// segment by breaking the rules, as what is mapped are whole pages.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_range`] if some of the range is outside.
    pub fn sub(&self, range: impl RangeBounds<usize>) -> Result<Segment, Error> {
        let len = self.len();
        let from = match range.start_bound() {
            Bound::Included(&at) => Some(at),
            Bound::Excluded(&at) => at.checked_add(1),
            Bound::Unbounded => Some(0),
        };
        let to = match range.end_bound() {
            Bound::Included(&at) => at.checked_add(1),
            Bound::Excluded(&at) => Some(at),
            Bound::Unbounded => Some(len),
        };
        match (from, to) {
            (Some(from), Some(to)) if from <= to && to <= len => {
                let start = self.range.start;
                let range = start + from as u32..start + to as u32;
                Ok(Segment { range, layout: None, ..self.clone() })
            }
            _ => Err(Error::new(Problem::OutOfRange(format!(
                "a part from {} to {} is outside a segment of {len} bytes",
                from.unwrap_or(usize::MAX),
                to.unwrap_or(usize::MAX)
            )))),
        }
    }

    /// The same memory, only to read for whoever gets it. The host and others who have it
    /// can still write.
    #[inline]
    pub fn read_only(&self) -> Segment {
        Segment { is_read_only: true, ..self.clone() }
    }

    /// Copies bytes out of it.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_range`] if some of them are outside.
    pub fn read_at(&self, offset: usize, into: &mut [u8]) -> Result<(), Error> {
        let region = self.region()?;
        region.read(offset, into).ok_or_else(|| self.outside(offset, into.len()))
    }

    /// Copies bytes into it.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_range`] if some would be outside, [`Error::is_read_only`] if the segment
    /// is read-only.
    pub fn write_at(&self, offset: usize, bytes: &[u8]) -> Result<(), Error> {
        if self.is_read_only {
            return Err(Error::new(Problem::ReadOnly));
        }
        let region = self.region()?;
        region.write(offset, bytes).ok_or_else(|| self.outside(offset, bytes.len()))
    }

    /// A copy of all of it.
    pub fn to_vec(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; self.len()];
        self.read_at(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Whether both are the same memory, whatever part of it.
    pub fn is_same_memory(&self, other: &Segment) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// How the layout of what is in it was declared by whoever passed it, if it was.
    ///
    /// For example `size 12 align 4; seq u32 @0; flags u8 @4`, or `f64` for an array.
    pub fn layout_description(&self) -> Option<&str> {
        self.layout.as_ref().map(|layout| &*layout.description)
    }

    fn outside(&self, offset: usize, len: usize) -> Error {
        Error::new(Problem::OutOfRange(format!(
            "{len} bytes at {offset} are outside a segment of {} bytes",
            self.len()
        )))
    }

    /// Who waits at the rings in all of it.
    #[inline]
    pub(crate) fn waiters(&self) -> &Waiters {
        self.shared.waiters()
    }

    /// Where it begins in all of it, in bytes.
    #[inline]
    pub(crate) fn start(&self) -> usize {
        self.range.start as usize
    }

    /// Its bytes, for the host.
    pub(crate) fn region(&self) -> Result<Region, Error> {
        let region = self.shared.region().map_err(making)?;
        let part = region.sub(self.range.start as usize, self.range.len());
        part.ok_or_else(|| self.outside(0, self.len()))
    }
}

/// A segment as those see it who map it, and pass it on.
pub trait SegmentParts: Sized {
    /// All of some memory.
    fn of(shared: Shared) -> Self;

    /// The memory.
    fn shared(&self) -> &Arc<Shared>;

    /// The number of the memory, which no other has in this process.
    fn id(&self) -> u64;

    /// The bytes of all of the memory, whatever part this is.
    fn total(&self) -> u32;

    /// All of the memory.
    fn whole(&self) -> Self;

    /// A part of all of the memory.
    fn with_range(self, offset: u32, len: u32) -> Option<Self>;

    /// Which part of the memory it is.
    fn range(&self) -> Range<u32>;

    /// The layout that was declared for it, if any was.
    fn described(&self) -> Option<&Described>;

    /// The same, with a layout declared for it.
    fn with_layout(self, layout: Described) -> Self;
}

impl SegmentParts for Segment {
    fn of(shared: Shared) -> Segment {
        let (len, is_read_only) = (shared.len() as u32, shared.is_sealed());
        Segment { shared: Arc::new(shared), range: 0..len, is_read_only, layout: None }
    }

    #[inline]
    fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    #[inline]
    fn id(&self) -> u64 {
        self.shared.id()
    }

    #[inline]
    fn total(&self) -> u32 {
        self.shared.len() as u32
    }

    #[inline]
    fn whole(&self) -> Segment {
        Segment { range: 0..self.total(), layout: None, ..self.clone() }
    }

    #[inline]
    fn with_range(self, offset: u32, len: u32) -> Option<Segment> {
        let end = offset.checked_add(len).filter(|end| *end <= self.total())?;
        Some(Segment { range: offset..end, ..self })
    }

    #[inline]
    fn range(&self) -> Range<u32> {
        self.range.clone()
    }

    #[inline]
    fn described(&self) -> Option<&Described> {
        self.layout.as_ref()
    }

    #[inline]
    fn with_layout(self, layout: Described) -> Segment {
        Segment { layout: Some(layout), ..self }
    }
}

#[cold]
fn making(error: std::io::Error) -> Error {
    Error::new(Problem::Unavailable(format!("cannot make a segment: {error}")))
}

/// Equal if they are the same part of the same memory, with the same access.
impl PartialEq for Segment {
    fn eq(&self, other: &Segment) -> bool {
        self.is_same_memory(other)
            && self.range == other.range
            && self.is_read_only == other.is_read_only
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("id", &self.id())
            .field("range", &self.range)
            .field("is_read_only", &self.is_read_only)
            .field("layout", &self.layout_description())
            .finish()
    }
}

/// What a segment is called where something else is there.
pub const EXPECTED: &str = "a segment";

impl Bridged for Segment {
    const NAME: &'static str = "$luago::Segment";

    #[inline]
    fn cell() -> &'static LocalKey<Cell<Option<Segment>>> {
        thread_local!(static CELL: Cell<Option<Segment>> = const { Cell::new(None) });
        &CELL
    }
}

impl Serialize for Segment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let refusal = "a segment can only be passed to a sandbox";
        serde_bridge::serialize(self.clone(), refusal, serializer)
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Segment, D::Error> {
        serde_bridge::deserialize(EXPECTED, deserializer)
    }
}
