//! From a value to a Rust type, without a frame between.

use crate::value::bridged_types::{BridgeDeserializer, Bridged};
use crate::value::conversion_error::{ConversionError, path, wording};
use crate::value::deserialize::unexpected;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::key::{Key, exact_integer};
use crate::value::key_deserializer::read_key;
use crate::value::{Table, Value};
use luago_segment::Segment;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use std::collections::btree_map;

/// Levels of tables that [`from_value`] and [`to_value`](crate::to_value) go down.
pub(super) const MAX_DEPTH: u32 = 128;

/// Reads a Rust type from a value.
///
/// # Errors
///
/// If the value has another shape, or more than 128 levels of tables.
///
/// ```
/// use luago::{Table, Value, from_value};
///
/// #[derive(serde::Deserialize)]
/// struct Tree {
///     name: String,
///     height: Option<f64>,
/// }
///
/// let tree: Tree = from_value(Table::from([("name", "oak")]).into())?;
/// assert_eq!(tree.name, "oak");
/// assert_eq!(tree.height, None);
/// # Ok::<(), luago::ConversionError>(())
/// ```
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, ConversionError> {
    T::deserialize(ValueDeserializer { value, depth: MAX_DEPTH }).map_err(|e| e.at_root("value"))
}

/// A value, and how many levels of tables may still be gone down.
struct ValueDeserializer {
    value: Value,
    depth: u32,
}

impl ValueDeserializer {
    fn below(&self) -> Result<u32, ConversionError> {
        self.depth.checked_sub(1).ok_or_else(|| ConversionError::too_deep(MAX_DEPTH))
    }

    fn mismatch<'de, V: Visitor<'de>>(&self, visitor: &V) -> ConversionError {
        Error::invalid_type(unexpected(&self.value), visitor)
    }

    fn sequence<'de, V: Visitor<'de>>(
        self,
        length: Option<usize>,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let depth = self.below()?;
        let values = match self.value {
            Value::Sequence(values) => values,
            Value::Table(table) if table.is_empty() => Vec::new(),
            _ => return Err(self.mismatch(&visitor)),
        };
        match length {
            Some(length) if length != values.len() => {
                Err(ConversionError::refused(wording::wrong_length(length, values.len())))
            }
            _ => visitor.visit_seq(Items::new(values, depth)),
        }
    }

    fn pairs<'de, V: Visitor<'de>>(
        self,
        is_struct: bool,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let depth = self.below()?;
        match self.value {
            Value::Table(table) => visitor.visit_map(Pairs::new(table, depth, is_struct)),
            Value::Sequence(values) => {
                let table = super::Table::from_sequence(values);
                visitor.visit_map(Pairs::new(table, depth, is_struct))
            }
            _ => Err(self.mismatch(&visitor)),
        }
    }
}

macro_rules! integers {
    ($visit:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
            let integer = match self.value {
                Value::Integer(integer) => Some(integer),
                Value::Number(number) => exact_integer(number),
                _ => None,
            };
            match integer {
                Some(integer) => $visit(integer, visitor),
                None => Err(self.mismatch(&visitor)),
            }
        })*
    };
}

fn signed<'de, V: Visitor<'de>>(integer: i64, visitor: V) -> Result<V::Value, ConversionError> {
    visitor.visit_i64(integer)
}

fn unsigned<'de, V: Visitor<'de>>(integer: i64, visitor: V) -> Result<V::Value, ConversionError> {
    match u64::try_from(integer) {
        Ok(integer) => visitor.visit_u64(integer),
        Err(_) => visitor.visit_i64(integer),
    }
}

