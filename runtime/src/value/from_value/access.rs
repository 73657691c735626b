//! The parts of a value, one by one.

use super::ValueDeserializer;
use crate::value::Value;
use crate::value::conversion_error::{ConversionError, path, wording};
use crate::value::key::Key;
use crate::value::key_deserializer::read_key;
use crate::value::table::Table;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use std::collections::btree_map;

pub(super) struct Items {
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

pub(super) struct Pairs {
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
pub(super) struct Variant {
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
