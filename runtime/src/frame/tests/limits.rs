use super::*;
use crate::value::Value;
use crate::value::from_value::from_value;
use crate::value::to_value::to_value;
use serde::de::IgnoredAny;

fn nested(levels: u32) -> Value {
    (1..levels).fold(Value::Sequence(vec![]), |inside, _| vec![inside].into())
}

fn check<T>(result: Result<T, ConversionError>, expected: &str) {
    let Err(error) = result else { panic!("no error") };
    assert!(error.is_limit() && !error.is_malformed() && !error.is_foreign());
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[test]
fn depth_is_limited_on_the_way_to_the_guest() {
    encode(&nested(64)).unwrap();
    check(encode(&nested(65)), "more than 64 levels of tables (limit value_depth)");
}

#[test]
fn depth_is_limited_on_the_way_to_the_host() {
    let mut encoder = Encoder::new();
    encoder.arguments(&EncodeRules { depth: 200, ..encode_rules() }, &nested(65)).unwrap();
    let sent = echo(&encoder);
    let message = ": more than 64 levels of tables (limit value_depth)";
    check(sent.read::<Value>(1), message);
    check(sent.read::<serde_json::Value>(1), message);
    sent.read::<IgnoredAny>(1).unwrap();
    echo(&{
        let mut encoder = Encoder::new();
        encoder.arguments(&encode_rules(), &nested(64)).unwrap();
        encoder
    })
    .read::<Value>(1)
    .unwrap();
}

#[test]
fn depth_of_ignored_values_does_not_matter() {
    let mut sent = Sent::default();
    for _ in 0..90_000 {
        sent.slot(tag::SEQUENCE, 1, 0);
    }
    sent.slot(tag::NIL, 0, 0);
    sent.read::<IgnoredAny>(1).unwrap();
    check(sent.read::<Value>(1), "levels of tables (limit value_depth)");
}

#[test]
fn depth_is_limited_without_a_frame() {
    let value = to_value(&nested(128)).unwrap();
    from_value::<serde_json::Value>(value).unwrap();
    check(to_value(&nested(129)), "more than 128 levels of tables (limit value_depth)");
    let deep = vec![nested(128)].into();
    check(from_value::<serde_json::Value>(deep), "levels of tables (limit value_depth)");
}

#[test]
fn elements_are_limited_on_the_way_to_the_guest() {
    let rules = EncodeRules { elements: 10, ..encode_rules() };
    let mut encoder = Encoder::new();
    encoder.arguments(&rules, &vec![1; 9]).unwrap();
    check(
        encoder.arguments(&rules, &1),
        "argument 1: more than 10 elements (limit value_elements)",
    );
    encoder.clear();
    check(
        encoder.arguments(&rules, &vec![1; 10]),
        "argument 1[10]: more than 10 elements (limit value_elements)",
    );
}

#[test]
fn elements_are_limited_on_the_way_to_the_host() {
    let mut sent = Sent::default();
    sent.slot(tag::SEQUENCE, 2, 0).slot(tag::NIL, 0, 0).slot(tag::NIL, 0, 0);
    let rules = DecodeRules { elements: 2, ..decode_rules() };
    check(sent.read_by::<Value>(1, &rules), "more than 2 elements (limit value_elements)");
}

#[test]
fn bytes_are_limited_on_the_way_to_the_guest() {
    let rules = EncodeRules { bytes: 5000, ..encode_rules() };
    let mut encoder = Encoder::new();
    encoder.arguments(&rules, &"x".repeat(5000)).unwrap();
    let message = "argument 2: more than 5000 bytes of strings (limit value_bytes)";
    encoder.clear();
    check(encoder.arguments(&rules, &("x".repeat(4999), "xy")), message);
}

#[test]
fn bytes_are_limited_on_the_way_to_the_host_as_often_as_they_are_read() {
    let mut sent = Sent { memory: vec![b'x'; 100], ..Sent::default() };
    sent.slot(tag::SEQUENCE, 3, 0);
    for _ in 0..3 {
        sent.slot(tag::STRING, 100, 0);
    }
    let rules = DecodeRules { bytes: 299, ..decode_rules() };
    let message = "result[3]: more than 299 bytes of strings (limit value_bytes)";
    check(sent.read_by::<Value>(1, &rules), message);
    check(sent.read_by::<Vec<String>>(1, &rules), message);
    sent.read_by::<IgnoredAny>(1, &rules).unwrap();
    sent.read_by::<Value>(1, &DecodeRules { bytes: 300, ..decode_rules() }).unwrap();
}
