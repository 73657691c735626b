//! What two layouts have in common if one can stand for the other.
//!
//! Languages write names in their own way: what is `user_id` in Lua is `UserID` in Go. So names
//! are compared without underscores and in lower case.

use super::Field;
use super::Layout;
use luago_abi::layout::fingerprint::{BASIS, PRIME};

impl Layout {
    /// A hash of the description, with names in lower case and without underscores. Layouts
    /// that can stand for each other have the same one.
    pub fn fingerprint(&self) -> u64 {
        *self.inner.fingerprint.get_or_init(|| fingerprint(folded(self).description()))
    }
}

/// The name of a field as names are compared.
fn folded_name(name: &str) -> String {
    name.chars().filter(|&char| char != '_').map(|char| char.to_ascii_lowercase()).collect()
}

/// The same layout with names as they are compared.
pub(crate) fn folded(layout: &Layout) -> Layout {
    if layout.fields().is_empty() {
        return layout.clone();
    }
    let fields = layout.fields().iter().map(folded_field).collect();
    Layout::structure(layout.size() as u32, layout.align() as u32, fields)
}

/// The same field with names as they are compared.
pub(crate) fn folded_field(field: &Field) -> Field {
    let layout = folded(&field.layout);
    Field { name: folded_name(&field.name), layout, count: field.count, offset: field.offset }
}

/// The hash of a text: FNV-1a of 64 bits.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
