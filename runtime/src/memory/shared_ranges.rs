//! Where segments are mapped in a guest's memory.

use std::ops::Range;
use std::sync::Arc;

/// A place in a guest's memory where a segment is mapped. Other threads may write there at
/// any time, so the host must not make a reference to it, and only copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hole {
    /// Addresses in the guest's memory.
    pub range: Range<u32>,
    /// Can it be written? If not, a write ends the process and not just the guest.
    pub is_writable: bool,
}

/// What belongs to a guest in whose memory segments may be mapped.
pub(crate) trait HasHoles {
    /// The places where that is so, sorted and disjoint; `None` if there are none.
    fn holes(&self) -> Option<&Arc<[Hole]>>;
}

/// Those that a range of `len` bytes from `at` touches.
pub(crate) fn touched(holes: &[Hole], at: u32, len: u32) -> &[Hole] {
    if len == 0 {
        return &[];
    }
    let end = u64::from(at) + u64::from(len);
    let from = holes.partition_point(|hole| hole.range.end <= at);
    let to = holes.partition_point(|hole| u64::from(hole.range.start) < end);
    holes.get(from..to).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sorted, disjoint holes, none of them empty.
    pub fn holes(most: u32) -> impl Strategy<Value = Arc<[Hole]>> {
        let gaps_and_sizes = (0..most, 1..most.max(2), any::<bool>());
        prop::collection::vec(gaps_and_sizes, 0..6).prop_map(|parts| {
            let mut at = 0;
            let hole = |(gap, size, is_writable)| {
                let start = at + gap;
                at = start + size;
                Hole { range: start..at, is_writable }
            };
            parts.into_iter().map(hole).collect()
        })
    }

    proptest! {
        #[test]
        fn a_range_touches_a_hole_if_they_have_a_byte_in_common(
            holes in holes(40),
            at in prop_oneof![0u32..300, any::<u32>()],
            len in prop_oneof![0u32..100, any::<u32>()],
        ) {
            let end = u64::from(at) + u64::from(len);
            let expected: Vec<Hole> = holes
                .iter()
                .filter(|hole| {
                    let from = u64::from(hole.range.start).max(at.into());
                    from < u64::from(hole.range.end).min(end)
                })
                .cloned()
                .collect();
            prop_assert_eq!(touched(&holes, at, len), expected);
        }
    }
}
