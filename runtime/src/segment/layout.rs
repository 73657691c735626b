//! What stands where in a struct that several languages share.

use super::description::parse;
use super::field::Field;
use super::fingerprint::{fingerprint, folded};
use super::mismatch::mismatch;
use super::placing::{self, Checked, Placed, Shape};
use super::problem::Problem;
use super::scalar::Scalar;
use crate::error::Error;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

/// What stands where in a value that Rust, Lua and Go share: a number, or a struct with its
/// fields. Its text is its description, which guests give of their own types, too.
///
/// ```
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

    /// A hash of the description, with names in lower case and without underscores. Layouts
    /// that can stand for each other have the same one.
    pub fn fingerprint(&self) -> u64 {
        *self.inner.fingerprint.get_or_init(|| fingerprint(folded(self).description()))
    }

    /// Can what was passed with another layout be read with this one? Everything has to stand
    /// at the same place; upper and lower case and underscores of names play no part.
    ///
    /// Fails with a message that shows both, where they differ.
    pub fn check(&self, passed: &Layout) -> Result<(), Error> {
        if Arc::ptr_eq(&self.inner, &passed.inner)
            || self.description() == passed.description()
            || folded(self) == folded(passed)
        {
            return Ok(());
        }
        Err(Error::segment(Problem::Layout(mismatch(passed, self))))
    }

    /// As `check`, of the description that a guest has given.
    pub(crate) fn check_description(&self, passed: &str) -> Result<(), Error> {
        if self.description() == passed {
            return Ok(());
        }
        self.check(&passed.parse()?)
    }
}

/// For `layout!`, and nobody else.
#[doc(hidden)]
impl Layout {
    pub const fn __place<const N: usize>(fields: [(usize, usize); N], packed: bool) -> Placed<N> {
        placing::place(fields, packed)
    }

    pub const fn __check<const N: usize>(checked: Checked<N>) -> Shape {
        placing::check(checked)
    }

    pub fn __of<const N: usize>(
        size: usize,
        align: usize,
        fields: [(&str, Shape, &Layout, usize); N],
    ) -> Layout {
        let fields = fields.into_iter().filter(|(name, ..)| !placing::is_padding(name));
        let fields = fields.map(|(name, shape, layout, offset)| Field {
            name: placing::plain_name(name).to_string(),
            layout: layout.clone(),
            count: shape.count,
            offset: offset as u32,
        });
        Layout::structure(size as u32, align as u32, fields.collect())
    }
}

impl FromStr for Layout {
    type Err = Error;

    /// The layout of a description. Fails if it is none, or longer than 64 KiB, or if structs
    /// stand more than 16 deep in each other.
    fn from_str(text: &str) -> Result<Layout, Error> {
        parse(text).map_err(|why| Error::segment(Problem::Layout(why)))
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
