//! The form in which values pass between the host and a guest.
//!
//! A frame is a run of slots of 16 bytes, little-endian: a tag of 32 bits, `aux` of 32
//! bits and a payload of 64. What is inside a compound value follows it at once, so a
//! frame is written and read in one pass, from front to back.
//!
//! | tag | aux | payload | followed by |
//! |---|---|---|---|
//! | nil | | | |
//! | boolean | | 0 or 1 | |
//! | integer | | an `i64` | |
//! | number | | the bits of an `f64` | |
//! | string | length | to the guest: 0; to the host: the address of the bytes | to the guest: the bytes, zeros up to the next slot |
//! | sequence | count | | the values |
//! | table | pairs | | key, value, key, value… |
//! | function | | the id of a handle in the guest | |
//! | host function, to the guest only | | its id | |
//! | error | n, at least 1; bit 31: with a stack | the id of the error that the host has kept, or 0 | n strings: the message, then the causes, then the stack |
//! | large, to a Lua guest only | length | where the bytes are in the second buffer | |
//! | stream, from Go to Lua | | its number | |
//! | segment | the handle that the guest knows it by | to the guest: flags, and in the upper half its bytes in all | one integer: where the part starts, and in the upper half how long it is |
//! | view | 2 | the fingerprint of the layout | a segment, and the layout's description as a string |
//!
//! A large string may stand wherever a string does. The number of values that stand
//! side by side in a frame is passed beside it.

pub(crate) use luago_abi::frame::error::{HAS_STACK, MAX_STRINGS};
pub(crate) use luago_abi::frame::{tag, view};

use crate::memory::bytes::GuestBytes;
use crate::value::conversion_error::path;

mod access;
mod decode;
pub(crate) mod decoder;
mod deserialize;
mod encode;
pub(crate) mod encoder;
pub(crate) mod fuzz;
mod native;
pub(crate) mod owned;
mod results;
pub(crate) mod rules;
mod serialize;
pub(crate) mod transfer;
pub(crate) mod validated;
mod weight;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

/// The bytes of a slot.
pub(crate) const SLOT: usize = luago_abi::frame::slot::SIZE as usize;

/// The part of a frame that everything is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub tag: u32,
    pub aux: u32,
    pub payload: u64,
}

impl Slot {
    /// Reads each field by itself, as the guest wrote it: a processor can take a value
    /// that has just been written over from its store, but not one put together from several.
    #[inline]
    pub fn from_bytes(bytes: &[u8; SLOT]) -> Slot {
        let [a, b, c, d, e, f, g, h, payload @ ..] = bytes;
        Slot {
            tag: u32::from_le_bytes([*a, *b, *c, *d]),
            aux: u32::from_le_bytes([*e, *f, *g, *h]),
            payload: u64::from_le_bytes(*payload),
        }
    }

    #[inline]
    pub fn to_bytes(self) -> [u8; SLOT] {
        let bits =
            u128::from(self.tag) | (u128::from(self.aux) << 32) | (u128::from(self.payload) << 64);
        bits.to_le_bytes()
    }
}

/// The path that the keys in a frame from a guest make.
pub(crate) fn guest_path(memory: &GuestBytes<'_>, keys: &[u8]) -> String {
    let (slots, _) = keys.as_chunks();
    let mut text = String::new();
    for slot in slots.iter().take(MAX_LEVELS).map(Slot::from_bytes) {
        let name = || {
            let at = u32::try_from(slot.payload).ok()?;
            memory.get(at, slot.aux.min(MAX_NAME))
        };
        text.push_str(&match slot.tag {
            tag::INTEGER => path::index(slot.payload as i64),
            tag::NUMBER => path::index(f64::from_bits(slot.payload)),
            tag::BOOLEAN => path::index(slot.payload != 0),
            tag::STRING => path::field(name().unwrap_or_default()),
            _ => path::index("?"),
        });
    }
    text
}

/// Keys of a path that are looked at, which are as many as tables can be in each other.
const MAX_LEVELS: usize = luago_abi::frame::tables::MAX_DEPTH as usize;

/// Bytes of a name that are looked at; fewer are shown.
const MAX_NAME: u32 = 256;

/// The handles of all functions in a frame from a guest, so that those nobody took
/// can be released.
pub(crate) fn functions_in(frame: &[u8]) -> impl Iterator<Item = u32> {
    let (slots, _) = frame.as_chunks();
    slots.iter().filter_map(|bytes| {
        let slot = Slot::from_bytes(bytes);
        (slot.tag == tag::FUNCTION).then(|| u32::try_from(slot.payload).ok()).flatten()
    })
}
