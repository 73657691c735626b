//! Tests of frames, and of what they have in common with `to_value` and `from_value`.

mod bridged_types;
mod hostile;
mod limits;
mod lists;
mod round_trip;
mod transfer;
mod wording;

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::rules::DecodeRules;
use super::rules::{EncodeRules, Owners};
use super::{SLOT, Slot, tag};
use crate::ledger::Ledger;
use crate::memory::bytes::GuestBytes;
use crate::memory::{Handles, Sharing};
use crate::value::conversion_error::ConversionError;
use crate::value::function::Owner;
use luago_segment::Segment;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Arc, OnceLock};

fn owner() -> Arc<Owner> {
    static OWNER: OnceLock<Arc<Owner>> = OnceLock::new();
    OWNER.get_or_init(Owner::new).clone()
}

/// A guest that knows two segments of 64 bytes, of which it can only read the second.
fn handles() -> Handles {
    static SEGMENTS: OnceLock<[Segment; 2]> = OnceLock::new();
    let segments =
        SEGMENTS.get_or_init(|| [Segment::new(64).unwrap(), Segment::new(64).unwrap().read_only()]);
    let handles = Handles::new(Sharing::Copied);
    for (segment, handle) in segments.iter().zip(1..) {
        assert_eq!(handles.grant(segment).unwrap().handle, handle);
    }
    handles
}

pub(crate) fn encode_rules() -> EncodeRules {
    EncodeRules {
        depth: 64,
        elements: 100_000,
        bytes: 1 << 24,
        integers_are_exact: true,
        owners: Owners { own: owner().id(), templates: [].into() },
        handles: handles(),
        ledger: Ledger::endless(),
    }
}

fn decode_rules() -> DecodeRules {
    DecodeRules {
        depth: 64,
        elements: 100_000,
        bytes: 1 << 24,
        owner: owner(),
        handles: handles(),
        ledger: Ledger::endless(),
    }
}

/// A frame as a guest sends it.
#[derive(Default)]
struct Sent {
    frame: Vec<u8>,
    memory: Vec<u8>,
}

impl Sent {
    fn slot(&mut self, tag: u32, aux: u32, payload: u64) -> &mut Sent {
        self.frame.extend(Slot { tag, aux, payload }.to_bytes());
        self
    }

    fn string(&mut self, bytes: &[u8]) -> &mut Sent {
        self.slot(tag::STRING, bytes.len() as u32, self.memory.len() as u64);
        self.memory.extend(bytes);
        self
    }

    fn read<T: DeserializeOwned>(&self, count: u32) -> Result<T, ConversionError> {
        self.read_by(count, &decode_rules())
    }

    fn read_by<T: DeserializeOwned>(
        &self,
        count: u32,
        rules: &DecodeRules,
    ) -> Result<T, ConversionError> {
        Decoder::new(&self.memory[..].into(), &self.frame, count, rules)?.results()
    }
}

/// What a guest would send if it sent back what it was sent.
fn echo(encoder: &Encoder) -> Sent {
    let mut sent = Sent::default();
    let mut rest = encoder.bytes();
    while let Some((bytes, after)) = rest.split_first_chunk() {
        let slot = Slot::from_bytes(bytes);
        let length = slot.aux as usize;
        rest = after;
        match slot.tag {
            tag::STRING => {
                let (string, padding) = after[..length.next_multiple_of(SLOT)].split_at(length);
                assert!(padding.iter().all(|byte| *byte == 0));
                sent.string(string);
                rest = &after[string.len() + padding.len()..];
            }
            tag::LARGE => {
                let at = slot.payload as usize;
                sent.string(&encoder.large()[at..at + length]);
            }
            tag => {
                sent.slot(tag, slot.aux, slot.payload);
            }
        }
    }
    sent
}

/// A value as an argument, and back as a result.
fn through_frame<T: Serialize + ?Sized, U: DeserializeOwned>(
    value: &T,
) -> Result<U, ConversionError> {
    let mut encoder = Encoder::new();
    let count = encoder.arguments(&encode_rules(), value)?;
    echo(&encoder).read(count)
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Result<u32, ConversionError> {
    Encoder::new().arguments(&encode_rules(), value)
}

fn message<T>(result: Result<T, ConversionError>) -> String {
    match result {
        Ok(_) => "no error".to_string(),
        Err(error) => error.to_string(),
    }
}
