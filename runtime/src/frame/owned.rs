//! Frames that the host has copied.

use super::validated::{OWNED, Segments, ValidatedFrame};
use super::{HAS_STACK, SLOT, Slot, tag};
use crate::ledger::{Ledger, Overdrawn, Reservation};
use luago_segment::Segment;
use std::sync::Arc;

/// A validated frame that the host has copied, to hand it on later or on another thread.
#[derive(Debug, Default)]
pub(crate) struct OwnedFrame {
    /// The slots, whose strings are addressed from the start of this, and the strings.
    bytes: Vec<u8>,
    slots: usize,
    pub count: u32,
    /// Those that are in it, in their order.
    segments: Vec<Segment>,
    /// What it takes of a ledger; nothing for words of the host's own.
    held: Reservation,
}

impl OwnedFrame {
    /// A copy of a frame, which is taken from a ledger as long as it is there.
    pub fn copy_of(
        frame: &ValidatedFrame<'_>,
        ledger: &Arc<Ledger>,
    ) -> Result<OwnedFrame, Overdrawn> {
        let held = ledger.reserve(frame.cost())?;
        let mut bytes = vec![0; frame.size()];
        let mut segments = Vec::new();
        let list = |segment| {
            segments.push(segment);
            Some((segments.len() as u32 - 1, 0))
        };
        // There is room for all of it.
        let _ = frame.write_with(&mut bytes, 0, list);
        Ok(OwnedFrame { bytes, slots: frame.slots.len(), count: frame.count, segments, held })
    }

    pub fn validated(&self) -> ValidatedFrame<'_> {
        let frame = self.bytes.get(..self.slots * SLOT).unwrap_or_default();
        let slots = frame.as_chunks::<SLOT>().0;
        let string_room = self.bytes.len() - frame.len();
        ValidatedFrame {
            memory: self.bytes.as_slice().into(),
            slots,
            count: self.count,
            string_room,
            segments: Segments::Owned(&self.segments),
            has_segments: !self.segments.is_empty(),
        }
    }

    /// The same, taken from a ledger.
    pub fn held_by(mut self, ledger: &Arc<Ledger>) -> Result<OwnedFrame, Overdrawn> {
        self.held = ledger.reserve(self.bytes.len() as u64 + OWNED)?;
        Ok(self)
    }

    /// One error of a few words.
    pub fn error(messages: &[&str], stack: Option<&str>) -> OwnedFrame {
        let strings: Vec<&[u8]> =
            messages.iter().copied().chain(stack).map(str::as_bytes).collect();
        let flag = if stack.is_some() { HAS_STACK } else { 0 };
        let count = strings.len() as u32 | flag;
        OwnedFrame::of(Some(Slot { tag: tag::ERROR, aux: count, payload: 0 }), &strings)
    }

    /// One string.
    pub fn string(text: &str) -> OwnedFrame {
        OwnedFrame::of(None, &[text.as_bytes()])
    }

    /// One integer.
    pub fn integer(integer: i64) -> OwnedFrame {
        let slot = Slot { tag: tag::INTEGER, aux: 0, payload: integer as u64 };
        OwnedFrame::of(Some(slot), &[])
    }

    fn of(head: Option<Slot>, strings: &[&[u8]]) -> OwnedFrame {
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
        OwnedFrame { bytes, slots, count: 1, segments: Vec::new(), held: Reservation::default() }
    }
}
