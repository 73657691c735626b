//! Reading a Rust type from a key.

use super::key::Key;
use crate::value::Value;
use crate::value::bridged_types::{BridgeDeserializer, Bridged};
use crate::value::conversion_error::ConversionError;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, Unexpected, Visitor};

/// Reads a key. The fields of a struct have names, so other keys than strings come
/// as text there, which is the name of no field: serde would take an integer for the
/// position of one.
pub(crate) fn read_key<'de, S: DeserializeSeed<'de>>(
    key: &Key,
    is_field: bool,
    seed: S,
) -> Result<S::Value, ConversionError> {
    let text = match key {
        Key::Boolean(boolean) if is_field => boolean.to_string(),
        Key::Integer(integer) if is_field => integer.to_string(),
        Key::Number(number) if is_field => number.get().to_string(),
        _ if is_field => return seed.deserialize(KeyDeserializer(key)),
        _ => return seed.deserialize(KeyDeserializer(key)).map_err(ConversionError::in_key),
    };
    let text: StrDeserializer<'_, ConversionError> = text.as_str().into_deserializer();
    seed.deserialize(text)
}

/// What `seed.deserialize` reads the key from.
#[derive(Clone, Copy)]
struct KeyDeserializer<'k>(&'k Key);

impl<'de> Deserializer<'de> for KeyDeserializer<'_> {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.0 {
            Key::Boolean(boolean) => visitor.visit_bool(*boolean),
            Key::Integer(integer) => visitor.visit_i64(*integer),
            Key::Number(number) => visitor.visit_f64(number.get()),
            Key::String(string) => match std::str::from_utf8(string) {
                Ok(text) => visitor.visit_str(text),
                Err(_) => visitor.visit_bytes(string),
            },
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        if let Key::Number(number) = self.0 {
            crate::value::conversion_error::in_f32(number.get())?;
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match name {
            Value::NAME => {
                visitor.visit_newtype_struct(BridgeDeserializer::new(Value::from(self.0.clone())))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let name = match self.0 {
            Key::String(string) => string.as_slice(),
            Key::Boolean(boolean) => return Err(mismatch(Unexpected::Bool(*boolean), &visitor)),
            Key::Integer(integer) => return Err(mismatch(Unexpected::Signed(*integer), &visitor)),
            Key::Number(number) => return Err(mismatch(Unexpected::Float(number.get()), &visitor)),
        };
        match std::str::from_utf8(name) {
            Ok(name) => {
                let name: StrDeserializer<'_, ConversionError> = name.into_deserializer();
                visitor.visit_enum(name)
            }
            Err(_) => Err(mismatch(Unexpected::Bytes(name), &visitor)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn mismatch<'de, V: Visitor<'de>>(unexpected: Unexpected<'_>, visitor: &V) -> ConversionError {
    ConversionError::invalid_type(unexpected, visitor)
}
