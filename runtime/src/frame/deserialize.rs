//! What each slot is to serde.

use super::access::{Items, Pairs, Positions, Variant};
use super::decoder::{Decoder, unknown_tag};
use super::tag;
use super::weight::{FIELD, ITEM, PAIR};
use crate::value::Value;
use crate::value::bridged_types::{BridgeDeserializer, Bridged};
use crate::value::conversion_error::{ConversionError, wording};
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::key::exact_integer;
use luago_segment::Segment;
use serde::de::{Deserializer, Visitor};

impl<'a> Decoder<'a> {
    #[inline]
    fn integer<V: Visitor<'a>>(&mut self, visitor: &V) -> Result<i64, ConversionError> {
        let slot = self.take()?;
        let integer = match slot.tag {
            tag::INTEGER => Some(slot.payload as i64),
            tag::NUMBER => exact_integer(f64::from_bits(slot.payload)),
            _ => None,
        };
        integer.ok_or_else(|| self.mismatch(slot, visitor))
    }

    #[inline]
    fn signed<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, ConversionError> {
        let integer = self.integer(&visitor)?;
        visitor.visit_i64(integer)
    }

    #[inline]
    fn unsigned<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, ConversionError> {
        let integer = self.integer(&visitor)?;
        match u64::try_from(integer) {
            Ok(integer) => visitor.visit_u64(integer),
            Err(_) => visitor.visit_i64(integer),
        }
    }

    #[inline]
    fn bytes_or<V: Visitor<'a>>(&mut self, visitor: &V) -> Result<&'a [u8], ConversionError> {
        let slot = self.take()?;
        match slot.tag {
            tag::STRING => self.string(slot),
            _ => Err(self.mismatch(slot, visitor)),
        }
    }

    #[inline]
    fn text<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, ConversionError> {
        let bytes = self.bytes_or(&visitor)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(_) => Err(self.not_utf8(bytes)),
        }
    }

    /// A sequence, of a given length if there is one.
    #[inline]
    fn items<V: Visitor<'a>>(
        &mut self,
        length: Option<usize>,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let slot = self.take()?;
        // A table with nothing in it is as good a sequence as any.
        if slot.tag != tag::SEQUENCE && (slot.tag, slot.aux) != (tag::TABLE, 0) {
            return Err(self.mismatch(slot, &visitor));
        }
        self.owe(u64::from(slot.aux))?;
        self.enter()?;
        self.weigh(u64::from(slot.aux) * ITEM)?;
        if let Some(length) = length
            && length != slot.aux as usize
        {
            let message = wording::wrong_length(length, slot.aux as usize);
            return Err(ConversionError::refused(message));
        }
        let mut items = Items::new(self, slot.aux);
        let value = visitor.visit_seq(&mut items)?;
        let left = items.left();
        self.leave();
        self.skip(left)?;
        Ok(value)
    }

    /// A table, or a sequence as the table that it is.
    #[inline]
    pub(super) fn pairs<V: Visitor<'a>>(
        &mut self,
        is_struct: bool,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let slot = self.take()?;
        let count = u64::from(slot.aux);
        // A map has room for some pairs from the start.
        let bytes = if is_struct { count * FIELD } else { (count + 4) * PAIR };
        let (value, left) = match slot.tag {
            tag::TABLE => {
                self.owe(2 * count)?;
                self.enter()?;
                self.weigh(bytes)?;
                let mut pairs = Pairs::new(self, slot.aux, is_struct);
                (visitor.visit_map(&mut pairs)?, pairs.left())
            }
            tag::SEQUENCE => {
                self.owe(count)?;
                self.enter()?;
                self.weigh(bytes)?;
                let mut pairs = Positions::new(self, slot.aux, is_struct);
                (visitor.visit_map(&mut pairs)?, pairs.left())
            }
            _ => return Err(self.mismatch(slot, &visitor)),
        };
        self.leave();
        self.skip(left)?;
        Ok(value)
    }
}

macro_rules! methods {
    ($to:ident: $($method:ident)*) => {
        $(#[inline]
        fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
            self.$to(visitor)
        })*
    };
}

