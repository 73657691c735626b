//! Values that go on from one guest to another.

use super::encoder::Encoder;
use super::rules::EncodeRules;
use super::validated::{ValidatedFrame, bytes_of};
use super::writer::Writer;
use super::{SLOT, Slot, tag};
use crate::value::conversion_error::ConversionError;

/// Why a stream is not passed on.
const NO_STREAM: &str =
    "a stream for which there is no room, or at a place where there can be none";

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

impl Encoder {
    /// Appends the values of a frame that another guest sent. `stream` gives the number
    /// under which the receiver knows a stream, if there is room for one; a function is good only if `owns` says so.
    pub fn transfer(
        &mut self,
        rules: &EncodeRules,
        validated: &ValidatedFrame<'_>,
        owns: impl Fn(u32) -> bool,
        mut stream: impl FnMut(u32) -> Option<u32>,
    ) -> Result<(), ConversionError> {
        let mark = self.mark();
        let mut writer = Writer::new(self, rules);
        let mut is_range = false;
        let slots = validated.slots.iter().map(Slot::from_bytes).enumerate();
        let result = slots.into_iter().try_for_each(|(index, slot)| {
            if std::mem::take(&mut is_range) {
                return Ok(());
            }
            match slot.tag {
                tag::SEGMENT => {
                    is_range = true;
                    writer.segment_slots(&validated.segment_at(index)?)
                }
                tag::INTEGER => writer.integer(slot.payload as i64),
                tag::STRING => writer.string(&bytes_of(&validated.memory, slot)?),
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
