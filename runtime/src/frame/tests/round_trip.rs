use super::*;
use crate::value::Table;
use crate::value::Value;
use crate::value::from_value::from_value;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::key::Key;
use crate::value::to_value::to_value;
use crate::value::variadic::Variadic;
use bstr::BString;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

fn string() -> impl Strategy<Value = BString> {
    prop_oneof![
        any::<String>().prop_map(BString::from),
        vec(any::<u8>(), 0..40).prop_map(BString::from),
        (0usize..5000).prop_map(|length| BString::from("x".repeat(length))),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        any::<bool>().prop_map(Key::from),
        any::<i64>().prop_map(Key::from),
        any::<f64>().prop_filter_map("NaN", Key::number),
        string().prop_map(Key::from),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Number(f64::NAN)),
        string().prop_map(Value::from),
        any::<u32>().prop_map(|id| Value::Function(Function::new(owner(), id))),
        (any::<String>(), vec(any::<String>(), 0..4), any::<u64>()).prop_map(
            |(message, causes, id)| {
                let causes = causes.iter().map(String::as_bytes);
                Value::Error(HostError::from_strings(message.as_bytes(), causes, id))
            }
        ),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(6, 100, 8, |inside| {
        prop_oneof![
            vec(inside.clone(), 0..8).prop_map(Value::from),
            btree_map(key(), inside, 0..8)
                .prop_map(|pairs| Value::Table(pairs.into_iter().collect())),
        ]
    })
}

/// The form in which an empty table arrives.
fn arrived(value: Value) -> Value {
    match value {
        Value::Table(table) if table.is_empty() => Value::Sequence(Vec::new()),
        Value::Table(table) => {
            Value::Table(table.into_iter().map(|(key, value)| (key, arrived(value))).collect())
        }
        Value::Sequence(values) => values.into_iter().map(arrived).collect::<Vec<_>>().into(),
        other => other,
    }
}

