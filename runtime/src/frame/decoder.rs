//! A frame that is being read. The guest wrote the frame, so nothing in it is
//! believed: every slot, count, address and kind is checked as it is read.

use super::rules::DecodeRules;
use super::weight::{FUNCTION, Weight};
use super::{HAS_STACK, MAX_STRINGS, SLOT, Slot, tag, view};
use crate::ledger::{Overdrawn, Reservation};
use crate::memory::Handles;
use crate::memory::bytes::GuestBytes;
use crate::value::conversion_error::{ConversionError, path, wording};
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::key::Key;
use luago_segment::Segment;
use luago_segment::internal::{Described, SegmentParts};
use serde::de::{Error, Expected, Unexpected};

const NIL: [u8; SLOT] = [0; SLOT];

/// A frame from a guest on the way to Rust values.
pub(crate) struct Decoder<'a> {
    memory: &'a GuestBytes<'a>,
    rest: &'a [u8],
    rules: &'a DecodeRules,
    /// Values side by side that have not been read.
    left: u32,
    /// The number of the result that is being read, from 1; 0 if it is the only one.
    pub(super) result: u32,
    /// Values that the counts so far have promised. They must fit in what is left of
    /// the frame, so all counts together are bounded by its length.
    owed: u64,
    depth: u32,
    bytes: u64,
    claimed: Vec<u32>,
    pub(super) weight: Weight,
}

