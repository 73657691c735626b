//! The sections of a module's bytes, for those who change a few of them.

use std::ops::Range;
use wasm_encoder::Encode;
use wasmparser::Payload;

/// Numbers of sections.
pub(super) const TYPE: u8 = 1;
pub(super) const FUNCTION: u8 = 3;
pub(super) const MEMORY: u8 = 5;
pub(super) const GLOBAL: u8 = 6;
pub(super) const EXPORT: u8 = 7;
pub(super) const START: u8 = 8;
pub(super) const CODE: u8 = 10;

pub(super) struct Section {
    pub id: u8,
    pub range: Range<usize>,
}

impl Section {
    pub fn of(payload: &Payload<'_>) -> Option<Section> {
        payload.as_section().map(|(id, range)| Section { id, range })
    }
}

/// A section that begins with a count, with so many more.
pub(super) fn with_count(section: &[u8], more: u32) -> wasmparser::Result<Vec<u8>> {
    let mut reader = wasmparser::BinaryReader::new(section, 0);
    let count = reader.read_var_u32()?;
    let mut changed = Vec::with_capacity(section.len() + 16);
    count.saturating_add(more).encode(&mut changed);
    changed.extend_from_slice(section.get(reader.original_position()..).unwrap_or_default());
    Ok(changed)
}
