//! Frames on their way from one guest to another. Both are hostile: what the sender wrote
//! is checked once, slot by slot, before any of it is copied, and the receiver gets its
//! own copy.

use super::decoder::segment_of;
use super::rules::TransferRules;
use super::{HAS_STACK, MAX_STRINGS, SLOT, Slot, tag, view};

use crate::memory::Handles;
use crate::memory::bytes::GuestBytes;
use crate::value::conversion_error::ConversionError;
use luago_segment::Segment;
use std::borrow::Cow;

/// A frame that has been checked, where its sender left it.
#[derive(Clone)]
pub(crate) struct ValidatedFrame<'a> {
    pub(super) memory: GuestBytes<'a>,
    pub(super) slots: &'a [[u8; SLOT]],
    pub count: u32,
    /// Bytes of its strings, each filled up to whole slots.
    pub(super) string_room: usize,
    pub(super) segments: Segments<'a>,
    pub(super) has_segments: bool,
}

/// What the segments in a frame are numbers of.
#[derive(Clone)]
pub(super) enum Segments<'a> {
    /// Its sender's handles.
    Guest(&'a Handles),
    /// A list.
    Owned(&'a [Segment]),
}

/// What an owned frame, and each segment in it, takes beside its slots and strings.
pub(super) const OWNED: u64 = 128;
const SEGMENT: u64 = 64;

/// What comes next inside a compound value.
#[derive(Clone, Copy)]
struct Level {
    left: u64,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Values,
    Pairs,
    Messages,
}

fn malformed(what: &str) -> ConversionError {
    ConversionError::malformed(what)
}

fn outside() -> ConversionError {
    malformed("a string is outside the memory")
}

/// The bytes of a string. Those in a segment are copied: a guest may pass on what it sees
/// there.
pub(super) fn bytes_of<'a>(
    memory: &GuestBytes<'a>,
    slot: Slot,
) -> Result<Cow<'a, [u8]>, ConversionError> {
    let at = u32::try_from(slot.payload).ok();
    at.and_then(|at| memory.read(at, slot.aux)).ok_or_else(outside)
}

