//! Where segments are mapped in a guest's memory.

use std::ops::Range;
use std::sync::Arc;

/// A range of a guest's memory over which a segment is mapped, or where one can be. Other threads may write there at
/// any time, so the host must not make a reference to it, and only copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedRange {
    /// Addresses in the guest's memory.
    pub range: Range<u32>,
    /// Whether it can be written. If not, a write ends the process and not just the guest.
    pub is_writable: bool,
}

/// What belongs to a guest in whose memory segments may be mapped.
pub(crate) trait HasSharedRanges {
    /// The ranges where that is so, sorted and disjoint; `None` if there are none.
    fn shared_ranges(&self) -> Option<&Arc<[SharedRange]>>;
}

/// Those that a range of `len` bytes from `at` touches.
pub(crate) fn touched(ranges: &[SharedRange], at: u32, len: u32) -> &[SharedRange] {
    if len == 0 {
        return &[];
    }
    let end = u64::from(at) + u64::from(len);
    let from = ranges.partition_point(|shared| shared.range.end <= at);
    let to = ranges.partition_point(|shared| u64::from(shared.range.start) < end);
    ranges.get(from..to).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests;
