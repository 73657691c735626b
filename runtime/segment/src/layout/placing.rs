//! Where fields stand, and which structs cannot be shared, found out while a crate is compiled.

use super::Field;
use super::Layout;

/// How deep structs can stand in each other.
pub(crate) const DEEPEST: u32 = luago_abi::layout::limit::MAX_DEPTH;
/// How long the name of a field can be, in bytes.
pub(crate) const LONGEST_NAME: usize = luago_abi::layout::field::MAX_NAME as usize;

/// What a type can be a field as.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// How many elements an array has.
    pub count: Option<u32>,
    /// How many arrays stand in each other.
    pub dimensions: u32,
    /// How deep structs stand in each other.
    pub depth: u32,
}

impl Shape {
    /// The shape of a scalar.
    pub const SCALAR: Shape = Shape { count: None, dimensions: 0, depth: 0 };

    /// The shape of an array.
    pub const fn array(self, count: usize) -> Shape {
        assert!(count >= 1, "an array that is shared has to have an element");
        assert!(count <= i32::MAX as usize, "an array that is shared is too long");
        Shape { count: Some(count as u32), dimensions: self.dimensions + 1, depth: self.depth }
    }
}

/// Where the fields of a struct stand.
#[derive(Debug, Clone, Copy)]
pub struct Placed<const N: usize> {
    /// In bytes from the start.
    pub offsets: [usize; N],
    /// In bytes.
    pub size: usize,
    /// In bytes.
    pub align: usize,
}

/// What is known of a struct that is to be shared.
#[derive(Debug, Clone, Copy)]
pub struct Checked<const N: usize> {
    /// Where its fields have to stand.
    pub placed: Placed<N>,
    /// Where the compiler has put them.
    pub compiled: Placed<N>,
    /// What its fields are called.
    pub names: [&'static str; N],
    /// What its fields are.
    pub shapes: [Shape; N],
}

/// For `layout!`, and nobody else.
#[doc(hidden)]
impl Layout {
    pub const fn __place<const N: usize>(fields: [(usize, usize); N], packed: bool) -> Placed<N> {
        place(fields, packed)
    }

    pub const fn __check<const N: usize>(checked: Checked<N>) -> Shape {
        check(checked)
    }

    pub fn __of<const N: usize>(
        size: usize,
        align: usize,
        fields: [(&str, Shape, &Layout, usize); N],
    ) -> Layout {
        let fields = fields.into_iter().filter(|(name, ..)| !is_padding(name));
        let fields = fields.map(|(name, shape, layout, offset)| Field {
            name: plain_name(name).to_string(),
            layout: layout.clone(),
            count: shape.count,
            offset: offset as u32,
        });
        Layout::structure(size as u32, align as u32, fields.collect())
    }
}

/// Places fields, of which sizes and alignments are given in bytes, as C does.
const fn place<const N: usize>(fields: [(usize, usize); N], packed: bool) -> Placed<N> {
    let mut placed = Placed { offsets: [0; N], size: 0, align: 1 };
    let mut at = 0;
    while at < N {
        let (size, align) = (fields[at].0, if packed { 1 } else { fields[at].1 });
        placed.offsets[at] = placed.size.next_multiple_of(align);
        placed.size = placed.offsets[at] + size;
        if align > placed.align {
            placed.align = align;
        }
        at += 1;
    }
    placed.size = placed.size.next_multiple_of(placed.align);
    placed
}

/// Ends the compilation if a struct cannot be shared.
const fn check<const N: usize>(checked: Checked<N>) -> Shape {
    let Checked { placed, compiled, names, shapes } = checked;
    let mut shape = Shape { count: None, dimensions: 0, depth: 1 };
    let mut has_field = false;
    let mut at = 0;
    while at < N {
        assert!(
            placed.offsets[at] == compiled.offsets[at],
            "the compiler places a field elsewhere than the layout that guests have"
        );
        assert!(shapes[at].dimensions <= 1, "a field cannot be an array of arrays");
        assert!(is_name(plain_name(names[at])), "a name is ASCII, with at most 255 bytes");
        has_field = has_field || !is_padding(names[at]);
        if shape.depth <= shapes[at].depth {
            shape.depth = shapes[at].depth + 1;
        }
        at += 1;
    }
    assert!(has_field, "a struct has a field whose name does not begin with an underscore");
    assert!(shape.depth <= DEEPEST, "structs stand too deep in each other");
    assert!(
        placed.size == compiled.size && placed.align == compiled.align,
        "the compiler gives a struct another size than the layout that guests have"
    );
    assert!(placed.size >= 1 && placed.size <= i32::MAX as usize, "a struct is too large");
    shape
}

/// Whether a field only takes room.
pub(super) const fn is_padding(name: &str) -> bool {
    matches!(name.as_bytes(), [b'_', ..])
}

/// The name without the mark of a name that would be a keyword.
const fn plain_name(name: &str) -> &str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Whether a field can be called so.
pub(super) const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST_NAME || bytes[0].is_ascii_digit() {
        return false;
    }
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() && bytes[at] != b'_' {
            return false;
        }
        at += 1;
    }
    true
}
