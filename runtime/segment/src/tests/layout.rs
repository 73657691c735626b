use super::*;
use crate::layout::Field;
use crate::layout::Layout;
use crate::layout::scalar::Scalar;
use crate::plain::Plain;
use proptest::prelude::*;
use proptest::sample::select;

/// A name, in small letters so that it is unlike all others in all languages.
fn name(at: usize) -> String {
    format!("f{at}_x")
}

/// A struct, placed by the rules of C as a book has them: each field at the next address that
/// its alignment divides.
fn placed(packed: bool, fields: Vec<(Layout, Option<u32>, bool)>) -> Layout {
    let (mut end, mut align) = (0, 1);
    let mut named = Vec::new();
    for (number, (layout, count, is_padding)) in fields.into_iter().enumerate() {
        let needs = if packed { 1 } else { layout.align() as u32 };
        let offset = (end..).find(|offset| offset % needs == 0).unwrap();
        end = offset + layout.size() as u32 * count.unwrap_or(1);
        align = align.max(needs);
        if !is_padding || number == 0 {
            named.push(Field { name: name(number), layout, count, offset });
        }
    }
    let size = (end..).find(|size| size % align == 0).unwrap();
    Layout::structure(size, align, named)
}

fn scalar() -> impl Strategy<Value = Layout> {
    select(&Scalar::ALL[..]).prop_map(Layout::of_scalar)
}

/// Any struct, of scalars, arrays and structs.
pub(crate) fn any_struct() -> impl Strategy<Value = Layout> {
    let fields = |inner: BoxedStrategy<Layout>| {
        let count = proptest::option::of(1..9_u32);
        let field = (inner, count, proptest::bool::weighted(0.1));
        (any::<bool>(), proptest::collection::vec(field, 1..6))
            .prop_map(|(packed, fields)| placed(packed, fields))
    };
    let leaf = scalar().boxed().prop_recursive(4, 20, 4, fields);
    fields(leaf.boxed())
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn fields_never_overlap_and_are_aligned(layout in any_struct()) {
        let mut end = 0;
        for field in layout.fields() {
            prop_assert!(field.offset() >= end);
            end = field.offset() + field.size();
            if layout.align() > 1 {
                prop_assert!(field.offset().is_multiple_of(field.layout().align()));
            }
        }
        prop_assert!(end <= layout.size());
        prop_assert!(layout.size().is_multiple_of(layout.align()));
    }

    #[test]
    fn what_is_placed_while_compiling_is_placed_as_c_does(
        fields in proptest::array::uniform5((1..70_usize, select(&[1_usize, 2, 4, 8][..]))),
        packed: bool,
    ) {
        let fields = fields.map(|(count, align)| (count * align, align));
        let placed = Layout::__lay_out(fields, packed);
        let (mut end, mut most) = (0, 1);
        for ((size, align), offset) in fields.into_iter().zip(placed.offsets) {
            let align = if packed { 1 } else { align };
            prop_assert_eq!(offset, (end..).find(|at| at % align == 0).unwrap());
            end = offset + size;
            most = most.max(align);
        }
        prop_assert_eq!(placed.align, most);
        prop_assert_eq!(placed.size, (end..).find(|size| size % most == 0).unwrap());
    }

    #[test]
    fn names_are_the_same_in_every_spelling(layout in any_struct()) {
        let text = layout.description().to_string();
        // "f0_x" becomes "F0X", as Go has it.
        let spelled = text.replace("_x ", "X ").replace(" f", " F").replace(" F32", " f32");
        let spelled = spelled.replace(" F64", " f64");
        let other: Layout = spelled.parse().unwrap();
        prop_assert_eq!(other.fingerprint(), layout.fingerprint());
        prop_assert!(layout.check(&other).is_ok());
        prop_assert!(layout.check_description(&spelled).is_ok());
    }

    #[test]
    fn another_place_is_another_layout(layout in any_struct(), at in any::<prop::sample::Index>()) {
        let mut fields = layout.fields().to_vec();
        let at = at.index(fields.len());
        fields[at].offset += 8;
        let (size, align) = (layout.size() as u32, layout.align() as u32);
        let other = Layout::structure(size, align, fields);
        prop_assert_ne!(other.fingerprint(), layout.fingerprint());
        let error = layout.check(&other).unwrap_err();
        prop_assert!(error.is_layout());
        // The first row is a heading, then one for the size and one for each field.
        let marks = error.to_string().lines().skip(2).map(|row| row.starts_with("* ")).collect::<Vec<_>>();
        let differs = (0..=layout.fields().len()).map(|row| row == at + 1).collect::<Vec<_>>();
        prop_assert_eq!(marks, differs);
    }

    #[test]
    fn a_struct_is_read_as_it_was_written(mixed: (u8, u64, [i16; 3], f64, bool), x: f32, pad: [u8; 3]) {
        let point = Point { x, big: mixed.1 };
        let value = Mixed {
            small: mixed.0,
            big: mixed.1,
            few: mixed.2,
            points: [point, Point { x: -x, big: !mixed.1 }],
            ratio: mixed.3,
            _gap: pad,
            is_set: mixed.4,
        };
        let mut bytes = [0; Mixed::SIZE];
        value.write(&mut bytes);
        let again = Mixed::read(&bytes);
        let mut bytes_again = [0; Mixed::SIZE];
        again.write(&mut bytes_again);
        prop_assert_eq!(bytes, bytes_again);
        prop_assert_eq!(again.few, mixed.2);
        prop_assert_eq!(again.points[1].big, !mixed.1);
        prop_assert_eq!(again.ratio.to_bits(), mixed.3.to_bits());
        prop_assert_eq!(again.is_set, mixed.4);
        for field in Mixed::layout().fields() {
            if field.name() == "big" {
                prop_assert_eq!(&bytes[field.offset()..][..8], &mixed.1.to_le_bytes());
            }
        }
    }

    #[test]
    fn any_bytes_are_a_value(bytes in proptest::collection::vec(any::<u8>(), Tight::SIZE)) {
        let value = Tight::read(&bytes);
        let mut again = vec![0; Tight::SIZE];
        value.write(&mut again);
        // A boolean is read as true from any byte but 0, and written as 1. The three bytes
        // behind `one` belong to no field.
        let mut expected = bytes.clone();
        expected[5] = u8::from(bytes[5] != 0);
        expected[7..10].fill(0);
        prop_assert_eq!(again, expected);
    }
}