impl<'de> Deserializer<'de> for ValueDeserializer {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::Nil => visitor.visit_unit(),
            Value::Boolean(boolean) => visitor.visit_bool(boolean),
            Value::Integer(integer) => visitor.visit_i64(integer),
            Value::Number(number) => visitor.visit_f64(number),
            Value::String(string) => match String::from_utf8(string.into()) {
                Ok(text) => visitor.visit_string(text),
                Err(bytes) => visitor.visit_byte_buf(bytes.into_bytes()),
            },
            Value::Sequence(_) => self.sequence(None, visitor),
            Value::Table(_) => self.pairs(false, visitor),
            Value::Function(_) | Value::Error(_) | Value::Segment(_) => {
                Err(self.mismatch(&visitor))
            }
        }
    }

    integers! { signed: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 }
    integers! { unsigned: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::Boolean(boolean) => visitor.visit_bool(boolean),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value.as_f64() {
            Some(number) => visitor.visit_f64(number),
            None => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.value.as_f64().map_or(Ok(()), crate::value::conversion_error::in_f32)?;
        self.deserialize_f64(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::String(string) => match String::from_utf8(string.into()) {
                Ok(text) => visitor.visit_string(text),
                Err(bytes) => Err(ConversionError::refused(wording::not_utf8(bytes.as_bytes()))),
            },
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::String(string) => visitor.visit_byte_buf(string.into()),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.value {
            Value::Nil => visitor.visit_unit(),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match (name, self.value) {
            (Value::NAME, value) => visitor.visit_newtype_struct(BridgeDeserializer::new(value)),
            (Function::NAME, Value::Function(function)) => {
                visitor.visit_newtype_struct(BridgeDeserializer::new(function))
            }
            (HostError::NAME, Value::Error(error)) => {
                visitor.visit_newtype_struct(BridgeDeserializer::new(error))
            }
            (Segment::NAME, Value::Segment(segment)) => {
                visitor.visit_newtype_struct(BridgeDeserializer::new(segment))
            }
            (Function::NAME | HostError::NAME | Segment::NAME, other) => {
                Err(Error::invalid_type(unexpected(&other), &visitor))
            }
            (_, value) => visitor.visit_newtype_struct(ValueDeserializer { value, ..self }),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.sequence(None, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.sequence(Some(length), visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.sequence(Some(length), visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.pairs(false, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.pairs(true, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let depth = self.below()?;
        match self.value {
            Value::String(variant) => visitor.visit_enum(Variant::unit(variant.into())),
            Value::Table(table) => {
                let pairs = table.len();
                let mut pairs_of_table = table.into_iter();
                match (pairs, pairs_of_table.next()) {
                    (1, Some((key, value))) => visitor.visit_enum(Variant::pair(key, value, depth)),
                    _ => Err(ConversionError::refused(wording::not_one_pair(name, pairs))),
                }
            }
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        visitor.visit_unit()
    }
}

struct Items {
    values: std::vec::IntoIter<Value>,
    index: u64,
    depth: u32,
}

impl Items {
    pub fn new(values: Vec<Value>, depth: u32) -> Items {
        Items { values: values.into_iter(), index: 0, depth }
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = ConversionError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ConversionError> {
        let Some(value) = self.values.next() else { return Ok(None) };
        self.index += 1;
        let item = seed.deserialize(ValueDeserializer { value, depth: self.depth });
        item.map(Some).map_err(|e| e.in_index(self.index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

struct Pairs {
    pairs: btree_map::IntoIter<Key, Value>,
    pair: Option<(Key, Value)>,
    depth: u32,
    is_struct: bool,
}

impl Pairs {
    pub fn new(table: Table, depth: u32, is_struct: bool) -> Pairs {
        Pairs { pairs: table.into_iter(), pair: None, depth, is_struct }
    }
}

impl<'de> MapAccess<'de> for Pairs {
    type Error = ConversionError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ConversionError> {
        self.pair = self.pairs.next();
        let Some((key, _)) = &self.pair else { return Ok(None) };
        read_key(key, self.is_struct, seed).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, ConversionError> {
        let Some((key, value)) = self.pair.take() else {
            return Err(ConversionError::refused("a value was asked for before its key"));
        };
        let value = seed.deserialize(ValueDeserializer { value, depth: self.depth });
        value.map_err(|e| e.within(&key.path()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.pairs.len())
    }
}

/// A variant of an enum: the key that names it, and its value if it has one.
struct Variant {
    name: Key,
    content: Option<ValueDeserializer>,
}

impl Variant {
    pub fn unit(name: Key) -> Variant {
        Variant { name, content: None }
    }

    pub fn pair(name: Key, value: Value, depth: u32) -> Variant {
        Variant { name, content: Some(ValueDeserializer { value, depth }) }
    }

    fn bytes(&self) -> &[u8] {
        match &self.name {
            Key::String(name) => name,
            _ => b"",
        }
    }

    fn read<T>(
        self,
        read: impl FnOnce(ValueDeserializer) -> Result<T, ConversionError>,
    ) -> Result<T, ConversionError> {
        let at = path::field(self.bytes());
        match self.content {
            Some(content) => read(content).map_err(|e| e.within(&at)),
            None => Err(ConversionError::refused(wording::variant_without_value(self.bytes()))),
        }
    }
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = ConversionError;
    type Variant = Variant;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Variant), ConversionError> {
        // Positions are no names of variants either.
        let variant = read_key(&self.name, true, seed)?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = ConversionError;

    fn unit_variant(self) -> Result<(), ConversionError> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(ConversionError::refused(wording::variant_with_value(self.bytes()))),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<S::Value, ConversionError> {
        self.read(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.read(|content| content.deserialize_tuple(length, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.read(|content| content.deserialize_struct("", fields, visitor))
    }
}