impl<'a> Deserializer<'a> for &mut Decoder<'a> {
    type Error = ConversionError;

    methods! { signed: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 }
    methods! { unsigned: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 }
    methods! { text: deserialize_str deserialize_string deserialize_char }
    methods! { deserialize_bytes: deserialize_byte_buf }
    methods! { deserialize_any: deserialize_identifier }

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let slot = self.peek()?;
        match slot.tag {
            tag::NIL => self.deserialize_unit(visitor),
            tag::BOOLEAN => self.deserialize_bool(visitor),
            tag::INTEGER => self.signed(visitor),
            tag::NUMBER => self.deserialize_f64(visitor),
            tag::STRING => {
                let bytes = self.bytes_or(&visitor)?;
                match std::str::from_utf8(bytes) {
                    Ok(text) => visitor.visit_borrowed_str(text),
                    Err(_) => visitor.visit_borrowed_bytes(bytes),
                }
            }
            tag::SEQUENCE => self.items(None, visitor),
            tag::TABLE => self.pairs(false, visitor),
            tag::FUNCTION | tag::ERROR | tag::SEGMENT | tag::VIEW => {
                Err(self.mismatch(slot, &visitor))
            }
            _ => Err(unknown_tag()),
        }
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let slot = self.take()?;
        match slot.tag {
            tag::BOOLEAN => visitor.visit_bool(self.boolean(slot)?),
            _ => Err(self.mismatch(slot, &visitor)),
        }
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let slot = self.take()?;
        match slot.tag {
            tag::NUMBER => visitor.visit_f64(f64::from_bits(slot.payload)),
            tag::INTEGER => visitor.visit_f64(slot.payload as i64 as f64),
            _ => Err(self.mismatch(slot, &visitor)),
        }
    }

    #[inline]
    fn deserialize_f32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let slot = self.peek()?;
        if slot.tag == tag::NUMBER {
            crate::value::conversion_error::in_f32(f64::from_bits(slot.payload))?;
        }
        self.deserialize_f64(visitor)
    }

    #[inline]
    fn deserialize_bytes<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let bytes = self.bytes_or(&visitor)?;
        visitor.visit_borrowed_bytes(bytes)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        if self.peek()?.tag == tag::NIL {
            self.take()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let slot = self.take()?;
        match slot.tag {
            tag::NIL => visitor.visit_unit(),
            _ => Err(self.mismatch(slot, &visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        match name {
            Value::NAME => visitor.visit_newtype_struct(BridgeDeserializer::new(self.any_value()?)),
            Function::NAME => {
                let slot = self.take()?;
                match slot.tag {
                    tag::FUNCTION => {
                        visitor.visit_newtype_struct(BridgeDeserializer::new(self.function(slot)?))
                    }
                    _ => Err(self.mismatch(slot, &visitor)),
                }
            }
            HostError::NAME => {
                let slot = self.take()?;
                match slot.tag {
                    tag::ERROR => {
                        visitor.visit_newtype_struct(BridgeDeserializer::new(self.error(slot)?))
                    }
                    _ => Err(self.mismatch(slot, &visitor)),
                }
            }
            Segment::NAME => {
                let slot = self.take()?;
                let segment = match slot.tag {
                    tag::SEGMENT => self.segment(slot)?,
                    tag::VIEW => self.view(slot)?,
                    _ => return Err(self.mismatch(slot, &visitor)),
                };
                visitor.visit_newtype_struct(BridgeDeserializer::new(segment))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.items(None, visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'a>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.items(Some(length), visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.items(Some(length), visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        self.pairs(false, visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.pairs(true, visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        let slot = self.peek()?;
        match slot.tag {
            tag::STRING => visitor.visit_enum(Variant::unit(self)),
            tag::TABLE if slot.aux == 1 => {
                self.take()?;
                self.owe(2)?;
                self.enter()?;
                let value = visitor.visit_enum(Variant::pair(self))?;
                self.leave();
                Ok(value)
            }
            tag::TABLE => {
                let message = wording::not_one_pair(name, slot.aux as usize);
                Err(ConversionError::refused(message))
            }
            _ => Err(self.mismatch(slot, &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(
        self,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.skip(1)?;
        visitor.visit_unit()
    }
}
