//! Frames on their way from one guest to another. Both are hostile: what the sender wrote
//! is checked once, slot by slot, before any of it is copied, and the receiver gets its
//! own copy.

use super::decode::segment_of;
use super::encode::{EncodeRules, Encoder};
use super::writer::Writer;
use super::{SLOT, Slot, tag};
use crate::ledger::{Held, Ledger, Overdrawn};
use crate::memory::Handles;
use crate::memory::bytes::GuestBytes;
use crate::value::conversion_error::ConversionError;
use luago_segment::Segment;
use std::borrow::Cow;
use std::sync::Arc;

/// What may be in a frame that passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TransferRules {
    /// Levels of tables.
    pub depth: u32,
    /// Slots in all.
    pub elements: u32,
    /// Bytes of strings.
    pub bytes: u64,
}

/// That the last string of an error is a stack.
pub(crate) const HAS_STACK: u32 = 1 << 31;

/// Why a stream is not passed on.
const NO_STREAM: &str =
    "a stream for which there is no room, or at a place where there can be none";

/// Messages that an error can have.
const MAX_MESSAGES: u32 = 64;

/// A frame that has been checked, where its sender left it.
#[derive(Clone)]
pub(crate) struct Checked<'a> {
    memory: GuestBytes<'a>,
    slots: &'a [[u8; SLOT]],
    pub count: u32,
    /// Bytes of its strings, each filled up to whole slots.
    string_room: usize,
    segments: Segments<'a>,
    has_segments: bool,
}

/// What the segments in a frame are numbers of.
#[derive(Clone)]
enum Segments<'a> {
    /// Its sender's handles.
    Guest(&'a Handles),
    /// A list.
    Parcel(&'a [Segment]),
}

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
fn bytes_of<'a>(memory: &GuestBytes<'a>, slot: Slot) -> Result<Cow<'a, [u8]>, ConversionError> {
    let at = u32::try_from(slot.payload).ok();
    at.and_then(|at| memory.read(at, slot.aux)).ok_or_else(outside)
}

impl<'a> Checked<'a> {
    /// Checks a frame with `count` values side by side.
    pub fn new(
        memory: GuestBytes<'a>,
        frame: &'a [u8],
        count: u32,
        rules: &TransferRules,
        handles: &'a Handles,
    ) -> Result<Checked<'a>, ConversionError> {
        let (slots, rest) = frame.as_chunks::<SLOT>();
        if !rest.is_empty() {
            return Err(malformed("its length is not one of whole slots"));
        }
        if slots.len() > rules.elements as usize {
            return Err(ConversionError::too_many_elements(rules.elements));
        }
        let mut checked = Checked {
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
            return Ok(checked);
        }
        checked.walk(rules)?;
        Ok(checked)
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
                tag::VIEW if slot.aux == 2 => {
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
                    count @ 1..=MAX_MESSAGES => {
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

    /// Are there segments in it?
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
            Segments::Parcel(list) => {
                let segment = list.get(slot.aux as usize).cloned();
                segment.ok_or_else(|| malformed("there is no such segment"))
            }
        }
    }

