//! The parts of a compound value, one by one.

mod variant;

use super::Slot;
use super::decode::Decoder;
use crate::value::conversion_error::ConversionError;
use crate::value::key::Key;
use crate::value::key_deserializer::read_key;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
pub(super) use variant::Variant;

/// The values of a sequence.
pub(super) struct Items<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    left: u32,
    index: u64,
}

impl<'d, 'a> Items<'d, 'a> {
    #[inline]
    pub fn new(decoder: &'d mut Decoder<'a>, count: u32) -> Items<'d, 'a> {
        Items { decoder, left: count, index: 0 }
    }

    /// How many the visitor has not asked for.
    #[inline]
    pub fn left(&self) -> u64 {
        u64::from(self.left)
    }
}

impl<'a> SeqAccess<'a> for Items<'_, 'a> {
    type Error = ConversionError;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ConversionError> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        self.index += 1;
        match seed.deserialize(&mut *self.decoder) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.in_index(self.index)),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left as usize)
    }
}

/// The pairs of a table.
pub(super) struct Pairs<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    left: u32,
    /// The key whose value comes next.
    key: Option<Slot>,
    is_struct: bool,
}

impl<'d, 'a> Pairs<'d, 'a> {
    #[inline]
    pub fn new(decoder: &'d mut Decoder<'a>, count: u32, is_struct: bool) -> Pairs<'d, 'a> {
        Pairs { decoder, left: count, key: None, is_struct }
    }

    /// How many values, keys among them, the visitor has not asked for.
    #[inline]
    pub fn left(&self) -> u64 {
        2 * u64::from(self.left) + u64::from(self.key.is_some())
    }
}

impl<'a> MapAccess<'a> for Pairs<'_, 'a> {
    type Error = ConversionError;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ConversionError> {
        if self.key.take().is_some() {
            self.decoder.skip(1)?;
        }
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let slot = self.decoder.peek_key()?;
        self.key = Some(slot);
        if self.is_struct
            && let Some(key) = self.decoder.plain_key(slot)?
        {
            self.decoder.take()?;
            return read_key(&key, true, seed).map(Some);
        }
        seed.deserialize(&mut *self.decoder).map(Some).map_err(|error| match self.is_struct {
            // It names the field, and so says all.
            true => error,
            false => error.in_key(),
        })
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, ConversionError> {
        let Some(key) = self.key.take() else {
            return Err(ConversionError::refused("a value was asked for before its key"));
        };
        match seed.deserialize(&mut *self.decoder) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.within(&self.decoder.key_path(key))),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left as usize)
    }
}

/// A sequence as pairs, whose keys are the integers from 1.
pub(super) struct Positions<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    left: u32,
    index: u32,
    is_pending: bool,
    is_struct: bool,
}

impl<'d, 'a> Positions<'d, 'a> {
    pub fn new(decoder: &'d mut Decoder<'a>, count: u32, is_struct: bool) -> Positions<'d, 'a> {
        Positions { decoder, left: count, index: 0, is_pending: false, is_struct }
    }

    /// How many values the visitor has not asked for.
    pub fn left(&self) -> u64 {
        u64::from(self.left) + u64::from(self.is_pending)
    }
}

impl<'a> MapAccess<'a> for Positions<'_, 'a> {
    type Error = ConversionError;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ConversionError> {
        if std::mem::take(&mut self.is_pending) {
            self.decoder.skip(1)?;
        }
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        self.index += 1;
        self.is_pending = true;
        read_key(&Key::from(self.index), self.is_struct, seed).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, ConversionError> {
        if !std::mem::take(&mut self.is_pending) {
            return Err(ConversionError::refused("a value was asked for before its key"));
        }
        seed.deserialize(&mut *self.decoder).map_err(|e| e.in_index(u64::from(self.index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left as usize)
    }
}
