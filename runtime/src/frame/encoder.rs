//! A frame that is being written.

use super::rules::EncodeRules;
use super::weight::{FREE, PART};
use super::{SLOT, Slot, tag};
use crate::ledger::{Overdrawn, Reservation};
use crate::value::conversion_error::ConversionError;

/// Bytes that an encoder keeps room for from one call to the next, twice. Too little to be
/// counted.
const KEPT: usize = 256 << 10;

/// Bytes of room that a frame may keep which is not written to again.
const SLACK: usize = 512;

/// A frame to a guest, and the long strings beside it. Used again from call to call,
/// so that small calls allocate nothing.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    pub(super) bytes: Vec<u8>,
    pub(super) large: Vec<u8>,
    pub(super) elements: u32,
    pub(super) string_bytes: u64,
    /// The segments that the guest gets: where they stand, and their handles.
    pub(super) granted: Vec<(usize, u32)>,
    /// What it takes of its sandbox's ledger.
    pub(crate) held: Reservation,
    /// How many bytes may be in it before the ledger is asked.
    room: u64,
}

/// Where an encoder can go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub at: usize,
    large: usize,
    elements: u32,
    string_bytes: u64,
}

impl Encoder {
    pub fn new() -> Encoder {
        Encoder::default()
    }

    /// The frame.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The strings that are too long to stand in it.
    #[inline]
    pub fn large(&self) -> &[u8] {
        &self.large
    }

    /// Starts a new frame. Limits count from here.
    #[inline]
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.large.clear();
        // A sandbox is not to keep the room for the largest value it ever got.
        for buffer in [&mut self.bytes, &mut self.large] {
            if buffer.capacity() > KEPT {
                buffer.shrink_to(KEPT);
            }
        }
        self.elements = 0;
        self.string_bytes = 0;
        self.granted.clear();
        self.held = Reservation::default();
        self.room = FREE;
    }

    /// Lets the frame be as large as the rules allow: it is the embedder's, who wants the
    /// guest to have it.
    #[inline]
    pub fn allow_all(&mut self) {
        self.room = u64::MAX;
    }

    /// The bytes that are in it.
    #[inline]
    fn size(&self) -> u64 {
        (self.bytes.len() + self.large.len()) as u64
    }

    /// The bytes that it has room for.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity() + self.large.capacity()
    }

    /// Whether there is room for so many bytes more.
    #[inline]
    pub(super) fn weigh(
        &mut self,
        rules: &EncodeRules,
        more: usize,
    ) -> Result<(), ConversionError> {
        let size = self.size() + more as u64;
        if size > self.room { self.take_more(rules, size) } else { Ok(()) }
    }

    #[cold]
    fn take_more(&mut self, rules: &EncodeRules, size: u64) -> Result<(), ConversionError> {
        // One that is new has not been cleared.
        self.room = self.room.max(FREE + self.held.bytes());
        let missing = size.saturating_sub(self.room);
        if missing > 0 {
            let taken =
                rules.ledger.reserve(missing.max(PART)).or_else(|_| rules.ledger.reserve(missing));
            let taken = taken.map_err(|_| ConversionError::overdrawn())?;
            self.room += taken.bytes();
            self.held.join(taken);
        }
        Ok(())
    }

    /// Counts all that is in it, as it is to be kept.
    pub fn charge(&mut self, rules: &EncodeRules) -> Result<(), Overdrawn> {
        if self.room == u64::MAX {
            return Ok(());
        }
        let missing = self.size().saturating_sub(self.held.bytes());
        self.held.join(rules.ledger.reserve(missing)?);
        Ok(())
    }

    /// Gives up room that is not used, for a frame that is kept and not written to again.
    pub fn fit(&mut self) {
        for buffer in [&mut self.bytes, &mut self.large] {
            if buffer.capacity() > buffer.len() + SLACK {
                buffer.shrink_to_fit();
            }
        }
    }

    /// Puts the error in its place that there is no room for it.
    #[cold]
    pub fn refuse(&mut self, rules: &EncodeRules) {
        self.rewind(Mark { at: 0, large: 0, elements: 0, string_bytes: 0 }, rules);
        // There may be many of them, which are not to keep their room.
        *self = Encoder { room: FREE, ..Encoder::default() };
        let text = Overdrawn.to_string();
        let slot = |tag, aux| Slot { tag, aux, payload: 0 }.to_bytes();
        self.bytes.extend(slot(tag::ERROR, 1));
        self.bytes.extend(slot(tag::STRING, text.len() as u32));
        self.bytes.extend(text.as_bytes());
        self.bytes.resize(self.bytes.len().next_multiple_of(SLOT), 0);
    }

    #[inline]
    pub(super) fn mark(&self) -> Mark {
        Mark {
            at: self.bytes.len(),
            large: self.large.len(),
            elements: self.elements,
            string_bytes: self.string_bytes,
        }
    }

    pub(super) fn rewind(&mut self, mark: Mark, rules: &EncodeRules) {
        while let Some((_, handle)) = self.granted.pop_if(|(at, _)| *at >= mark.at) {
            rules.handles.give_back(handle, 1);
        }
        self.bytes.truncate(mark.at);
        self.large.truncate(mark.large);
        self.elements = mark.elements;
        self.string_bytes = mark.string_bytes;
    }

    /// The bytes of the slot at a place in the frame.
    #[inline]
    pub(super) fn slot_at(&self, at: usize) -> Option<&[u8; SLOT]> {
        self.bytes.get(at..)?.first_chunk()
    }
}
