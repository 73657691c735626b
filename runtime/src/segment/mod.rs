//! Memory that the host and several guests see at once.

mod barrier;
pub(crate) mod description;
pub(crate) mod field;
mod fingerprint;
pub(crate) mod layout;
mod layout_macro;
pub(crate) mod memfd;
mod mismatch;
mod passing;
mod periodic_wake;
pub(crate) mod placing;
pub(crate) mod plain;
pub(crate) mod problem;
pub(crate) mod region;
pub(crate) mod ring;
pub(crate) mod scalar;
pub(crate) mod shared;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod view;
pub(crate) mod waiters;

use crate::error::Error;
use crate::value::Value;
use crate::value::conversion_error::wording;
use crate::value::serde_bridge;
use problem::Problem;
use region::Region;
use serde::de::{Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use shared::Shared;
use std::fmt;
use std::ops::{Bound, Range, RangeBounds};
use std::sync::Arc;
use waiters::Waiters;

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
/// use luago::{Engine, Sandbox, Script, Segment};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let rule = sandbox.load(&Script::new("rule", "local s = ... s:u8(1, s:u8(2) + 1) return s:sub(2)"))?;
/// let segment = Segment::new(4096)?;
/// segment.write_at(0, b"\x00\x29")?;
/// let part: Segment = sandbox.call(&rule, &segment)?;
/// assert_eq!(segment.to_vec()?[..2], *b"\x2a\x29");
/// assert_eq!(part.len(), 4095);
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
pub(crate) struct Described {
    pub fingerprint: u64,
    pub description: Arc<str>,
}

impl Segment {
    /// The most bytes that a segment can have.
    pub const MAX_LEN: usize = shared::MAX_LEN;

    /// A segment of so many zeros, from 1 to [`MAX_LEN`](Self::MAX_LEN).
    ///
    /// # Errors
    ///
    /// [`Error::is_segment`] for another length, or if the system has no memory or no file
    /// descriptor left.
    pub fn new(len: usize) -> Result<Segment, Error> {
        Ok(Segment::over(Shared::new(len, None).map_err(making)?))
    }

    /// A segment with the rest of a file in it. The file is read once, so that nobody who
    /// changes or shortens it later can do harm; on Linux the kernel copies it.
    ///
    /// # Errors
    ///
    /// [`Error::is_segment`] if the file is empty, too large, or cannot be read.
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
    /// [`Error::is_segment`] if it is no such memory, cannot be sealed, or is empty.
    #[cfg(target_os = "linux")]
    pub fn from_fd(file: std::os::fd::OwnedFd) -> Result<Segment, Error> {
        Ok(Segment::over(Shared::adopt(file).map_err(making)?))
    }

    pub(crate) fn over(shared: Shared) -> Segment {
        let (len, is_read_only) = (shared.len() as u32, shared.is_sealed());
        Segment { shared: Arc::new(shared), range: 0..len, is_read_only, layout: None }
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Has it no bytes, as a part can?
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// Can it only be read?
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
    /// [`Error::is_segment`] if some of the range is outside.
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
            _ => Err(Error::segment(Problem::OutOfRange(format!(
                "a part from {} to {} is outside a segment of {len} bytes",
                from.unwrap_or(usize::MAX),
                to.unwrap_or(usize::MAX)
            )))),
        }
    }

    /// The same memory, only to read for whoever gets it. The host and others who have it
    /// can still write.
    pub fn read_only(&self) -> Segment {
        Segment { is_read_only: true, ..self.clone() }
    }

    /// Copies bytes out of it.
    ///
    /// # Errors
    ///
    /// [`Error::is_segment`] if some of them are outside.
    pub fn read_at(&self, offset: usize, into: &mut [u8]) -> Result<(), Error> {
        let region = self.region()?;
        region.read(offset, into).ok_or_else(|| self.outside(offset, into.len()))
    }

    /// Copies bytes into it.
    ///
    /// # Errors
    ///
    /// [`Error::is_segment`] if some would be outside, or the segment is read-only.
    pub fn write_at(&self, offset: usize, bytes: &[u8]) -> Result<(), Error> {
        if self.is_read_only {
            return Err(Error::segment(Problem::ReadOnly));
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

    /// Are both the same memory, whatever part of it?
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
        Error::segment(Problem::OutOfRange(format!(
            "{len} bytes at {offset} are outside a segment of {} bytes",
            self.len()
        )))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn id(&self) -> u64 {
        self.shared.id()
    }

    /// The bytes of all of it, whatever part this is.
    pub(crate) fn total(&self) -> u32 {
        self.shared.len() as u32
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Segment {
        Segment { range: 0..self.total(), layout: None, ..self.clone() }
    }

    /// A part of all of it.
    pub(crate) fn with_range(self, offset: u32, len: u32) -> Option<Segment> {
        let end = offset.checked_add(len).filter(|end| *end <= self.total())?;
        Some(Segment { range: offset..end, ..self })
    }

    pub(crate) fn range(&self) -> Range<u32> {
        self.range.clone()
    }

    pub(crate) fn described(&self) -> Option<&Described> {
        self.layout.as_ref()
    }

    pub(crate) fn with_layout(self, layout: Described) -> Segment {
        Segment { layout: Some(layout), ..self }
    }

    /// Who waits at the rings in all of it.
    pub(crate) fn waiters(&self) -> &Waiters {
        self.shared.waiters()
    }

    /// Where it begins in all of it, in bytes.
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

fn making(error: std::io::Error) -> Error {
    Error::segment(Problem::Unavailable(format!("cannot make a segment: {error}")))
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

impl Serialize for Segment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bridge::serialize(serializer, serde_bridge::SEGMENT, Value::Segment(self.clone()))
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Segment, D::Error> {
        deserializer.deserialize_newtype_struct(serde_bridge::SEGMENT, SegmentVisitor)
    }
}

struct SegmentVisitor;

impl<'de> Visitor<'de> for SegmentVisitor {
    type Value = Segment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(wording::A_SEGMENT)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Segment, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Segment, E> {
        match serde_bridge::take() {
            Some(Value::Segment(segment)) => Ok(segment),
            _ => Err(E::invalid_type(Unexpected::Unit, &self)),
        }
    }
}