impl<'a> Decoder<'a> {
    /// A frame with `count` values side by side, and the memory that its strings are in.
    // Inlined: moving it costs more than the rest of a small call.
    #[inline(always)]
    pub fn new(
        memory: &'a GuestBytes<'a>,
        frame: &'a [u8],
        count: u32,
        rules: &'a DecodeRules,
    ) -> Result<Decoder<'a>, ConversionError> {
        if !frame.len().is_multiple_of(SLOT) {
            return Err(ConversionError::malformed("its length is not one of whole slots"));
        }
        if frame.len() / SLOT > rules.elements as usize {
            return Err(ConversionError::too_many_elements(rules.elements));
        }
        let mut decoder = Decoder {
            memory,
            rest: frame,
            rules,
            left: count,
            result: 0,
            owed: 0,
            depth: 0,
            bytes: 0,
            claimed: Vec::new(),
            weight: Weight::new(),
        };
        decoder.owe(u64::from(count))?;
        Ok(decoder)
    }

    /// Counts bytes that are made of the frame, which the sandbox must have room for.
    #[inline]
    pub(super) fn weigh(&mut self, bytes: u64) -> Result<(), ConversionError> {
        self.weight.add(bytes, &self.rules.ledger)
    }

    /// Room for as much again as has been read, as long as the result is there: most functions
    /// make something of what they are given.
    #[inline]
    pub fn room_for_copy(&self) -> Result<Reservation, ConversionError> {
        let taken = self.weight.again(&self.rules.ledger);
        taken.map_err(|_| ConversionError::overdrawn().at_root("arguments"))
    }

    /// What has been read, to the byte, as it is kept for longer than the frame is read;
    /// and so many bytes beside it.
    pub fn keep(&self, beside: u64) -> Result<Reservation, Overdrawn> {
        self.weight.again_with(beside, &self.rules.ledger)
    }

    /// How many values have not been read.
    pub fn left(&self) -> u32 {
        self.left
    }

    /// The handles of the functions that have been made, which release themselves;
    /// those of the others in the frame are for the caller to release.
    pub fn claimed(&self) -> &[u32] {
        &self.claimed
    }

    /// Reads one of the values side by side, or nil where there is none left.
    #[inline]
    pub(super) fn one<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ConversionError>,
    ) -> Result<T, ConversionError> {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return read(self);
        }
        let rest = std::mem::replace(&mut self.rest, &NIL);
        let owed = std::mem::replace(&mut self.owed, 1);
        let value = read(self);
        (self.rest, self.owed) = (rest, owed);
        value
    }

    #[inline]
    pub(super) fn peek(&self) -> Result<Slot, ConversionError> {
        match self.rest.first_chunk() {
            Some(bytes) => Ok(Slot::from_bytes(bytes)),
            None => Err(ConversionError::malformed("it ends before its values do")),
        }
    }

    #[inline]
    pub(super) fn take(&mut self) -> Result<Slot, ConversionError> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(ConversionError::malformed("it ends before its values do"));
        };
        self.rest = rest;
        self.owed = self.owed.saturating_sub(1);
        Ok(Slot::from_bytes(bytes))
    }

    /// Notes that so many values are to follow.
    #[inline]
    pub(super) fn owe(&mut self, count: u64) -> Result<(), ConversionError> {
        self.owed += count;
        if self.owed > (self.rest.len() / SLOT) as u64 {
            return Err(ConversionError::malformed("a count is larger than what is left of it"));
        }
        Ok(())
    }

    /// Goes one level of tables down.
    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), ConversionError> {
        if self.depth >= self.rules.depth {
            return Err(ConversionError::too_deep(self.rules.depth));
        }
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Passes over values with all that is in them. A loop, as nothing bounds how
    /// deep it is.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), ConversionError> {
        let mut due = count;
        while due > 0 {
            let slot = self.take()?;
            let inside = match slot.tag {
                tag::NIL..=tag::STRING | tag::FUNCTION => 0,
                tag::SEQUENCE => u64::from(slot.aux),
                tag::TABLE => 2 * u64::from(slot.aux),
                tag::ERROR => messages(slot)?,
                tag::SEGMENT => 1,
                tag::VIEW => u64::from(view::VALUES),
                _ => return Err(unknown_tag()),
            };
            self.owe(inside)?;
            due = due - 1 + inside;
        }
        Ok(())
    }

    #[inline]
    pub(super) fn boolean(&self, slot: Slot) -> Result<bool, ConversionError> {
        match slot.payload {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(ConversionError::malformed("a boolean is neither 0 nor 1")),
        }
    }

    /// The bytes of a string, which count as read.
    #[inline]
    pub(super) fn string(&mut self, slot: Slot) -> Result<&'a [u8], ConversionError> {
        let bytes = self.bytes.saturating_add(u64::from(slot.aux));
        if bytes > self.rules.bytes {
            return Err(ConversionError::too_many_bytes(self.rules.bytes));
        }
        self.bytes = bytes;
        self.weigh(u64::from(slot.aux))?;
        match self.bytes_of(slot) {
            Some(string) => Ok(string),
            None => Err(ConversionError::malformed("a string is outside the memory")),
        }
    }

    #[inline]
    fn bytes_of(&self, slot: Slot) -> Option<&'a [u8]> {
        self.memory.get(u32::try_from(slot.payload).ok()?, slot.aux)
    }

    pub(super) fn function(&mut self, slot: Slot) -> Result<Function, ConversionError> {
        let Ok(id) = u32::try_from(slot.payload) else {
            return Err(ConversionError::malformed("a function has no handle"));
        };
        self.weigh(FUNCTION)?;
        self.claimed.push(id);
        Ok(Function::new(self.rules.owner.clone(), id))
    }

    pub(super) fn segment(&mut self, slot: Slot) -> Result<Segment, ConversionError> {
        self.owe(1)?;
        let range = self.take()?;
        segment_of(&self.rules.handles, slot, range)
    }

    /// A segment with a layout.
    pub(super) fn view(&mut self, slot: Slot) -> Result<Segment, ConversionError> {
        self.owe(u64::from(view::VALUES))?;
        let inner = self.take()?;
        if inner.tag != tag::SEGMENT || slot.aux != view::VALUES {
            return Err(ConversionError::malformed("a view has no segment"));
        }
        let segment = self.segment(inner)?;
        let text = self.take()?;
        let description = match text.tag {
            tag::STRING => std::str::from_utf8(self.string(text)?).ok(),
            _ => None,
        };
        let description =
            description.ok_or_else(|| ConversionError::malformed("a view has no layout"))?;
        let layout = Described { fingerprint: slot.payload, description: description.into() };
        Ok(segment.with_layout(layout))
    }

    pub(super) fn error(&mut self, slot: Slot) -> Result<HostError, ConversionError> {
        let count = messages(slot)?;
        self.owe(count)?;
        let mut messages = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let slot = self.take()?;
            if slot.tag != tag::STRING {
                return Err(ConversionError::malformed("an error holds more than strings"));
            }
            let text = self.string(slot)?;
            if std::str::from_utf8(text).is_err() {
                // Each byte that is no text becomes a character of three.
                self.weigh(2 * text.len() as u64)?;
            }
            messages.push(text);
        }
        let stack = if slot.aux & HAS_STACK != 0 { messages.pop() } else { None };
        let mut messages = messages.into_iter();
        let message = messages.next().unwrap_or_default();
        Ok(HostError::from_strings(message, messages, slot.payload).with_stack(stack))
    }

    /// The key that comes next, unless no table has such a key.
    pub(super) fn peek_key(&self) -> Result<Slot, ConversionError> {
        let slot = self.peek()?;
        match slot.tag {
            tag::NUMBER if f64::from_bits(slot.payload).is_nan() => {}
            tag::BOOLEAN..=tag::STRING => return Ok(slot),
            _ => {}
        }
        Err(ConversionError::malformed("a key is of a kind that cannot be one"))
    }

    /// A key that is no string.
    pub(super) fn plain_key(&self, slot: Slot) -> Result<Option<Key>, ConversionError> {
        Ok(match slot.tag {
            tag::BOOLEAN => Some(Key::Boolean(self.boolean(slot)?)),
            tag::INTEGER => Some(Key::Integer(slot.payload as i64)),
            tag::NUMBER => Key::number(f64::from_bits(slot.payload)),
            _ => None,
        })
    }

    /// How a path shows a key.
    #[cold]
    pub(super) fn key_path(&self, slot: Slot) -> String {
        match self.plain_key(slot) {
            Ok(Some(key)) => key.path(),
            _ => path::field(self.bytes_of(slot).unwrap_or_default()),
        }
    }

    /// The name of a variant, for messages.
    #[cold]
    pub(super) fn name(&self, slot: Slot) -> &'a [u8] {
        if slot.tag == tag::STRING { self.bytes_of(slot).unwrap_or_default() } else { b"" }
    }

    /// The error for a slot that is not what was expected.
    #[cold]
    pub(super) fn mismatch(&self, slot: Slot, expected: &dyn Expected) -> ConversionError {
        let number = f64::from_bits(slot.payload);
        let unexpected = match slot.tag {
            tag::NIL => Unexpected::Unit,
            tag::BOOLEAN => match self.boolean(slot) {
                Ok(boolean) => Unexpected::Bool(boolean),
                Err(error) => return error,
            },
            tag::INTEGER => Unexpected::Signed(slot.payload as i64),
            tag::NUMBER => Unexpected::Float(number),
            tag::STRING => match self.bytes_of(slot) {
                Some(bytes) => Unexpected::Bytes(bytes),
                None => return ConversionError::malformed("a string is outside the memory"),
            },
            tag::SEQUENCE | tag::TABLE => Unexpected::Map,
            tag::FUNCTION => Unexpected::Other("function"),
            tag::ERROR => Unexpected::Other("error"),
            tag::SEGMENT | tag::VIEW => Unexpected::Other("segment"),
            _ => return unknown_tag(),
        };
        ConversionError::invalid_type(unexpected, expected)
    }

    #[cold]
    pub(super) fn not_utf8(&self, bytes: &[u8]) -> ConversionError {
        ConversionError::refused(wording::not_utf8(bytes))
    }
}

/// What a guest says of a segment, which is two slots.
pub(super) fn segment_of(
    handles: &Handles,
    slot: Slot,
    range: Slot,
) -> Result<Segment, ConversionError> {
    if slot.tag != tag::SEGMENT || range.tag != tag::INTEGER {
        return Err(ConversionError::malformed("a segment has no range"));
    }
    let segment = handles.get(slot.aux);
    let segment = segment.ok_or_else(|| ConversionError::refused("the segment is closed"))?;
    let (offset, len) = (range.payload as u32, (range.payload >> 32) as u32);
    segment
        .with_range(offset, len)
        .ok_or_else(|| ConversionError::malformed("a part of a segment is outside of it"))
}

#[cold]
pub(super) fn unknown_tag() -> ConversionError {
    ConversionError::malformed("a slot has an unknown tag")
}

fn messages(slot: Slot) -> Result<u64, ConversionError> {
    match slot.aux & !HAS_STACK {
        count @ 1..=MAX_STRINGS => Ok(u64::from(count)),
        _ => Err(ConversionError::malformed("an error has no message or too many")),
    }
}
