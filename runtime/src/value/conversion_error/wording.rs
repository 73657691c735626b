//! serde's words for what was expected and what was there, in those of Lua.

use super::path::quoted;
use serde::de::Unexpected;
use std::borrow::Cow;

/// What serde names the expectations that this crate makes itself.
pub(crate) const A_FUNCTION: &str = "a Lua function";
pub(crate) const AN_ERROR: &str = "an error of the host";
/// What serde names that of the buffer behind flattened fields and untagged enums.
const BUFFER: &str = "any value";

pub(crate) fn mismatch(expected: &str, got: &str) -> String {
    if expected == BUFFER && matches!(got, "function" | "error") {
        let article = if got == "error" { "an" } else { "a" };
        return format!(
            "{article} {got} cannot pass through a flattened field or an enum that is untagged \
             or tagged inside; give it a field of its own"
        );
    }
    format!("expected {}, got {got}", in_lua(expected))
}

pub(crate) fn invalid_type(unexpected: Unexpected<'_>, expected: &str) -> String {
    match unexpected {
        // Whole, but too large for an integer of Lua and so for any narrower one.
        Unexpected::Float(number)
            if is_integer(expected)
                && !matches!(expected, "u64" | "i128" | "u128" | "usize")
                && number.fract() == 0.0 =>
        {
            does_not_fit(unexpected, expected)
        }
        _ => mismatch(expected, &got(unexpected)),
    }
}

pub(crate) fn invalid_value(unexpected: Unexpected<'_>, expected: &str) -> String {
    match unexpected {
        Unexpected::Signed(_) | Unexpected::Unsigned(_) if is_integer(expected) => {
            does_not_fit(unexpected, expected)
        }
        Unexpected::Str(_) if expected == "a character" => {
            format!("expected string of one character, got {}", got(unexpected))
        }
        // The type was right, so Lua's word for it would say nothing.
        _ => format!("expected {expected}, got {}", got(unexpected)),
    }
}

pub(crate) fn unknown(what: &str, name: &str, expected: &[&str]) -> String {
    let name = quoted(name.as_bytes());
    let names: Vec<String> = expected.iter().map(|name| format!("{name:?}")).collect();
    match names.as_slice() {
        [] => format!("unknown {what} {name}; there are none"),
        [only] => format!("unknown {what} {name}; expected {only}"),
        _ => format!("unknown {what} {name}; expected one of {}", names.join(", ")),
    }
}

/// `variant "Circle" holds a value; …`: an enum's variant written the other way.
pub(crate) fn variant_without_value(name: &[u8]) -> String {
    let name = quoted(name);
    format!("variant {name} holds a value; write it as a table {{[{name}] = value}}")
}

pub(crate) fn variant_with_value(name: &[u8]) -> String {
    let name = quoted(name);
    format!("variant {name} holds no value; write it as the string {name}")
}

pub(crate) fn nil_in_variant(name: &str) -> String {
    format!("variant {name:?} cannot hold nil, as a table cannot; give it another value")
}

pub(crate) fn nil_in_sequence() -> &'static str {
    "a sequence cannot hold nil; leave the element out, or use a map from integers"
}

pub(crate) fn not_a_key(what: &str) -> String {
    let article = match what {
        "nil" | "NaN" => "",
        "error" => "an ",
        _ => "a ",
    };
    format!("{article}{what} cannot be a key; use a string, an integer, a number or a boolean")
}

pub(crate) fn not_one_pair(name: &str, pairs: usize) -> String {
    format!("expected string or table with one pair (enum {name}), got table with {pairs}")
}

pub(crate) fn wrong_length(expected: usize, got: usize) -> String {
    let plural = if expected == 1 { "" } else { "s" };
    format!("expected table (sequence) of {expected} element{plural}, got one of {got}")
}

pub(crate) fn not_utf8(bytes: &[u8]) -> String {
    format!("expected string of valid UTF-8, got bytes {}", quoted(bytes))
}

pub(crate) fn too_large(integer: impl std::fmt::Display) -> String {
    format!("{integer} does not fit in an integer of Lua (i64)")
}

pub(crate) fn number(number: f64) -> String {
    format!("number {number:?}")
}

pub(crate) fn string(bytes: &[u8]) -> String {
    format!("string {}", quoted(bytes))
}

pub(super) fn does_not_fit(unexpected: Unexpected<'_>, expected: &str) -> String {
    format!("{} does not fit in {expected}", got(unexpected))
}

fn is_integer(expected: &str) -> bool {
    matches!(
        expected,
        "i8" | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
    )
}

fn in_lua(expected: &str) -> Cow<'_, str> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| expected.starts_with(prefix));
    let word = match expected {
        _ if is_integer(expected) => "integer",
        "f32" | "f64" => "number",
        "a boolean" => "boolean",
        "a string"
        | "a borrowed string"
        | "a character"
        | "path string"
        | "byte array"
        | "a byte array"
        | "a borrowed byte array"
        | "a byte string"
        | "a boxed byte string"
        | "variant identifier"
        | "field identifier" => "string",
        "a sequence" | "an empty array" => "table (sequence)",
        "a map" => "table",
        "unit" => "nil",
        A_FUNCTION => "function",
        luago_segment::internal::EXPECTED => "segment",
        AN_ERROR => "error",
        _ if starts(&["struct "]) => "table",
        _ if starts(&["tuple ", "a tuple of size ", "an array of length "]) => "table (sequence)",
        _ if starts(&["unit struct "]) => "nil",
        _ if starts(&["enum "]) => return Cow::Owned(format!("string or table ({expected})")),
        _ => expected,
    };
    Cow::Borrowed(word)
}

fn got(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(boolean) => format!("boolean {boolean}"),
        Unexpected::Unsigned(integer) => format!("integer {integer}"),
        Unexpected::Signed(integer) => format!("integer {integer}"),
        Unexpected::Float(value) => number(value),
        Unexpected::Char(char) => string(char.to_string().as_bytes()),
        Unexpected::Str(text) => string(text.as_bytes()),
        Unexpected::Bytes(bytes) => string(bytes),
        Unexpected::Unit | Unexpected::Option => "nil".to_string(),
        Unexpected::Seq | Unexpected::Map => "table".to_string(),
        Unexpected::Other(other) => other.to_string(),
        other => other.to_string(),
    }
}

/// The refusal of an integer that a float of Lua 5.1 or 5.2 would round.
pub(crate) fn not_exact(integer: i64) -> String {
    format!("{integer} cannot be held exactly by a number of Lua 5.1 or 5.2 (beyond ±2^53)")
}
