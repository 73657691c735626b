use super::super::shared_ranges::tests::shared_ranges;
use super::*;
use proptest::prelude::*;

/// A memory whose bytes all differ from their neighbours.
fn memory(size: usize) -> Vec<u8> {
    (0..size).map(|index| (index % 251) as u8).collect()
}

/// A memory that has segments mapped in it.
pub(crate) fn with_shared_ranges(
    memory: &mut [u8],
    ranges: Arc<[SharedRange]>,
) -> GuestBytesMut<'_> {
    let mut bytes = GuestBytesMut::from(memory);
    bytes.bytes = bytes.bytes.with(&ranges);
    bytes
}

fn address() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0u32..300, 1 => u32::MAX - 300..=u32::MAX, 1 => any::<u32>()]
}

/// Whether each byte of the range is in the memory, whether none of them is in a shared range,
/// and whether none is in a read-only one.
fn look(size: usize, ranges: &[SharedRange], at: u32, len: u32) -> (bool, bool, bool) {
    let range = u64::from(at)..u64::from(at) + u64::from(len);
    let is_inside = range.end <= size as u64;
    let touches = |shared: &&SharedRange| {
        range
            .clone()
            .take(1000)
            .any(|byte| u64::from(shared.range.start) <= byte && byte < u64::from(shared.range.end))
    };
    let is_own = is_inside && !ranges.iter().any(|shared| touches(&shared));
    let is_writable = is_inside && !ranges.iter().filter(touches).any(|shared| !shared.is_writable);
    (is_inside, is_own, is_writable)
}

proptest! {
    #[test]
    fn a_range_inside_the_memory_and_outside_all_shared_ranges_is_given_and_no_other(
        size in 0usize..300,
        ranges in shared_ranges(40),
        at in address(),
        len in address(),
    ) {
        let mut memory = memory(size);
        let copy = memory.clone();
        let (is_inside, is_own, _) = look(size, &ranges, at, len);
        let expected = is_own.then(|| &copy[at as usize..][..len as usize]);
        let mut bytes = with_shared_ranges(&mut memory, ranges);
        prop_assert_eq!(bytes.bytes().get(at, len), expected);
        prop_assert_eq!(bytes.bytes().contains(at, len), is_inside);
        prop_assert_eq!(bytes.get_mut(at, len).map(|own| &*own), expected);
        prop_assert_eq!(bytes.into_mut(at, len).map(|own| &*own), expected);
    }

    #[test]
    fn a_number_is_read_where_its_four_bytes_are_given(
        size in 0usize..300,
        ranges in shared_ranges(40),
        at in address(),
    ) {
        let mut memory = memory(size);
        let bytes = with_shared_ranges(&mut memory, ranges);
        let expected = bytes.bytes().get(at, 4).map(|four| {
            four.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
        });
        prop_assert_eq!(bytes.bytes().u32_at(at), expected);
    }

    #[test]
    fn whatever_is_in_the_memory_can_be_copied_shared_or_not(
        size in 0usize..300,
        ranges in shared_ranges(40),
        at in address(),
        len in address(),
    ) {
        let mut memory = memory(size);
        let copy = memory.clone();
        let (is_inside, is_own, _) = look(size, &ranges, at, len);
        let bytes = with_shared_ranges(&mut memory, ranges);
        let read = bytes.bytes().read(at, len);
        prop_assert_eq!(read.as_deref(), is_inside.then(|| &copy[at as usize..][..len as usize]));
        prop_assert!(!matches!(read, Some(Cow::Borrowed(_)) if !is_own));
    }

    #[test]
    fn a_write_reaches_all_bytes_or_none_and_never_what_is_read_only(
        size in 0usize..300,
        ranges in shared_ranges(40),
        at in address(),
        from in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut memory = memory(size);
        let mut expected = memory.clone();
        let (_, _, is_writable) = look(size, &ranges, at, from.len() as u32);
        if is_writable {
            expected[at as usize..][..from.len()].copy_from_slice(&from);
        }
        let written = with_shared_ranges(&mut memory, ranges).write(at, &from);
        prop_assert_eq!(written.is_some(), is_writable);
        prop_assert_eq!(memory, expected);
    }
}

#[test]
fn an_empty_range_is_fine_at_the_end_and_inside_a_shared_range_and_not_beyond() {
    let mut memory = memory(16);
    let shared = SharedRange { range: 4..12, is_writable: false };
    let mut bytes = with_shared_ranges(&mut memory, [shared].into());
    for at in [0, 4, 8, 12, 16] {
        assert_eq!(bytes.get_mut(at, 0), Some(&mut [][..]), "{at}");
    }
    assert_eq!(bytes.get_mut(17, 0), None);
}

#[test]
fn all_of_a_memory_is_given_only_without_shared_ranges() {
    let mut memory = memory(16);
    assert_eq!(GuestBytes::from(&memory[..]).whole().map(<[u8]>::len), Some(16));
    let shared = SharedRange { range: 20..24, is_writable: true };
    assert_eq!(with_shared_ranges(&mut memory, [shared].into()).bytes().whole(), None);
}
