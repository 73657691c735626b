//! An entry for fuzzers.

use super::decode::{DecodeRules, Decoder};
use super::{SLOT, functions_in};
use crate::ledger::Ledger;
use crate::memory::bytes::GuestBytes;
use crate::memory::{Handles, Sharing};
use crate::value::Value;
use crate::value::function::{Function, Owner};
use crate::value::variadic::Variadic;
use bstr::BString;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::HashMap;

/// A type with a field of each kind.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only that it can be read counts")]
struct Row {
    a: Option<i32>,
    #[serde(default)]
    b: String,
    c: Option<Box<Row>>,
    d: Option<Shape>,
    e: Option<Function>,
    #[serde(default)]
    f: (u8, f64),
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only that it can be read counts")]
enum Shape {
    A,
    B(BString),
    C(i64, bool),
    D { e: Vec<char> },
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "only that it can be read counts")]
enum Loose {
    Integer(i64),
    Text(String),
    Many(Vec<Loose>),
    Named(HashMap<String, Loose>),
}

/// Decodes bytes as a frame and a memory into several types: the first says how many
/// slots there are, the second how many values they are.
#[doc(hidden)]
pub fn fuzz_decode(data: &[u8]) {
    let [slots, count, data @ ..] = data else { return };
    let Some((frame, memory)) = data.split_at_checked(usize::from(*slots) * SLOT) else { return };
    let rules = DecodeRules {
        depth: 8,
        elements: 200,
        bytes: 4096,
        owner: Owner::new(),
        handles: Handles::new(Sharing::Copied),
        ledger: Ledger::new(1 << 20, 0),
    };
    let memory = &GuestBytes::from(memory);
    let _ = functions_in(frame).count();
    let count = u32::from(*count);
    decode::<Value>(memory, frame, count, &rules);
    decode::<Variadic<Value>>(memory, frame, count, &rules);
    decode::<Row>(memory, frame, count, &rules);
    decode::<Vec<Row>>(memory, frame, count, &rules);
    decode::<Shape>(memory, frame, count, &rules);
    decode::<Loose>(memory, frame, count, &rules);
    decode::<Vec<String>>(memory, frame, count, &rules);
    decode::<HashMap<i64, BString>>(memory, frame, count, &rules);
    decode::<(i64, Variadic<f32>)>(memory, frame, count, &rules);
    decode::<Variadic<IgnoredAny>>(memory, frame, count, &rules);
}

fn decode<T: DeserializeOwned>(
    memory: &GuestBytes<'_>,
    frame: &[u8],
    count: u32,
    rules: &DecodeRules,
) {
    if let Ok(mut decoder) = Decoder::new(memory, frame, count, rules) {
        let _ = decoder.results::<T>();
    }
}
