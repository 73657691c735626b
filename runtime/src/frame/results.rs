//! Which Rust values the values side by side in a frame are.

use super::decoder::Decoder;
use super::weight::ITEM;
use crate::value::Value;
use crate::value::bridged_types::Bridged;
use crate::value::conversion_error::ConversionError;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::variadic;
use luago_segment::Segment;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

/// A list of values side by side, or one element of it; `Arguments` (`encode.rs`) writes them.
pub(super) struct Top<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    is_element: bool,
    is_variadic: bool,
}

impl<'d, 'a> Top<'d, 'a> {
    #[inline]
    pub fn new(decoder: &'d mut Decoder<'a>) -> Top<'d, 'a> {
        Top { decoder, is_element: false, is_variadic: false }
    }

    #[inline]
    pub fn element(decoder: &'d mut Decoder<'a>) -> Top<'d, 'a> {
        Top { decoder, is_element: true, is_variadic: false }
    }
}

macro_rules! one {
    ($($method:ident($($name:ident: $type:ty),*);)*) => {
        $(#[inline]
        fn $method<V: Visitor<'a>>(
            self,
            $($name: $type,)*
            visitor: V,
        ) -> Result<V::Value, ConversionError> {
            self.decoder.one(|decoder| decoder.$method($($name,)* visitor))
        })*
    };
}

impl<'a> Deserializer<'a> for Top<'_, 'a> {
    type Error = ConversionError;

    one! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit_struct(name: &'static str);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.is_element {
            true => self.decoder.one(|decoder| decoder.deserialize_unit(visitor)),
            false => visitor.visit_unit(),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match name {
            variadic::NAME => visitor.visit_newtype_struct(Top { is_variadic: true, ..self }),
            Value::NAME | Function::NAME | HostError::NAME | Segment::NAME => {
                self.decoder.one(|decoder| decoder.deserialize_newtype_struct(name, visitor))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match self.is_variadic {
            true => {
                self.decoder.weigh(u64::from(self.decoder.left()) * ITEM)?;
                visitor.visit_seq(Side { decoder: self.decoder, left: None })
            }
            false => self.decoder.one(|decoder| decoder.deserialize_seq(visitor)),
        }
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'a>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match self.is_element {
            true => self.decoder.one(|decoder| decoder.deserialize_tuple(length, visitor)),
            false => visitor.visit_seq(Side { decoder: self.decoder, left: Some(length) }),
        }
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.deserialize_tuple(length, visitor)
    }
}

/// Values side by side: as many as a tuple has elements, or all.
struct Side<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    left: Option<usize>,
}

impl<'a> SeqAccess<'a> for Side<'_, 'a> {
    type Error = ConversionError;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ConversionError> {
        match &mut self.left {
            None if self.decoder.left() == 0 => return Ok(None),
            Some(0) => return Ok(None),
            None => {}
            Some(left) => *left -= 1,
        }
        self.decoder.result += 1;
        seed.deserialize(Top::element(self.decoder)).map(Some)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left.unwrap_or(self.decoder.left() as usize))
    }
}
