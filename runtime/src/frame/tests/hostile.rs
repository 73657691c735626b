use super::*;
use crate::frame::fuzz::fuzz_decode;
use crate::value::Value;
use crate::value::host_error::HostError;
use crate::value::variadic::Variadic;
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// Slots that are mostly right.
fn slot() -> impl Strategy<Value = Slot> {
    let number = prop_oneof![Just(1u32), 0u32..5, any::<u32>()];
    let payload = prop_oneof![Just(0u64), 0u64..70, any::<u64>()];
    (0u32..15, number, payload).prop_map(|(tag, aux, payload)| Slot { tag, aux, payload })
}

fn bytes_in(value: &Value) -> usize {
    match value {
        Value::String(string) => string.len(),
        Value::Sequence(values) => values.iter().map(bytes_in).sum(),
        Value::Table(table) => {
            table.iter().map(|(key, value)| bytes_in(&key.clone().into()) + bytes_in(value)).sum()
        }
        _ => 0,
    }
}

fn elements_in(value: &Value) -> usize {
    1 + match value {
        Value::Sequence(values) => values.iter().map(elements_in).sum(),
        Value::Table(table) => table.values().map(|value| 1 + elements_in(value)).sum(),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(data in vec(any::<u8>(), 0..600)) {
        fuzz_decode(&data);
    }

    #[test]
    fn no_slots_make_a_decoder_panic(
        slots in vec(slot(), 0..40),
        count in 0u8..5,
        memory in vec(any::<u8>(), 0..64),
    ) {
        let mut data = vec![slots.len() as u8, count];
        data.extend(slots.iter().flat_map(|slot| slot.to_bytes()));
        data.extend(memory);
        fuzz_decode(&data);
    }

    #[test]
    fn no_slots_hand_out_more_than_the_limits(slots in vec(slot(), 0..40), count in 0u32..5) {
        let frame: Vec<u8> = slots.iter().flat_map(|slot| slot.to_bytes()).collect();
        let sent = Sent { frame, memory: vec![b'x'; 64] };
        let rules = DecodeRules { bytes: 100, elements: 30, ..decode_rules() };
        if let Ok(values) = sent.read_by::<Variadic<Value>>(count, &rules) {
            let values = Value::from(values.0);
            prop_assert!(bytes_in(&values) <= 100);
            prop_assert!(elements_in(&values) <= 31);
        }
    }
}

fn check<T: DeserializeOwned>(sent: &Sent, count: u32, expected: &str) {
    let Err(error) = sent.read::<T>(count) else { panic!("no error") };
    assert!(error.is_malformed() && !error.is_limit() && !error.is_foreign());
    let message = error.to_string();
    let tail = message.split_once("the guest sent a malformed frame: ").map(|(_, tail)| tail);
    assert_eq!(tail, Some(expected), "{message}");
}

#[test]
fn a_frame_of_half_a_slot_is_malformed() {
    let sent = Sent { frame: vec![0; 24], ..Sent::default() };
    check::<Value>(&sent, 1, "its length is not one of whole slots");
}

#[test]
fn a_count_larger_than_what_is_left_is_malformed() {
    let message = "a count is larger than what is left of it";
    check::<Value>(&Sent::default(), 1, message);
    for tag in [tag::SEQUENCE, tag::TABLE] {
        let mut sent = Sent::default();
        sent.slot(tag, u32::MAX, 0).slot(tag::NIL, 0, 0);
        check::<Value>(&sent, 1, message);
        check::<IgnoredAny>(&sent, 1, message);
        check::<HashMap<String, i64>>(&sent, 1, message);
    }
    // The inner one would take what the outer one is owed.
    let mut sent = Sent::default();
    sent.slot(tag::SEQUENCE, 2, 0).slot(tag::SEQUENCE, 2, 0);
    sent.slot(tag::NIL, 0, 0).slot(tag::NIL, 0, 0);
    check::<Value>(&sent, 1, message);
    check::<Vec<Vec<Option<i64>>>>(&sent, 1, message);
}

#[test]
fn an_unknown_tag_is_malformed() {
    for tag in [tag::HOST_FUNCTION, tag::LARGE, 11, u32::MAX] {
        let mut sent = Sent::default();
        sent.slot(tag, 0, 0);
        check::<Value>(&sent, 1, "a slot has an unknown tag");
        check::<i64>(&sent, 1, "a slot has an unknown tag");
        check::<serde_json::Value>(&sent, 1, "a slot has an unknown tag");
        check::<IgnoredAny>(&sent, 1, "a slot has an unknown tag");
    }
}

#[test]
fn a_boolean_that_is_neither_is_malformed() {
    let mut sent = Sent::default();
    sent.slot(tag::BOOLEAN, 0, 2);
    check::<bool>(&sent, 1, "a boolean is neither 0 nor 1");
    check::<Value>(&sent, 1, "a boolean is neither 0 nor 1");
    check::<i64>(&sent, 1, "a boolean is neither 0 nor 1");
}

#[test]
fn a_string_outside_the_memory_is_malformed() {
    for (length, at) in [(1, 8), (9, 0), (1, u64::MAX), (u32::MAX >> 10, 1 << 40)] {
        let mut sent = Sent { memory: vec![0; 8], ..Sent::default() };
        sent.slot(tag::STRING, length, at);
        check::<String>(&sent, 1, "a string is outside the memory");
        check::<Value>(&sent, 1, "a string is outside the memory");
        check::<i64>(&sent, 1, "a string is outside the memory");
    }
}

#[test]
fn a_function_without_a_handle_is_malformed() {
    let mut sent = Sent::default();
    sent.slot(tag::FUNCTION, 0, 1 << 32);
    check::<Value>(&sent, 1, "a function has no handle");
}

#[test]
fn an_error_without_messages_or_with_too_many_is_malformed() {
    for count in [0, 65, u32::MAX] {
        let mut sent = Sent::default();
        sent.slot(tag::ERROR, count, 0);
        check::<HostError>(&sent, 1, "an error has no message or too many");
        check::<Value>(&sent, 1, "an error has no message or too many");
    }
}

#[test]
fn an_error_of_anything_but_strings_is_malformed() {
    let mut sent = Sent::default();
    sent.slot(tag::ERROR, 2, 0).string(b"x").slot(tag::NIL, 0, 0);
    check::<HostError>(&sent, 1, "an error holds more than strings");
}

#[test]
fn a_key_that_none_can_be_is_malformed() {
    let nan = f64::NAN.to_bits();
    let keys = [
        (tag::NIL, 0, 0),
        (tag::NUMBER, 0, nan),
        (tag::SEQUENCE, 0, 0),
        (tag::TABLE, 0, 0),
        (tag::FUNCTION, 0, 0),
        (tag::ERROR, 1, 0),
    ];
    for (tag, aux, payload) in keys {
        let mut sent = Sent::default();
        sent.slot(tag::TABLE, 1, 0).slot(tag, aux, payload).string(b"x").string(b"y");
        let message = "a key is of a kind that cannot be one";
        check::<Value>(&sent, 1, message);
        check::<HashMap<String, Option<String>>>(&sent, 1, message);
        check::<serde_json::Value>(&sent, 1, message);
    }
}