crate::layout! {
    #[derive(Clone, Copy)]
    struct Point {
        x: f32,
        big: u64,
    }
}

crate::layout! {
    #[derive(Clone, Copy)]
    struct Mixed {
        small: u8,
        big: u64,
        few: [i16; 3],
        points: [Point; 2],
        ratio: f64,
        _gap: [u8; 3],
        is_set: bool,
    }
}

crate::layout! {
    #[derive(Clone, Copy)]
    packed struct Tight {
        seq: u32,
        flags: u8,
        is_set: bool,
        point: Word,
        r#type: i64,
    }
}

crate::layout! {
    /// Aligned in itself, and anywhere in what is packed.
    #[derive(Clone, Copy)]
    pub(crate) struct Word {
        pub(crate) one: u8,
        pub(crate) two: u32,
    }
}

crate::layout! {
    #[derive(Debug, Clone, Copy, PartialEq)]
    packed struct Packet {
        seq: u32,
        flags: u8,
        data: [u8; 64],
    }
}

crate::layout! {
    #[derive(Clone, Copy)]
    struct Position {
        x: f64,
        y: f64,
    }
}

crate::layout! {
    #[derive(Clone, Copy)]
    struct User {
        user_id: u64,
        pos: [Position; 2],
        ok: bool,
    }
}

#[test]
fn descriptions_and_fingerprints_are_those_of_the_other_languages() {
    let all = [
        (f64::layout(), "f64", 0xdd74_4c18_ff7e_a1ab),
        (
            Packet::layout(),
            "size 69 align 1; seq u32 @0; flags u8 @4; data u8[64] @5",
            0x1359_51f3_62a8_d595,
        ),
        (
            User::layout(),
            "size 48 align 8; user_id u64 @0; pos {size 16 align 8; x f64 @0; y f64 @8}[2] @8; \
             ok bool @40",
            0xa379_cd0d_9cf3_e123,
        ),
    ];
    for (layout, description, fingerprint) in all {
        assert_eq!(layout.description(), description);
        assert_eq!(layout.fingerprint(), fingerprint);
    }
}

#[test]
fn padding_takes_room_and_has_no_name() {
    assert_eq!(
        Mixed::layout().description(),
        "size 72 align 8; small u8 @0; big u64 @8; few i16[3] @16; \
         points {size 16 align 8; x f32 @0; big u64 @8}[2] @24; ratio f64 @56; is_set bool @67"
    );
}

#[test]
fn a_packed_struct_has_no_gaps_except_those_of_what_is_in_it() {
    assert_eq!(
        Tight::layout().description(),
        "size 22 align 1; seq u32 @0; flags u8 @4; is_set bool @5; \
         point {size 8 align 4; one u8 @0; two u32 @4} @6; type i64 @14"
    );
}

#[test]
fn an_array_has_the_layout_of_its_elements() {
    assert_eq!(<[f64; 3]>::layout(), f64::layout());
    assert_eq!(<[[Word; 2]; 3]>::layout(), Word::layout());
    assert_eq!((<[f64; 3]>::SIZE, <[f64; 3]>::ALIGN), (24, 8));
}

#[test]
fn what_differs_is_shown_beside_what_was_expected() {
    let passed: Layout = "size 72 align 4; Seq u32 @0; flags u16 @4".parse().unwrap();
    let error = Packet::layout().check(&passed).unwrap_err();
    assert!(error.is_layout());
    assert_eq!(
        error.to_string(),
        "the layouts differ:\n  \
           passed          | expected\n\
         * size 72 align 4 | size 69 align 1\n  \
           Seq u32 @0      | seq u32 @0\n\
         * flags u16 @4    | flags u8 @4\n\
         *                 | data u8[64] @5"
    );
    let error = f32::layout().check(f64::layout()).unwrap_err();
    assert_eq!(error.to_string(), "the layouts differ:\n  passed | expected\n* f64    | f32");
}