    /// What the segment whose slots begin at an index stands for.
    fn segment_at(&self, index: usize) -> Result<Segment, ConversionError> {
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
    fn write_with(
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

    /// Is it so small that a copy which does not stay is not worth counting?
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
        self.size() as u64 + segments as u64 * SEGMENT + PARCEL
    }

    /// A copy in memory of the host, which is taken from a ledger as long as it is there.
    pub fn keep(&self, ledger: &Arc<Ledger>) -> Result<Parcel, Overdrawn> {
        let held = ledger.take(self.cost())?;
        let mut bytes = vec![0; self.size()];
        let mut segments = Vec::new();
        let list = |segment| {
            segments.push(segment);
            Some((segments.len() as u32 - 1, 0))
        };
        // There is room for all of it.
        let _ = self.write_with(&mut bytes, 0, list);
        Ok(Parcel { bytes, slots: self.slots.len(), count: self.count, segments, held })
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

/// Copies slots of values that are complete in themselves, from and to places of the same
/// size; false if there are others among them, or integers that the receiver cannot have.
#[inline]
pub(crate) fn copy_plain(to: &mut [u8], from: &[u8], integers_are_exact: bool) -> bool {
    const EXACT: u64 = 1 << 53;
    let (places, _) = to.as_chunks_mut::<SLOT>();
    let (slots, rest) = from.as_chunks::<SLOT>();
    if !rest.is_empty() || places.len() != slots.len() {
        return false;
    }
    for (place, slot) in places.iter_mut().zip(slots) {
        let Slot { tag, payload, .. } = Slot::from_bytes(slot);
        let is_plain = match tag {
            tag::NIL | tag::NUMBER => true,
            tag::BOOLEAN => payload <= 1,
            tag::INTEGER => integers_are_exact || (payload as i64).unsigned_abs() <= EXACT,
            _ => false,
        };
        if !is_plain {
            return false;
        }
        // Two words, so that neither side waits for a store to be put together.
        place[..8].copy_from_slice(&u64::from(tag).to_le_bytes());
        place[8..].copy_from_slice(&payload.to_le_bytes());
    }
    true
}

/// A checked frame that the host has copied, to hand it on later or on another thread.
#[derive(Debug, Default)]
pub(crate) struct Parcel {
    /// The slots, whose strings are addressed from the start of this, and the strings.
    bytes: Vec<u8>,
    slots: usize,
    pub count: u32,
    /// Those that are in it, in their order.
    segments: Vec<Segment>,
    /// What it takes of a ledger; nothing for words of the host's own.
    held: Held,
}

/// What a parcel, and each segment in it, takes beside its slots and strings.
const PARCEL: u64 = 128;
const SEGMENT: u64 = 64;

impl Parcel {
    pub fn checked(&self) -> Checked<'_> {
        let frame = self.bytes.get(..self.slots * SLOT).unwrap_or_default();
        let slots = frame.as_chunks::<SLOT>().0;
        let string_room = self.bytes.len() - frame.len();
        Checked {
            memory: self.bytes.as_slice().into(),
            slots,
            count: self.count,
            string_room,
            segments: Segments::Parcel(&self.segments),
            has_segments: !self.segments.is_empty(),
        }
    }

    /// The same, taken from a ledger.
    pub fn held_by(mut self, ledger: &Arc<Ledger>) -> Result<Parcel, Overdrawn> {
        self.held = ledger.take(self.bytes.len() as u64 + PARCEL)?;
        Ok(self)
    }

    /// One error of a few words.
    pub fn error(messages: &[&str], stack: Option<&str>) -> Parcel {
        let strings: Vec<&[u8]> =
            messages.iter().copied().chain(stack).map(str::as_bytes).collect();
        let flag = if stack.is_some() { HAS_STACK } else { 0 };
        let count = strings.len() as u32 | flag;
        Parcel::of(Some(Slot { tag: tag::ERROR, aux: count, payload: 0 }), &strings)
    }

    /// One string.
    pub fn string(text: &str) -> Parcel {
        Parcel::of(None, &[text.as_bytes()])
    }

    /// One integer.
    pub fn integer(integer: i64) -> Parcel {
        let slot = Slot { tag: tag::INTEGER, aux: 0, payload: integer as u64 };
        Parcel::of(Some(slot), &[])
    }

    fn of(head: Option<Slot>, strings: &[&[u8]]) -> Parcel {
        let slots = usize::from(head.is_some()) + strings.len();
        let mut bytes: Vec<u8> = head.iter().flat_map(|slot| slot.to_bytes()).collect();
        let mut at = slots * SLOT;
        for string in strings {
            let slot = Slot { tag: tag::STRING, aux: string.len() as u32, payload: at as u64 };
            bytes.extend(slot.to_bytes());
            at += string.len().next_multiple_of(SLOT);
        }
        for string in strings {
            bytes.extend_from_slice(string);
            bytes.resize(bytes.len().next_multiple_of(SLOT), 0);
        }
        Parcel { bytes, slots, count: 1, segments: Vec::new(), held: Held::default() }
    }
}

impl Encoder {
    /// Appends the values of a frame that another guest sent. `stream` gives the number
    /// under which the receiver knows a stream, if there is room for one; a function is good only if `owns` says so.
    pub fn transfer(
        &mut self,
        rules: &EncodeRules,
        checked: &Checked<'_>,
        owns: impl Fn(u32) -> bool,
        mut stream: impl FnMut(u32) -> Option<u32>,
    ) -> Result<(), ConversionError> {
        let mark = self.mark();
        let mut writer = Writer::new(self, rules);
        let mut is_range = false;
        let slots = checked.slots.iter().map(Slot::from_bytes).enumerate();
        let result = slots.into_iter().try_for_each(|(index, slot)| {
            if std::mem::take(&mut is_range) {
                return Ok(());
            }
            match slot.tag {
                tag::SEGMENT => {
                    is_range = true;
                    writer.segment_slots(&checked.segment_at(index)?)
                }
                tag::INTEGER => writer.integer(slot.payload as i64),
                tag::STRING => writer.string(&bytes_of(&checked.memory, slot)?),
                // What the other guest knows of errors that the host has kept is hearsay.
                tag::ERROR => writer.slot(tag::ERROR, slot.aux, 0),
                tag::FUNCTION if !u32::try_from(slot.payload).is_ok_and(&owns) => {
                    Err(ConversionError::refused("a function of a call that is over"))
                }
                tag::STREAM => {
                    let number = stream(slot.payload as u32);
                    let number = number.ok_or_else(|| ConversionError::refused(NO_STREAM))?;
                    writer.slot(tag::STREAM, 0, u64::from(number))
                }
                _ => writer.slot(slot.tag, slot.aux, slot.payload),
            }
        });
        if result.is_err() {
            self.rewind(mark, rules);
        }
        result
    }
}
