//! Enums: the name of a variant, or a table of one pair with its value.

use crate::frame::Slot;
use crate::frame::decode::Decoder;
use crate::frame::tag;
use crate::value::conversion_error::{ConversionError, path, wording};
use crate::value::key_deserializer::read_key;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

pub(in crate::frame) struct Variant<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    has_content: bool,
}

impl<'d, 'a> Variant<'d, 'a> {
    pub fn unit(decoder: &'d mut Decoder<'a>) -> Variant<'d, 'a> {
        Variant { decoder, has_content: false }
    }

    /// A pair, of which the key comes next.
    pub fn pair(decoder: &'d mut Decoder<'a>) -> Variant<'d, 'a> {
        Variant { decoder, has_content: true }
    }
}

impl<'d, 'a> EnumAccess<'a> for Variant<'d, 'a> {
    type Error = ConversionError;
    type Variant = Content<'d, 'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Content<'d, 'a>), ConversionError> {
        let Variant { decoder, has_content } = self;
        let name = decoder.peek_key()?;
        let variant = match decoder.plain_key(name)? {
            Some(key) => {
                decoder.take()?;
                // serde would take an integer for the position of a variant.
                read_key(&key, true, seed)?
            }
            None => seed.deserialize(&mut *decoder)?,
        };
        Ok((variant, Content { decoder, has_content, name }))
    }
}

/// What a variant holds.
pub(in crate::frame) struct Content<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    has_content: bool,
    name: Slot,
}

impl<'a> Content<'_, 'a> {
    fn read<T>(
        self,
        read: impl FnOnce(&mut Decoder<'a>) -> Result<T, ConversionError>,
    ) -> Result<T, ConversionError> {
        if !self.has_content {
            let message = wording::variant_without_value(self.decoder.name(self.name));
            return Err(ConversionError::refused(message));
        }
        read(self.decoder).map_err(|e| e.within(&path::field(self.decoder.name(self.name))))
    }
}

impl<'a> VariantAccess<'a> for Content<'_, 'a> {
    type Error = ConversionError;

    fn unit_variant(self) -> Result<(), ConversionError> {
        if self.has_content {
            let message = wording::variant_with_value(self.decoder.name(self.name));
            return Err(ConversionError::refused(message));
        }
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'a>>(
        self,
        seed: S,
    ) -> Result<S::Value, ConversionError> {
        self.read(|decoder| match decoder.peek()?.tag {
            // A table cannot hold it, so an honest guest does not send it.
            tag::NIL => Err(ConversionError::malformed("a variant holds nil")),
            _ => seed.deserialize(decoder),
        })
    }

    fn tuple_variant<V: Visitor<'a>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.read(|decoder| decoder.deserialize_tuple(length, visitor))
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        self.read(|decoder| decoder.pairs(true, visitor))
    }
}
