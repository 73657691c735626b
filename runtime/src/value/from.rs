//! What becomes a value without serde.

use super::Table;
use super::Value;
use super::key::Key;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use bstr::{BStr, BString};
use luago_segment::Segment;

macro_rules! from {
    ($($from:ty => |$value:ident| $to:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Value {
                $to
            }
        })*
    };
}

from! {
    bool => |value| Value::Boolean(value);
    i8 => |value| Value::Integer(value.into());
    i16 => |value| Value::Integer(value.into());
    i32 => |value| Value::Integer(value.into());
    i64 => |value| Value::Integer(value);
    u8 => |value| Value::Integer(value.into());
    u16 => |value| Value::Integer(value.into());
    u32 => |value| Value::Integer(value.into());
    f32 => |value| Value::Number(value.into());
    f64 => |value| Value::Number(value);
    &str => |value| Value::String(value.into());
    String => |value| Value::String(value.into());
    &[u8] => |value| Value::String(value.into());
    &BStr => |value| Value::String(value.into());
    BString => |value| Value::String(value);
    Vec<Value> => |value| Value::Sequence(value);
    Table => |value| Value::Table(value);
    Function => |value| Value::Function(value);
    Segment => |value| Value::Segment(value);
    HostError => |value| Value::Error(value);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Nil, Into::into)
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Value {
        match key {
            Key::Boolean(boolean) => Value::Boolean(boolean),
            Key::Integer(integer) => Value::Integer(integer),
            Key::Number(number) => Value::Number(number.get()),
            Key::String(string) => Value::String(string),
        }
    }
}
