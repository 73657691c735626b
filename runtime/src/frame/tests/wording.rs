use super::*;
use crate::value::Table;
use crate::value::Value;
use crate::value::from_value::from_value;
use crate::value::key::Key;
use crate::value::to_value::to_value;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU8;

#[derive(Debug, Deserialize, Serialize)]
struct Order {
    items: Vec<Item>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Item {
    price: f64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
enum Shape {
    Square,
    Circle(Option<f64>),
    Line(i64, i64),
    Box { width: u8 },
}

fn table<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Table::from(pairs).into()
}

/// The message of a result, which is the same without a frame but for the root.
fn refusal<T: DeserializeOwned>(value: impl Into<Value>) -> String {
    let value = value.into();
    let frame = message(through_frame::<_, (T,)>(&(&value,)));
    let direct = message(from_value::<T>(value));
    let frame = frame.strip_prefix("result 1").unwrap_or(&frame).to_string();
    assert_eq!(direct.strip_prefix("value"), Some(frame.as_str()));
    frame
}

#[test]
fn a_path_leads_to_the_value_that_is_wrong() {
    let item = |price: Value| table([("price", price)]);
    let items = vec![item(1.5.into()), item(2.into()), item("12,50".into())];
    let order = table([("items", items.into())]);
    assert_eq!(refusal::<Order>(order), r#".items[3].price: expected number, got string "12,50""#);
}

#[test]
fn a_path_shows_keys_as_lua_would() {
    let refused = |key: Key| refusal::<BTreeMap<Key, u8>>(Table::from([(key, 300)]));
    let tail = ": integer 300 does not fit in u8";
    assert_eq!(refused("name".into()), format!(".name{tail}"));
    assert_eq!(refused("a b".into()), format!(r#"["a b"]{tail}"#));
    assert_eq!(refused(7.into()), format!("[7]{tail}"));
    assert_eq!(refused(true.into()), format!("[true]{tail}"));
    assert_eq!(refused(Key::number(0.5).unwrap()), format!("[0.5]{tail}"));
    let long = Key::from("x".repeat(3000));
    assert_eq!(refused(long), format!(r#"["{}…"]{tail}"#, "x".repeat(40)));
}

#[test]
fn a_missing_field_has_the_path_of_its_struct() {
    let order = table([("items", vec![table([("prize", 1.into())])].into())]);
    assert_eq!(refusal::<Order>(order), r#".items[1]: missing field "price""#);
    assert_eq!(refusal::<Order>(vec![Value::Nil; 0]), r#": missing field "items""#);
}

#[test]
fn what_was_expected_and_what_was_there_are_said_in_words_of_lua() {
    assert_eq!(refusal::<i32>("x"), r#": expected integer, got string "x""#);
    assert_eq!(refusal::<u64>(1.5), ": expected integer, got number 1.5");
    assert_eq!(refusal::<f32>(true), ": expected number, got boolean true");
    assert_eq!(refusal::<f64>("1"), r#": expected number, got string "1""#);
    assert_eq!(refusal::<String>(300), ": expected string, got integer 300");
    assert_eq!(refusal::<char>(Value::Nil), ": expected string, got nil");
    assert_eq!(refusal::<bool>(1), ": expected boolean, got integer 1");
    assert_eq!(refusal::<Vec<u8>>("abc"), r#": expected table (sequence), got string "abc""#);
    assert_eq!(refusal::<(u8, u8)>(Value::Nil), ": expected table (sequence), got nil");
    assert_eq!(refusal::<[u8; 2]>(1), ": expected table (sequence), got integer 1");
    assert_eq!(refusal::<HashMap<u8, u8>>(1), ": expected table, got integer 1");
    assert_eq!(refusal::<Order>("x"), r#": expected table, got string "x""#);
    assert_eq!(refusal::<Table>("x"), r#": expected table, got string "x""#);
    assert_eq!(refusal::<bstr::BString>(table([("a", 1.into())])), ": expected string, got table");
    let function = crate::value::function::Function::new(owner(), 1);
    assert_eq!(refusal::<i64>(function), ": expected integer, got function");
    let error = crate::value::host_error::HostError::from_strings(b"no", [], 0);
    assert_eq!(refusal::<String>(error), ": expected string, got error");
    assert_eq!(
        refusal::<crate::value::function::Function>(1),
        ": expected function, got integer 1"
    );
    assert_eq!(
        refusal::<crate::value::host_error::HostError>(1),
        ": expected error, got integer 1"
    );
    assert_eq!(refusal::<Vec<()>>(vec![1.into()]), "[1]: expected nil, got integer 1");
}

#[test]
fn a_number_that_an_f32_cannot_hold_is_refused_as_one_that_a_u8_cannot() {
    assert_eq!(refusal::<u8>(300), ": integer 300 does not fit in u8");
    assert_eq!(refusal::<f32>(1e39), ": number 1e39 does not fit in f32");
    assert_eq!(
        refusal::<Vec<f32>>(vec![(-1e300).into()]),
        "[1]: number -1e300 does not fit in f32"
    );
    assert_eq!(
        refusal::<Option<f32>>(f64::MAX),
        format!(": number {:?} does not fit in f32", f64::MAX)
    );
    for fits in [0.0, 0.1, f64::INFINITY, f64::NEG_INFINITY, f64::from(f32::MAX), 1e-300] {
        assert_eq!(from_value::<f32>(fits.into()).unwrap(), fits as f32);
        assert_eq!(through_frame::<_, (f32,)>(&(fits,)).unwrap(), (fits as f32,));
    }
    assert!(from_value::<f32>(f64::NAN.into()).unwrap().is_nan());
}

#[test]
fn strings_in_messages_are_escaped_and_cut() {
    let long = format!("\n\"{}", "é".repeat(50));
    let expected = format!(r#": expected integer, got string "\n\"{}…""#, "é".repeat(38));
    assert_eq!(refusal::<i32>(long), expected);
    let refused = refusal::<String>(b"a\xff".as_slice());
    assert_eq!(refused, r#": expected string of valid UTF-8, got bytes "a\xff""#);
}

#[test]
fn an_integer_out_of_range_is_named_with_the_type_it_does_not_fit_in() {
    assert_eq!(refusal::<u8>(300), ": integer 300 does not fit in u8");
    assert_eq!(refusal::<u64>(-1), ": integer -1 does not fit in u64");
    assert_eq!(refusal::<i8>(200.0), ": integer 200 does not fit in i8");
    assert_eq!(refusal::<i64>(1e300), ": number 1e300 does not fit in i64");
    assert_eq!(refusal::<i64>(f64::INFINITY), ": expected integer, got number inf");
    assert_eq!(refusal::<NonZeroU8>(0), ": expected a nonzero u8, got integer 0");
    assert_eq!(refusal::<char>("ab"), r#": expected string of one character, got string "ab""#);
}

#[test]
fn a_sequence_of_another_length_is_named_with_both() {
    let two = vec![Value::from(1), Value::from(2)];
    let message = ": expected table (sequence) of 3 elements, got one of 2";
    assert_eq!(refusal::<(u8, u8, u8)>(two.clone()), message);
    let message = ": expected table (sequence) of 1 element, got one of 2";
    assert_eq!(refusal::<[u8; 1]>(two), message);
}

#[test]
fn a_key_of_the_wrong_kind_is_said_to_be_one() {
    let refused = refusal::<HashMap<u8, u8>>(Table::from([("x", 1)]));
    assert_eq!(refused, r#": in a key: expected integer, got string "x""#);
}

#[test]
fn enums_say_how_their_variants_are_written() {
    let unknown = r#": unknown variant "Oval"; expected one of "Square", "Circle", "Line", "Box""#;
    assert_eq!(refusal::<Shape>("Oval"), unknown);
    assert_eq!(refusal::<Shape>(table([("Oval", 1.into())])), unknown);
    assert_eq!(refusal::<Shape>(1), ": expected string or table (enum Shape), got integer 1");
    let pairs = table([("a", 1.into()), ("b", 2.into())]);
    let message = ": expected string or table with one pair (enum Shape), got table with 2";
    assert_eq!(refusal::<Shape>(pairs), message);
    let message = r#": variant "Box" holds a value; write it as a table {["Box"] = value}"#;
    assert_eq!(refusal::<Shape>("Box"), message);
    let message = r#": variant "Square" holds no value; write it as the string "Square""#;
    assert_eq!(refusal::<Shape>(table([("Square", 1.into())])), message);
    let wide = table([("width", 300.into())]);
    let message = ".Box.width: integer 300 does not fit in u8";
    assert_eq!(refusal::<Shape>(table([("Box", wide)])), message);
    let message = r#".Box: unknown field "depth"; expected "width""#;
    assert_eq!(refusal::<Shape>(table([("Box", table([("depth", 1.into())]))])), message);
    let line = table([("Line", vec![1.into(), "x".into()].into())]);
    assert_eq!(refusal::<Shape>(line), r#".Line[2]: expected integer, got string "x""#);
    // The keys 0 and 1 are no positions of variants.
    let first = Table::from([(1, "x")]);
    let message = unknown.replace("Oval", "1");
    assert_eq!(self::message(from_value::<Shape>(first.into())), format!("value{message}"));
}

#[test]
fn a_sequence_that_holds_nil_is_refused() {
    #[derive(Serialize)]
    struct Holder {
        items: Vec<Option<i64>>,
    }
    let holder = Holder { items: vec![Some(1), None] };
    let message = "argument 1.items[2]: a sequence cannot hold nil; leave the element out, or use \
                   a map from integers";
    assert_eq!(self::message(encode(&holder)), message);
    assert_eq!(self::message(encode(&(None::<i64>, None::<i64>))), "no error");
}

/// What cannot be passed to Lua is refused in a frame as by `to_value`.
fn encode_refusal<T: Serialize>(value: T) -> String {
    let frame = message(encode(&(&value,)));
    let direct = message(to_value(&value));
    let frame = frame.strip_prefix("argument 1").unwrap_or(&frame).to_string();
    assert_eq!(direct.strip_prefix("value"), Some(frame.as_str()));
    frame
}

#[test]
fn what_lua_has_no_value_for_is_refused() {
    let message = "[1]: 18446744073709551615 does not fit in an integer of Lua (i64)";
    assert_eq!(encode_refusal([u64::MAX]), message);
    let message = ".Circle: 170141183460469231731687303715884105727 does not fit in an integer of \
                   Lua (i64)";
    assert_eq!(encode_refusal(HashMap::from([("Circle", i128::MAX)])), message);
    let message = r#": variant "Circle" cannot hold nil, as a table cannot; give it another value"#;
    assert_eq!(encode_refusal(Shape::Circle(None)), message);
    let tail = "cannot be a key; use a string, an integer, a number or a boolean";
    let keyed = |key: &str| format!(": {key} {tail}");
    assert_eq!(encode_refusal(BTreeMap::from([([1, 2], 1)])), keyed("a table"));
    assert_eq!(encode_refusal(BTreeMap::from([(None::<u8>, 1)])), keyed("nil"));
}

#[test]
fn a_nan_cannot_be_a_key() {
    struct Keyed;
    impl Serialize for Keyed {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map([(f64::NAN, 1)])
        }
    }
    let tail = "cannot be a key; use a string, an integer, a number or a boolean";
    assert_eq!(encode_refusal(Keyed), format!(": NaN {tail}"));
}

#[test]
fn an_integer_that_lua_5_1_would_round_is_refused_there() {
    let rules = EncodeRules { integers_are_exact: false, ..encode_rules() };
    let mut encoder = Encoder::new();
    encoder.arguments(&rules, &(1i64 << 53, -(1i64 << 53))).unwrap();
    let refused = encoder.arguments(&rules, &(0, (1i64 << 53) + 1));
    let message = "argument 2: 9007199254740993 cannot be held exactly by a number of Lua 5.1 or \
                   5.2 (beyond ±2^53)";
    assert_eq!(self::message(refused), message);
}

#[test]
fn the_argument_that_fails_is_named() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("broken"))
        }
    }
    assert_eq!(message(encode(&Broken)), "argument 1: broken");
    assert_eq!(message(encode(&(1, Broken))), "argument 2: broken");
    let rest = crate::value::variadic::Variadic(vec![Some(Broken)]);
    assert_eq!(message(encode(&(1, 2, rest))), "argument 3: broken");
    assert_eq!(message(encode(&Shape::Line(1, 2)).map(|_| ())), "no error");
}
