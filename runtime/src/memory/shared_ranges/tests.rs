use super::*;
use proptest::prelude::*;

/// Sorted, disjoint ranges, none of them empty.
pub fn shared_ranges(most: u32) -> impl Strategy<Value = Arc<[SharedRange]>> {
    let gaps_and_sizes = (0..most, 1..most.max(2), any::<bool>());
    prop::collection::vec(gaps_and_sizes, 0..6).prop_map(|parts| {
        let mut at = 0;
        let range = |(gap, size, is_writable)| {
            let start = at + gap;
            at = start + size;
            SharedRange { range: start..at, is_writable }
        };
        parts.into_iter().map(range).collect()
    })
}

proptest! {
    #[test]
    fn a_range_touches_another_if_they_have_a_byte_in_common(
        ranges in shared_ranges(40),
        at in prop_oneof![0u32..300, any::<u32>()],
        len in prop_oneof![0u32..100, any::<u32>()],
    ) {
        let end = u64::from(at) + u64::from(len);
        let expected: Vec<SharedRange> = ranges
            .iter()
            .filter(|shared| {
                let from = u64::from(shared.range.start).max(at.into());
                from < u64::from(shared.range.end).min(end)
            })
            .cloned()
            .collect();
        prop_assert_eq!(touched(&ranges, at, len), expected);
    }
}
