use super::layout::any_struct;
use super::*;
use crate::layout::Layout;
use crate::layout::description::LONGEST;
use crate::layout::scalar::Scalar;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn a_description_is_read_as_the_layout_that_it_is_of(layout in any_struct()) {
        let read: Layout = layout.description().parse().unwrap();
        prop_assert_eq!(&read, &layout);
        prop_assert_eq!(read.fields(), layout.fields());
        prop_assert_eq!(read.fingerprint(), layout.fingerprint());
    }

    #[test]
    fn whatever_can_be_read_is_written_as_it_was(text in "(size|align|[a-d_]|[0-9]{1,3}|u8|f64|[{}@; ]|\\[|\\]){0,60}") {
        if let Ok(layout) = text.parse::<Layout>() {
            prop_assert_eq!(layout.description(), text);
        }
    }

    #[test]
    fn a_changed_description_is_another_one_or_none(
        layout in any_struct(),
        at: prop::sample::Index,
        to in proptest::option::of(any::<char>()),
    ) {
        let text = layout.description();
        let at = at.index(text.len());
        let changed: String = text.char_indices()
            .filter_map(|(place, char)| if place == at { to } else { Some(char) })
            .collect();
        match changed.parse::<Layout>() {
            Ok(layout) => prop_assert_eq!(layout.description(), changed),
            Err(error) => prop_assert!(error.is_layout()),
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let read = text.parse::<Layout>();
        prop_assert!(read.is_ok() || read.is_err_and(|error| error.is_layout()));
    }
}

fn why_not(text: &str) -> String {
    let message = text.parse::<Layout>().unwrap_err().to_string();
    message.strip_prefix("cannot read the description of a layout").unwrap().to_string()
}

#[test]
fn a_scalar_is_its_name() {
    for scalar in Scalar::ALL {
        let layout: Layout = scalar.name().parse().unwrap();
        assert_eq!((layout.scalar(), layout.size()), (Some(scalar), scalar.size()));
    }
}

#[test]
fn what_breaks_a_rule_is_refused_with_the_place() {
    let cases = [
        ("", ", at byte 0: 'size ' is missing"),
        ("u8 ", ", at byte 0: 'size ' is missing"),
        ("size 08 align 4; x u32 @0", ", at byte 5: a number from 1 to 2147483647 is missing"),
        (
            "size 2147483648 align 1; x u8 @0",
            ", at byte 5: a number from 1 to 2147483647 is missing",
        ),
        ("size 8 align 3; x u32 @0", ", at byte 14: nothing of 8 bytes is aligned to 3"),
        ("size 6 align 4; x u32 @0", ", at byte 14: nothing of 6 bytes is aligned to 4"),
        ("size 8 align 4", ", at byte 14: '; ' is missing"),
        ("size 8 align 4; x u32 @0;", ", at byte 24: '; ' is missing"),
        ("size 8 align 4; x u32 @0.", ", at byte 24: there is something behind its end"),
        ("size 8 align 4; x char @0", ", at byte 22: 'x' has no type"),
        ("size 8 align 4; _x u32 @0", ", at byte 18: the name of a field is missing"),
        ("size 8 align 4; 1 u32 @0", ", at byte 17: the name of a field is missing"),
        ("size 8 align 4; x u32[0] @0", ", at byte 22: a number from 1 to 2147483647 is missing"),
        ("size 8 align 4; x u32 @2", ", at byte 24: 'x' is not aligned"),
        ("size 8 align 4; x u64 @0", ", at byte 24: 'x' is not aligned"),
        ("size 8 align 4; x u32[3] @0", ", at byte 27: 'x' ends behind the end of its struct"),
        ("size 8 align 4; x u32 @0; x u32 @4", ", at byte 34: there are two fields called 'x'"),
        (
            "size 8 align 4; x u32 @0; y u8 @3",
            ", at byte 33: 'y' begins before the end of the field in front of it",
        ),
        ("size 8 align 4; x {size 4 align 4; y u32 @0 @0", ", at byte 43: '}' is missing"),
    ];
    for (text, why) in cases {
        assert_eq!(why_not(text), why, "{text}");
    }
}

#[test]
fn a_product_that_overflows_is_refused() {
    let why = why_not("size 8 align 8; x u64[2147483647] @2147483640");
    assert!(why.ends_with("'x' ends behind the end of its struct"), "{why}");
}

#[test]
fn structs_stand_sixteen_deep_at_most() {
    let nested = |depth: usize| {
        let inner = (1..depth).fold("size 1 align 1; x u8 @0".to_string(), |inner, _| {
            format!("size 1 align 1; x {{{inner}}} @0")
        });
        inner.parse::<Layout>()
    };
    assert_eq!(nested(16).unwrap().depth(), 16);
    let error = nested(17).unwrap_err().to_string();
    assert!(error.ends_with("structs stand more than 16 deep in each other"), "{error}");
}

#[test]
fn a_description_has_64_kib_at_most() {
    let why = why_not(&"x".repeat(LONGEST + 1));
    assert_eq!(why, ": it has 65537 bytes, and 65536 are allowed");
}

#[test]
fn a_message_about_two_long_layouts_is_short() {
    let count = rounds(3000, 220);
    let fields: String = (0..count).map(|at| format!("; name{at} u8[4] @{}", at * 4)).collect();
    let many: Layout = format!("size 12000 align 1{fields}").parse().unwrap();
    let long: Layout =
        format!("size 12000 align 1; x {{size 12000 align 1{fields}}} @0").parse().unwrap();
    let message = many.check(&long).unwrap_err().to_string();
    let end = format!("\n  and {} more", count + 1 - 200);
    assert!(message.len() < 60_000 && message.ends_with(&end), "{message}");
    assert!(message.contains("..."));
}
