//! What stands where in a struct that several languages share.

pub(crate) mod description;
pub(crate) mod fingerprint;
mod layout_macro;
mod mismatch;
pub(crate) mod scalar;
pub(crate) mod struct_layout;

use scalar::Scalar;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// What stands where in a value that Rust, Lua and Go share: a number, or a struct with its
/// fields. Its text is its description, which guests give of their own types, too.
///
/// ```
/// # extern crate luago_segment as luago;
/// use luago::{Layout, Plain};
///
/// luago::layout! {
///     #[derive(Clone, Copy)]
///     pub packed struct Packet {
///         pub seq: u32,
///         pub flags: u8,
///         pub data: [u8; 64],
///     }
/// }
///
/// let layout = Packet::layout();
/// let text = "size 69 align 1; seq u32 @0; flags u8 @4; data u8[64] @5";
/// assert_eq!(layout.description(), text);
/// assert_eq!(layout.fields()[2].offset(), 5);
/// assert_eq!(layout.fingerprint(), 0x1359_51f3_62a8_d595);
///
/// let of_a_guest: Layout = text.replace("seq", "Seq").parse()?;
/// layout.check(&of_a_guest)?;
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct Layout {
    inner: Arc<Inner>,
}

struct Inner {
    size: u32,
    align: u32,
    kind: Kind,
    depth: u32,
    description: OnceLock<String>,
    fingerprint: OnceLock<u64>,
}

enum Kind {
    Scalar(Scalar),
    Struct(Vec<Field>),
}

impl Layout {
    /// The layout of a scalar.
    pub(crate) fn of_scalar(scalar: Scalar) -> Layout {
        let size = scalar.size() as u32;
        Layout::of(size, size, Kind::Scalar(scalar), 0)
    }

    /// The layout of a struct, whose fields, one at least, have been checked.
    pub(crate) fn structure(size: u32, align: u32, fields: Vec<Field>) -> Layout {
        let depth = 1 + fields.iter().map(|field| field.layout.depth()).max().unwrap_or(0);
        Layout::of(size, align, Kind::Struct(fields), depth)
    }

    fn of(size: u32, align: u32, kind: Kind, depth: u32) -> Layout {
        let (description, fingerprint) = (OnceLock::new(), OnceLock::new());
        Layout { inner: Arc::new(Inner { size, align, kind, depth, description, fingerprint }) }
    }

    /// Its size in bytes. Elements of an array stand this far from each other.
    pub fn size(&self) -> usize {
        self.inner.size as usize
    }

    /// Its alignment in bytes, as C has it: 1, 2, 4 or 8, and 1 for a packed struct.
    pub fn align(&self) -> usize {
        self.inner.align as usize
    }

    /// Which scalar it is, if it is one.
    pub fn scalar(&self) -> Option<Scalar> {
        match self.inner.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Struct(_) => None,
        }
    }

    /// The fields of a struct, from front to back, without those that only take room: their
    /// names begin with an underscore. A scalar has none, and a struct has at least one.
    pub fn fields(&self) -> &[Field] {
        match &self.inner.kind {
            Kind::Scalar(_) => &[],
            Kind::Struct(fields) => fields,
        }
    }

    /// How deep structs stand in each other; 0 for a scalar.
    pub(crate) fn depth(&self) -> u32 {
        self.inner.depth
    }

    /// Its text, which is the same in all languages. Equal texts are equal layouts.
    pub fn description(&self) -> &str {
        self.inner.description.get_or_init(|| match &self.inner.kind {
            Kind::Scalar(scalar) => scalar.name().to_string(),
            Kind::Struct(fields) => {
                let fields = fields.iter().map(|field| format!("; {field}")).collect::<String>();
                format!("size {} align {}{fields}", self.inner.size, self.inner.align)
            }
        })
    }
}

impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.description() == other.description()
    }
}

impl Eq for Layout {}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description())
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layout({self})")
    }
}

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
