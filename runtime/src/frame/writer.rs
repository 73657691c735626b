//! Writing slots within the rules.

use super::encoder::{Encoder, Mark};
use super::rules::EncodeRules;
use super::{SLOT, Slot, tag};
use crate::value::conversion_error::{ConversionError, path, wording};

/// The longest string that stands in the frame itself.
pub(super) const MAX_INLINE: usize = 2048;

/// The integers up to which a double holds every one.
const EXACT: u64 = 1 << 53;

/// An encoder at work.
pub(super) struct Writer<'e> {
    pub encoder: &'e mut Encoder,
    pub rules: &'e EncodeRules,
    /// Arguments begun so far.
    pub arguments: u32,
    depth: u32,
}

impl<'e> Writer<'e> {
    #[inline]
    pub fn new(encoder: &'e mut Encoder, rules: &'e EncodeRules) -> Writer<'e> {
        Writer { encoder, rules, arguments: 0, depth: 0 }
    }

    #[inline]
    pub fn slot(&mut self, tag: u32, aux: u32, payload: u64) -> Result<(), ConversionError> {
        if self.encoder.elements >= self.rules.elements {
            return Err(ConversionError::too_many_elements(self.rules.elements));
        }
        self.encoder.weigh(self.rules, SLOT)?;
        self.encoder.elements += 1;
        self.encoder.bytes.extend_from_slice(&Slot { tag, aux, payload }.to_bytes());
        Ok(())
    }

    #[inline]
    pub fn integer(&mut self, integer: i64) -> Result<(), ConversionError> {
        if !self.rules.integers_are_exact && integer.unsigned_abs() > EXACT {
            return Err(ConversionError::refused(wording::not_exact(integer)));
        }
        self.slot(tag::INTEGER, 0, integer as u64)
    }

    /// An integer of any width.
    #[inline]
    pub fn wide<I>(&mut self, integer: I) -> Result<(), ConversionError>
    where
        I: TryInto<i64> + std::fmt::Display + Copy,
    {
        match integer.try_into() {
            Ok(integer) => self.integer(integer),
            Err(_) => Err(ConversionError::refused(wording::too_large(integer))),
        }
    }

    pub fn string(&mut self, string: &[u8]) -> Result<(), ConversionError> {
        let too_many = || ConversionError::too_many_bytes(self.rules.bytes);
        let length = u32::try_from(string.len()).map_err(|_| too_many())?;
        let bytes = self.encoder.string_bytes.saturating_add(u64::from(length));
        if bytes > self.rules.bytes {
            return Err(too_many());
        }
        self.encoder.string_bytes = bytes;
        if string.len() > MAX_INLINE {
            self.encoder.weigh(self.rules, SLOT + string.len())?;
            self.slot(tag::LARGE, length, self.encoder.large.len() as u64)?;
            self.encoder.large.extend_from_slice(string);
        } else {
            self.slot(tag::STRING, length, 0)?;
            self.encoder.bytes.extend_from_slice(string);
            let end = self.encoder.bytes.len().next_multiple_of(SLOT);
            self.encoder.bytes.resize(end, 0);
        }
        Ok(())
    }

    /// Begins a sequence or a table, whose count is known at its end.
    #[inline]
    pub fn open(&mut self, tag: u32) -> Result<usize, ConversionError> {
        if self.depth >= self.rules.depth {
            return Err(ConversionError::too_deep(self.rules.depth));
        }
        self.depth += 1;
        let at = self.encoder.bytes.len();
        self.slot(tag, 0, 0)?;
        Ok(at)
    }

    #[inline]
    pub fn close(&mut self, at: usize, count: u32) {
        self.depth -= 1;
        let aux = self.encoder.bytes.get_mut(at..).and_then(|slot| slot.get_mut(4..8));
        if let Some(aux) = aux {
            aux.copy_from_slice(&count.to_le_bytes());
        }
    }

    #[inline]
    pub fn mark(&self) -> Mark {
        self.encoder.mark()
    }

    /// The tag of what was written at a place.
    #[inline]
    pub fn slot_at(&self, at: usize) -> Option<Slot> {
        self.encoder.slot_at(at).map(Slot::from_bytes)
    }

    #[inline]
    pub fn is_nil_at(&self, at: usize) -> bool {
        self.slot_at(at).is_some_and(|slot| slot.tag == tag::NIL)
    }

    /// Refuses what cannot be a key, once it has been written.
    pub fn check_key_at(&self, at: usize) -> Result<(), ConversionError> {
        let Some(slot) = self.slot_at(at) else { return Ok(()) };
        let what = match slot.tag {
            tag::NIL => "nil",
            tag::NUMBER if f64::from_bits(slot.payload).is_nan() => "NaN",
            tag::SEQUENCE | tag::TABLE => "table",
            tag::FUNCTION | tag::HOST_FUNCTION => "function",
            tag::ERROR => "error",
            tag::SEGMENT | tag::VIEW => "segment",
            _ => return Ok(()),
        };
        Err(ConversionError::refused(wording::not_a_key(what)))
    }

    /// How a path shows the key that was written at a place.
    #[cold]
    pub fn key_path_at(&self, at: usize) -> String {
        let Some(slot) = self.slot_at(at) else { return String::new() };
        let string = |bytes: &[u8], at: usize| {
            let rest = bytes.get(at..).unwrap_or_default();
            path::field(rest.get(..slot.aux as usize).unwrap_or_default())
        };
        match slot.tag {
            tag::BOOLEAN => path::index(slot.payload != 0),
            tag::INTEGER => path::index(slot.payload as i64),
            tag::NUMBER => path::index(format_args!("{:?}", f64::from_bits(slot.payload))),
            tag::LARGE => string(&self.encoder.large, slot.payload as usize),
            _ => string(&self.encoder.bytes, at + SLOT),
        }
    }
}
