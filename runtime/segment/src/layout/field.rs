//! A field of a layout.

use super::Layout;
use std::fmt;

/// A field of a [`Layout`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub(crate) name: String,
    pub(crate) layout: Layout,
    pub(crate) count: Option<u32>,
    pub(crate) offset: u32,
}

impl Field {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The layout of the field; for an array, that of an element.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How many elements an array has; nothing for any other field.
    pub fn count(&self) -> Option<usize> {
        self.count.map(|count| count as usize)
    }

    /// Where it begins, in bytes from the start of the struct that it is a field of.
    pub fn offset(&self) -> usize {
        self.offset as usize
    }

    /// Its size in bytes; for an array, that of all elements.
    pub fn size(&self) -> usize {
        self.layout.size() * self.count().unwrap_or(1)
    }
}

/// As in the description of a layout.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Field { name, layout, count, offset } = self;
        match layout.fields() {
            [] => write!(f, "{name} {layout}")?,
            _ => write!(f, "{name} {{{layout}}}")?,
        }
        if let Some(count) = count {
            write!(f, "[{count}]")?;
        }
        write!(f, " @{offset}")
    }
}
