//! How serde sees a value.

use super::Table;
use super::Value;
use super::key::Key;
use serde::ser::{Serialize, Serializer};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nil => serializer.serialize_unit(),
            Value::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Value::Integer(integer) => serializer.serialize_i64(*integer),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::String(string) => serialize_string(string, serializer),
            Value::Sequence(values) => serializer.collect_seq(values),
            Value::Table(table) => table.serialize(serializer),
            Value::Function(function) => function.serialize(serializer),
            Value::Segment(segment) => segment.serialize(serializer),
            Value::Error(error) => error.serialize(serializer),
        }
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Key::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Key::Integer(integer) => serializer.serialize_i64(*integer),
            Key::Number(number) => serializer.serialize_f64(number.get()),
            Key::String(string) => serialize_string(string, serializer),
        }
    }
}

/// As text where it is some: formats such as JSON have no other strings.
fn serialize_string<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => serializer.serialize_bytes(bytes),
    }
}