/// Texts tell NaN from other numbers and are equal for the same NaN.
fn text(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

proptest! {
    #[test]
    fn any_value_comes_back_as_it_was(value in value()) {
        let back: Value = through_frame(&value).unwrap();
        prop_assert_eq!(text(&back), text(&arrived(value)));
    }

    #[test]
    fn any_values_side_by_side_come_back_as_they_were(values in vec(value(), 0..6)) {
        let back: Variadic<Value> = through_frame(&Variadic(values.clone())).unwrap();
        let values: Vec<Value> = values.into_iter().map(arrived).collect();
        prop_assert_eq!(text(&back.0), text(&values));
    }

    #[test]
    fn to_value_and_from_value_leave_a_value_as_it_was(value in value()) {
        let to = to_value(&value).unwrap();
        prop_assert_eq!(text(&to), text(&value));
        prop_assert_eq!(text(&from_value::<Value>(to).unwrap()), text(&value));
    }

    #[test]
    fn any_row_comes_back_as_it_was(row in row()) {
        let through: Row = through_frame(&row).unwrap();
        prop_assert_eq!(&through, &row);
        let value: Row = from_value(to_value(&row).unwrap()).unwrap();
        prop_assert_eq!(&value, &row);
        // A frame says of a type what `to_value` does.
        let as_value: Value = through_frame(&row).unwrap();
        prop_assert_eq!(as_value, arrived(to_value(&row).unwrap()));
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    id: i64,
    small: u8,
    price: f64,
    name: String,
    letter: char,
    note: Option<String>,
    raw: BString,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    pair: (i32, bool),
    shapes: Vec<Shape>,
    by_number: HashMap<i64, String>,
    by_color: BTreeMap<Color, f32>,
    id_of: BTreeMap<UserId, ()>,
    parent: Option<Box<Row>>,
    #[serde(default)]
    unit: Nothing,
    any: Value,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Rest {
    flat: u16,
    loose: Loose,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Nothing;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct UserId(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Line(i64, i64),
    Named { name: String, color: Option<Color> },
    Tagged(Tagged),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    One { a: i8 },
    Two { b: Vec<u8> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Loose {
    Integer(i64),
    Text(String),
    Many(Vec<bool>),
    Named { x: f64 },
}

fn shape() -> impl Strategy<Value = Shape> {
    let color = prop_oneof![Just(Color::Red), Just(Color::Green)];
    prop_oneof![
        Just(Shape::Point),
        any::<f64>().prop_map(Shape::Circle),
        any::<(i64, i64)>().prop_map(|(a, b)| Shape::Line(a, b)),
        (any::<String>(), proptest::option::of(color))
            .prop_map(|(name, color)| Shape::Named { name, color }),
        any::<i8>().prop_map(|a| Shape::Tagged(Tagged::One { a })),
        vec(any::<u8>(), 0..4).prop_map(|b| Shape::Tagged(Tagged::Two { b })),
    ]
}

fn loose() -> impl Strategy<Value = Loose> {
    prop_oneof![
        any::<i64>().prop_map(Loose::Integer),
        any::<String>().prop_map(Loose::Text),
        vec(any::<bool>(), 1..4).prop_map(Loose::Many),
        any::<f64>().prop_map(|x| Loose::Named { x }),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let plain = (
        any::<(i64, u8, f64, String, char)>(),
        proptest::option::of(any::<String>()),
        vec(any::<u8>(), 0..3000),
        any::<(i32, bool)>(),
        vec(shape(), 0..5),
        proptest::collection::hash_map(any::<i64>(), any::<String>(), 0..4),
        any::<(u16, f32)>(),
        loose(),
        btree_map("o[a-z]{3}|_other", "[a-z]*".prop_map(Value::from), 0..3),
    );
    let row =
        plain.prop_map(|(numbers, note, raw, pair, shapes, by_number, more, loose, others)| {
            let (id, small, price, name, letter) = numbers;
            Row {
                id,
                small,
                price,
                name,
                letter,
                note,
                raw: raw.clone().into(),
                bytes: raw,
                pair,
                shapes,
                by_number,
                by_color: BTreeMap::from([(Color::Green, more.1)]),
                id_of: BTreeMap::new(),
                parent: None,
                unit: Nothing,
                any: Value::Nil,
                rest: Rest { flat: more.0, loose, others },
            }
        });
    let row = row.boxed();
    (row.clone(), proptest::option::of(row))
        .prop_map(|(row, parent)| Row { parent: parent.map(Box::new), ..row })
}

#[test]
fn a_map_takes_a_sequence_with_the_integers_from_one_as_keys() {
    let expected = BTreeMap::from([(UserId(1), "a".to_string()), (UserId(2), "b".to_string())]);
    let back: BTreeMap<UserId, String> = through_frame(&(["a", "b"],)).unwrap();
    assert_eq!(back, expected);
    let back: BTreeMap<UserId, String> = from_value(to_value(&["a", "b"]).unwrap()).unwrap();
    assert_eq!(back, expected);
}

#[test]
fn a_table_takes_a_sequence_too() {
    let table: Table = through_frame(&(["a", "b"],)).unwrap();
    assert_eq!(table, Table::from([(1, "a"), (2, "b")]));
}

#[test]
fn an_empty_table_is_as_good_as_an_empty_sequence() {
    let (mut table, mut sequence) = (Sent::default(), Sent::default());
    table.slot(tag::TABLE, 0, 0);
    sequence.slot(tag::SEQUENCE, 0, 0);
    for empty in [&table, &sequence] {
        assert!(empty.read::<Vec<i64>>(1).unwrap().is_empty());
        assert!(empty.read::<HashMap<String, i64>>(1).unwrap().is_empty());
        assert_eq!(empty.read::<Value>(1).unwrap(), Value::Sequence(Vec::new()));
    }
}

#[test]
fn fields_and_pairs_that_are_nil_are_left_out_with_their_keys() {
    let long = "k".repeat(3000);
    let map = BTreeMap::from([("a".to_string(), None), ("b".to_string(), Some(1)), (long, None)]);
    let mut encoder = Encoder::new();
    encoder.arguments(&encode_rules(), &map).unwrap();
    assert_eq!(encoder.large(), b"");
    assert_eq!(encoder.bytes().len(), 4 * SLOT);
    let back: Value = echo(&encoder).read(1).unwrap();
    assert_eq!(back, Table::from([("b", 1)]).into());
}

#[test]
fn a_whole_number_stays_a_number() {
    assert_eq!(through_frame::<_, Value>(&1.0).unwrap(), Value::Number(1.0));
    assert_eq!(through_frame::<_, i64>(&1.0).unwrap(), 1);
    assert_eq!(through_frame::<_, f64>(&1).unwrap(), 1.0);
}

#[test]
fn other_keys_than_strings_are_no_fields_of_a_struct() {
    #[derive(Debug, Deserialize)]
    struct Pair {
        #[serde(default)]
        first: i64,
        #[serde(default)]
        second: i64,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {}
    // serde would take the keys 0 and 1 for the positions of the fields.
    let table = Table::from_iter([
        (Key::from(0), Value::from(5)),
        (Key::from(1), Value::from(6)),
        (Key::from(true), Value::from("x")),
        (Key::from("second"), Value::from(7)),
    ]);
    for pair in [through_frame::<_, Pair>(&table), from_value(table.clone().into())] {
        let pair = pair.unwrap();
        assert_eq!((pair.first, pair.second), (0, 7));
    }
    let strict = through_frame::<_, Strict>(&(["a"],));
    assert_eq!(message(strict), r#"result: unknown field "1"; there are none"#);
}

#[test]
fn json_becomes_a_value_and_a_value_json() {
    let json = r#"{"1":[1,2.5,"x",null,true],"name":{}}"#;
    let value: Value = serde_json::from_str(json).unwrap();
    assert_eq!(value.get("1").and_then(|v| v.get(2)), Some(&Value::Number(2.5)));
    assert_eq!(serde_json::to_string(&value).unwrap(), json);
}

#[test]
fn other_formats_come_through_a_frame() {
    let json = serde_json::json!({"a": [1, {"b": "c"}], "d": 1.5});
    assert_eq!(through_frame::<_, serde_json::Value>(&json).unwrap(), json);
}