impl<'a> ValidatedFrame<'a> {
    /// Checks a frame with `count` values side by side.
    pub fn new(
        memory: GuestBytes<'a>,
        frame: &'a [u8],
        count: u32,
        rules: &TransferRules,
        handles: &'a Handles,
    ) -> Result<ValidatedFrame<'a>, ConversionError> {
        let (slots, rest) = frame.as_chunks::<SLOT>();
        if !rest.is_empty() {
            return Err(malformed("its length is not one of whole slots"));
        }
        if slots.len() > rules.elements as usize {
            return Err(ConversionError::too_many_elements(rules.elements));
        }
        let mut validated = ValidatedFrame {
            memory,
            slots,
            count,
            string_room: 0,
            segments: Segments::Guest(handles),
            has_segments: false,
        };
        let is_plain = |slot: &[u8; SLOT]| u32::from(slot[0]) <= tag::NUMBER && slot[0] != 1;
        if slots.len() == count as usize
            && slots.iter().all(|slot| is_plain(slot) && slot[1..4] == [0; 3])
        {
            return Ok(validated);
        }
        validated.walk(rules)?;
        Ok(validated)
    }

    fn walk(&mut self, rules: &TransferRules) -> Result<(), ConversionError> {
        let mut levels: Vec<Level> = Vec::new();
        let mut level = Level { left: u64::from(self.count), kind: Kind::Values };
        let mut bytes = 0u64;
        let mut slots = self.slots.iter().map(Slot::from_bytes);
        while let Some(slot) = slots.next() {
            while level.left == 0 {
                level = levels.pop().ok_or_else(|| malformed("it is longer than its values"))?;
            }
            let is_key = level.kind == Kind::Pairs && level.left.is_multiple_of(2);
            level.left -= 1;
            if is_key {
                check_key(slot)?;
            }
            if level.kind == Kind::Messages && slot.tag != tag::STRING {
                return Err(malformed("an error holds more than strings"));
            }
            let inside = match slot.tag {
                tag::NIL | tag::INTEGER | tag::NUMBER | tag::FUNCTION | tag::STREAM => continue,
                tag::BOOLEAN if slot.payload <= 1 => continue,
                tag::STRING => {
                    self.count_string(slot, &mut bytes, rules)?;
                    continue;
                }
                tag::SEGMENT => {
                    let range = slots.next().ok_or_else(|| malformed("a segment has no range"))?;
                    self.segment(slot, range)?;
                    self.has_segments = true;
                    continue;
                }
                tag::VIEW if slot.aux == view::VALUES => {
                    let (Some(inner), Some(range), Some(text)) =
                        (slots.next(), slots.next(), slots.next())
                    else {
                        return Err(malformed("a view is cut off"));
                    };
                    self.segment(inner, range)?;
                    self.has_segments = true;
                    if text.tag != tag::STRING {
                        return Err(malformed("a view has no layout"));
                    }
                    self.count_string(text, &mut bytes, rules)?;
                    continue;
                }
                tag::SEQUENCE => Level { left: u64::from(slot.aux), kind: Kind::Values },
                tag::TABLE => Level { left: 2 * u64::from(slot.aux), kind: Kind::Pairs },
                tag::ERROR => match slot.aux & !HAS_STACK {
                    count @ 1..=MAX_STRINGS => {
                        Level { left: u64::from(count), kind: Kind::Messages }
                    }
                    _ => return Err(malformed("an error has no message or too many")),
                },
                _ => return Err(malformed("a slot has an unknown tag")),
            };
            if levels.len() >= rules.depth as usize {
                return Err(ConversionError::too_deep(rules.depth));
            }
            levels.push(level);
            level = inside;
        }
        if level.left != 0 || levels.iter().any(|level| level.left != 0) {
            return Err(malformed("it ends before its values do"));
        }
        Ok(())
    }

    fn count_string(
        &mut self,
        slot: Slot,
        bytes: &mut u64,
        rules: &TransferRules,
    ) -> Result<(), ConversionError> {
        *bytes += u64::from(slot.aux);
        if *bytes > rules.bytes {
            return Err(ConversionError::too_many_bytes(rules.bytes));
        }
        u32::try_from(slot.payload)
            .ok()
            .filter(|at| self.memory.contains(*at, slot.aux))
            .ok_or_else(outside)?;
        self.string_room += (slot.aux as usize).next_multiple_of(SLOT);
        Ok(())
    }

    /// The bytes that it takes in a Go guest: the slots, and behind them the strings.
    pub fn size(&self) -> usize {
        self.slots.len() * SLOT + self.string_room
    }

    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.slots.iter().map(Slot::from_bytes)
    }

    /// The text of a slot, if it is a string; no more of it than so many bytes.
    pub fn text(&self, slot: Slot, most: u32) -> Option<String> {
        let cut = Slot { aux: slot.aux.min(most), ..slot };
        let bytes = bytes_of(&self.memory, cut).ok().filter(|_| slot.tag == tag::STRING)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The first value, if it is text or an error, for messages and names; no more of it than
    /// so many bytes.
    pub fn first_text(&self, most: u32) -> String {
        let mut slots = self.slots();
        let first = match slots.next() {
            Some(slot) if slot.tag == tag::ERROR => slots.next(),
            other => other,
        };
        first.and_then(|slot| self.text(slot, most)).unwrap_or_default()
    }

    /// The handles of all functions in it.
    pub fn functions(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots().filter(|slot| slot.tag == tag::FUNCTION).map(|slot| slot.payload as u32)
    }

    /// The numbers of all streams in it.
    pub fn streams(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots().filter(|slot| slot.tag == tag::STREAM).map(|slot| slot.payload as u32)
    }

    /// Whether there are segments in it.
    #[inline]
    pub fn has_segments(&self) -> bool {
        self.has_segments
    }

    /// Why a guest cannot take the segments in it, if it cannot.
    pub fn refusal(&self, receiver: &Handles) -> Option<&'static str> {
        if !self.has_segments {
            return None;
        }
        receiver.refusal(self.slots().filter(|slot| slot.tag == tag::SEGMENT).count())
    }

    /// What two slots stand for.
    fn segment(&self, slot: Slot, range: Slot) -> Result<Segment, ConversionError> {
        match self.segments {
            Segments::Guest(handles) => segment_of(handles, slot, range),
            Segments::Owned(list) => {
                let segment = list.get(slot.aux as usize).cloned();
                segment.ok_or_else(|| malformed("there is no such segment"))
            }
        }
    }

    /// What the segment whose slots begin at an index stands for.
    pub(super) fn segment_at(&self, index: usize) -> Result<Segment, ConversionError> {
        let slot = |index: usize| self.slots.get(index).map(Slot::from_bytes);
        match (slot(index), slot(index + 1)) {
            (Some(slot), Some(range)) => self.segment(slot, range),
            _ => Err(malformed("a segment has no range")),
        }
    }

    /// Writes it for a guest to a place of [`size`](Self::size) bytes whose address is `base`.
    /// Without segments in it, nobody need know what the receiver knows of those.
    #[inline]
    pub fn write(&self, place: &mut [u8], base: u32, receiver: Option<&Handles>) -> Option<()> {
        self.write_with(place, base, |segment| {
            let info = receiver?.grant(&segment)?;
            Some((info.handle, info.payload()))
        })
    }

    /// `translate` gives what stands in the slot of a segment.
    #[inline]
    pub(super) fn write_with(
        &self,
        place: &mut [u8],
        base: u32,
        mut translate: impl FnMut(Segment) -> Option<(u32, u64)>,
    ) -> Option<()> {
        let (slots, mut strings) = place.split_at_mut_checked(self.slots.len() * SLOT)?;
        let mut at = base as u64 + slots.len() as u64;
        let pairs = slots.as_chunks_mut::<SLOT>().0.iter_mut().zip(self.slots).enumerate();
        for (index, (to, from)) in pairs {
            let mut slot = Slot::from_bytes(from);
            if slot.tag == tag::SEGMENT {
                (slot.aux, slot.payload) = translate(self.segment_at(index).ok()?)?;
            }
            if slot.tag == tag::STRING {
                let bytes = bytes_of(&self.memory, slot).ok()?;
                let room = bytes.len().next_multiple_of(SLOT);
                let (string, rest) = strings.split_at_mut_checked(room)?;
                string[..bytes.len()].copy_from_slice(&bytes);
                strings = rest;
                slot.payload = at;
                at += room as u64;
            }
            // Each field by itself: see `Slot::from_bytes`.
            to[0..4].copy_from_slice(&slot.tag.to_le_bytes());
            to[4..8].copy_from_slice(&slot.aux.to_le_bytes());
            to[8..16].copy_from_slice(&slot.payload.to_le_bytes());
        }
        Some(())
    }

    /// Whether it is so small that a copy which does not stay is not worth counting.
    #[inline]
    pub fn is_small(&self) -> bool {
        const SMALL: usize = 8192;
        self.size() <= SMALL && !self.has_segments
    }

    /// What a copy of it takes of a ledger.
    pub fn cost(&self) -> u64 {
        let segments = match self.has_segments {
            true => self.slots().filter(|slot| slot.tag == tag::SEGMENT).count(),
            false => 0,
        };
        self.size() as u64 + segments as u64 * SEGMENT + OWNED
    }
}

fn check_key(slot: Slot) -> Result<(), ConversionError> {
    match slot.tag {
        tag::NUMBER if f64::from_bits(slot.payload).is_nan() => {}
        tag::BOOLEAN..=tag::STRING => return Ok(()),
        _ => {}
    }
    Err(malformed("a key is of a kind that cannot be one"))
}
