use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_region_is_as_a_vector_of_bytes(
        len in 0..200_usize,
        writes in proptest::collection::vec((0..220_usize, proptest::collection::vec(any::<u8>(), 0..90)), 0..20),
        reads in proptest::collection::vec((0..220_usize, 0..220_usize), 0..20),
    ) {
        let region = Region::heap(len);
        let mut model = vec![0; len];
        for (at, from) in &writes {
            let there = model.get_mut(*at..).and_then(|model| model.get_mut(..from.len()));
            prop_assert_eq!(region.write(*at, from).is_some(), there.is_some());
            if let Some(there) = there {
                there.copy_from_slice(from);
            }
        }
        for (at, count) in reads {
            let there = model.get(at..).and_then(|model| model.get(..count));
            let mut copy = vec![7; count];
            let mut appended = vec![1, 2, 3];
            prop_assert_eq!(region.read(at, &mut copy).is_some(), there.is_some());
            prop_assert_eq!(region.append(at, count, &mut appended).is_some(), there.is_some());
            if let Some(there) = there {
                prop_assert_eq!(&copy, there);
                prop_assert_eq!(&appended, &[&[1, 2, 3], there].concat());
            }
        }
    }

    #[test]
    fn a_part_is_the_same_bytes(at in 0..40_usize, len in 0..40_usize, inner in 0..40_usize) {
        let region = Region::heap(64);
        let Some(part) = region.sub(at, len) else {
            prop_assert!(at + len > 64);
            return Ok(());
        };
        prop_assert_eq!(part.write(inner, &[9]).is_some(), inner < len);
        for (place, byte) in bytes(&region).into_iter().enumerate() {
            prop_assert_eq!(byte == 9, inner < len && place == at + inner);
        }
    }

    #[test]
    fn filling_sets_what_is_asked_for(at in 0..9000_usize, len in 0..9000_usize, byte: u8) {
        let region = Region::heap(9000);
        let filled = region.fill(at, len, byte).is_some();
        prop_assert_eq!(filled, at + len <= 9000);
        for (place, found) in bytes(&region).into_iter().enumerate() {
            let inside = filled && (at..at + len).contains(&place);
            prop_assert_eq!(found, if inside { byte } else { 0 });
        }
    }

    #[test]
    fn no_offset_overflows(at in any::<usize>(), len in 0..64_usize) {
        let region = Region::heap(64);
        prop_assert_eq!(region.sub(at, len).is_some(), at <= 64 - len);
        prop_assert_eq!(region.fill(at, len, 1).is_some(), at <= 64 - len);
        prop_assert_eq!(region.sub(len, at).is_some(), at <= 64 - len);
        prop_assert_eq!(region.word(at).is_some(), at <= 60 && at.is_multiple_of(4));
    }
}

#[test]
fn a_word_of_an_unaligned_part_is_refused() {
    let part = Region::heap(64).sub(2, 32).unwrap();
    assert!(part.word(0).is_none() && part.word(2).is_some());
}

#[test]
fn bytes_live_as_long_as_the_last_handle() {
    let part = Region::heap(4096).sub(4000, 96).unwrap();
    part.write(95, &[5]).unwrap();
    assert_eq!(bytes(&part.clone())[95], 5);
}
