//! Reading a value through serde. Deserializers of this crate hand a whole value
//! over; from those of others it is put together piece by piece.

use super::Table;
use super::Value;
use super::key::Key;
use crate::value::bridged_types::{self, Bridged};
use crate::value::conversion_error::wording;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        // As an option, so that a field that is missing is nil, which in Lua it is.
        deserializer.deserialize_option(ValueVisitor)
    }
}

/// A value that has to be there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    deserializer.deserialize_newtype_struct(Value::NAME, ValueVisitor)
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Table, D::Error> {
        match present(deserializer)? {
            Value::Table(table) => Ok(table),
            Value::Sequence(values) => Ok(Table::from_sequence(values)),
            other => Err(D::Error::invalid_type(unexpected(&other), &"a map")),
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        match present(deserializer)? {
            Value::Boolean(boolean) => Ok(Key::Boolean(boolean)),
            Value::Integer(integer) => Ok(Key::Integer(integer)),
            Value::String(string) => Ok(Key::String(string)),
            Value::Number(number) => {
                Key::number(number).ok_or_else(|| D::Error::custom(wording::not_a_key("NaN")))
            }
            other => Err(D::Error::custom(wording::not_a_key(other.type_name()))),
        }
    }
}

/// serde's name for a value that is not what was expected.
pub(super) fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Nil => Unexpected::Unit,
        Value::Boolean(boolean) => Unexpected::Bool(*boolean),
        Value::Integer(integer) => Unexpected::Signed(*integer),
        Value::Number(number) => Unexpected::Float(*number),
        Value::String(string) => Unexpected::Bytes(string),
        Value::Sequence(_) => Unexpected::Seq,
        Value::Table(_) => Unexpected::Map,
        Value::Function(_) | Value::Error(_) | Value::Segment(_) => {
            Unexpected::Other(value.type_name())
        }
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of Lua")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(bridged_types::take::<Value>().unwrap_or_default())
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        present(deserializer)
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::Boolean(boolean))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Value, E> {
        Ok(Value::Integer(integer))
    }

    fn visit_i128<E: Error>(self, integer: i128) -> Result<Value, E> {
        integer_value(integer)
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Value, E> {
        integer_value(integer)
    }

    fn visit_u128<E: Error>(self, integer: u128) -> Result<Value, E> {
        integer_value(integer)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, string: &str) -> Result<Value, E> {
        Ok(Value::from(string))
    }

    fn visit_string<E: Error>(self, string: String) -> Result<Value, E> {
        Ok(Value::from(string))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::from(bytes))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::String(bytes.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Sequence(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut table = Table::new();
        while let Some((key, value)) = pairs.next_entry::<Key, Value>()? {
            table.insert(key, value);
        }
        Ok(Value::Table(table))
    }
}

fn integer_value<I, E>(integer: I) -> Result<Value, E>
where
    I: TryInto<i64> + fmt::Display + Copy,
    E: Error,
{
    let fits = integer.try_into().map_err(|_| E::custom(wording::too_large(integer)))?;
    Ok(Value::Integer(fits))
}
