use super::*;
use crate::segment::Segment;
use crate::view::View;
use proptest::prelude::*;

crate::layout! {
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Reading {
        at: u64,
        level: f32,
        is_good: bool,
    }
}

fn reading() -> impl Strategy<Value = Reading> {
    (any::<u64>(), -1e9..1e9_f32, any::<bool>()).prop_map(|(at, level, is_good)| Reading {
        at,
        level,
        is_good,
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_view_is_as_a_vector_of_values(
        offset in 0..40_usize,
        count in 0..12_usize,
        writes in proptest::collection::vec((0..14_usize, reading()), 0..20),
    ) {
        let segment = Segment::new(256).unwrap();
        let view = segment.array::<Reading>(offset, count).unwrap();
        let mut model = vec![Reading { at: 0, level: 0.0, is_good: false }; count];
        for (at, value) in writes {
            let set = view.set(at, &value);
            match model.get_mut(at) {
                Some(there) => {
                    prop_assert!(set.is_ok());
                    *there = value;
                    prop_assert_eq!(view.get(at).unwrap(), value);
                }
                None => {
                    prop_assert!(set.unwrap_err().is_out_of_range());
                    prop_assert!(view.get(at).unwrap_err().is_out_of_range());
                }
            }
        }
        prop_assert_eq!(view.to_vec(), model.clone());
        prop_assert_eq!(view.iter().rev().collect::<Vec<_>>(), model.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn a_range_is_set_whole_or_not_at_all(
        count in 0..rounds(3000, 40),
        at in 0..rounds(3000, 40),
        len in 0..rounds(3000, 40),
    ) {
        let view = Segment::new(count.max(1) * 8).unwrap().array::<u64>(0, count).unwrap();
        let values: Vec<u64> = (1..=len as u64).collect();
        let set = view.set_all(at, &values);
        prop_assert_eq!(set.is_ok(), at + len <= count);
        let is_there = set.is_ok();
        for (place, value) in view.to_vec().into_iter().enumerate() {
            let inside = is_there && (at..at + len).contains(&place);
            prop_assert_eq!(value, if inside { (place - at + 1) as u64 } else { 0 });
        }
    }
}

#[test]
fn what_is_only_read_cannot_be_written() {
    let segment = Segment::new(64).unwrap();
    let view = segment.read_only().array::<u32>(0, 4).unwrap();
    assert!(view.is_read_only());
    for error in [view.set(0, &1).unwrap_err(), view.fill(&1).unwrap_err()] {
        assert!(error.is_read_only());
        assert_eq!(error.to_string(), "the segment is read-only");
    }
    segment.array::<u32>(0, 4).unwrap().set(3, &7).unwrap();
    assert_eq!(view.get(3).unwrap(), 7);
}

#[test]
fn large_and_odd_values_are_copied_whole() {
    let segment = Segment::new(40_000).unwrap();
    let view = segment.array::<[u8; 19_999]>(1, 2).unwrap();
    let value = std::array::from_fn(|at| at as u8);
    view.fill(&value).unwrap();
    assert_eq!(view.get(1).unwrap(), value);
    assert_eq!(view.to_vec(), [value, value]);
    assert_eq!(segment.array::<u8>(0, 1).unwrap().get(0).unwrap(), 0);
}

#[test]
fn a_view_outside_of_the_segment_is_refused() {
    let segment = Segment::new(64).unwrap();
    assert!(segment.array::<u64>(8, 8).unwrap_err().is_out_of_range());
    assert!(segment.array::<u64>(usize::MAX, 1).unwrap_err().is_out_of_range());
    assert!(segment.array::<u64>(0, usize::MAX).unwrap_err().is_out_of_range());
}

#[test]
fn a_length_that_is_no_number_of_values_is_refused() {
    let error = View::<u64>::over(Segment::new(60).unwrap()).unwrap_err();
    assert!(error.is_layout());
    let text = "60 bytes are not a number of values of 8 bytes; pass a part of the segment";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_message_names_the_element_and_the_view() {
    let view = Segment::new(64).unwrap().array::<u64>(0, 8).unwrap();
    assert_eq!(
        view.get(8).unwrap_err().to_string(),
        "element 8 is outside of a view of 8, which are counted from 0"
    );
}
