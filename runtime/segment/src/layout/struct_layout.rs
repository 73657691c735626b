//! Where the fields of a struct stand, and which structs cannot be shared,
//! found out while a crate is compiled.

use super::Field;
use super::Layout;

/// How deep structs can stand in each other.
pub(crate) const DEEPEST: u32 = luago_abi::layout::limit::MAX_DEPTH;
/// How long the name of a field can be, in bytes.
pub(crate) const LONGEST_NAME: usize = luago_abi::layout::field::MAX_NAME as usize;

/// How a type is laid out as a field: alone or as an array, and of what depth.
#[derive(Debug, Clone, Copy)]
pub struct FieldType {
    /// How many elements an array has.
    pub count: Option<u32>,
    /// How many arrays stand in each other.
    pub dimensions: u32,
    /// How deep structs stand in each other.
    pub depth: u32,
}

impl FieldType {
    /// That of a scalar.
    pub const SCALAR: FieldType = FieldType { count: None, dimensions: 0, depth: 0 };

    /// That of an array of these.
    pub const fn array(self, count: usize) -> FieldType {
        assert!(count >= 1, "an array that is shared has to have an element");
        assert!(count <= i32::MAX as usize, "an array that is shared is too long");
        FieldType { count: Some(count as u32), dimensions: self.dimensions + 1, depth: self.depth }
    }
}

/// The offsets of the fields of a struct, its size and its alignment.
#[derive(Debug, Clone, Copy)]
pub struct StructLayout<const N: usize> {
    /// In bytes from the start.
    pub offsets: [usize; N],
    /// In bytes.
    pub size: usize,
    /// In bytes.
    pub align: usize,
}

/// What is known of a struct that is to be shared.
#[derive(Debug, Clone, Copy)]
pub struct StructCheck<const N: usize> {
    /// Where its fields have to stand.
    pub computed: StructLayout<N>,
    /// Where the compiler has put them.
    pub compiled: StructLayout<N>,
    /// What its fields are called.
    pub names: [&'static str; N],
    /// What its fields are.
    pub types: [FieldType; N],
}

/// For `layout!`, and nobody else.
#[doc(hidden)]
impl Layout {
    pub const fn __lay_out<const N: usize>(
        fields: [(usize, usize); N],
        packed: bool,
    ) -> StructLayout<N> {
        lay_out(fields, packed)
    }

    pub const fn __check<const N: usize>(checked: StructCheck<N>) -> FieldType {
        check(checked)
    }

    pub fn __of<const N: usize>(
        size: usize,
        align: usize,
        fields: [(&str, FieldType, &Layout, usize); N],
    ) -> Layout {
        let fields = fields.into_iter().filter(|(name, ..)| !is_padding(name));
        let fields = fields.map(|(name, field_type, layout, offset)| Field {
            name: plain_name(name).to_string(),
            layout: layout.clone(),
            count: field_type.count,
            offset: offset as u32,
        });
        Layout::structure(size as u32, align as u32, fields.collect())
    }
}

/// Lays out fields, of which sizes and alignments are given in bytes, as C does.
const fn lay_out<const N: usize>(fields: [(usize, usize); N], packed: bool) -> StructLayout<N> {
    let mut computed = StructLayout { offsets: [0; N], size: 0, align: 1 };
    let mut at = 0;
    while at < N {
        let (size, align) = (fields[at].0, if packed { 1 } else { fields[at].1 });
        computed.offsets[at] = computed.size.next_multiple_of(align);
        computed.size = computed.offsets[at] + size;
        if align > computed.align {
            computed.align = align;
        }
        at += 1;
    }
    computed.size = computed.size.next_multiple_of(computed.align);
    computed
}

/// Ends the compilation if a struct cannot be shared.
const fn check<const N: usize>(checked: StructCheck<N>) -> FieldType {
    let StructCheck { computed, compiled, names, types } = checked;
    let mut own = FieldType { count: None, dimensions: 0, depth: 1 };
    let mut has_field = false;
    let mut at = 0;
    while at < N {
        assert!(
            computed.offsets[at] == compiled.offsets[at],
            "the compiler places a field elsewhere than the layout that guests have"
        );
        assert!(types[at].dimensions <= 1, "a field cannot be an array of arrays");
        assert!(is_name(plain_name(names[at])), "a name is ASCII, with at most 255 bytes");
        has_field = has_field || !is_padding(names[at]);
        if own.depth <= types[at].depth {
            own.depth = types[at].depth + 1;
        }
        at += 1;
    }
    assert!(has_field, "a struct has a field whose name does not begin with an underscore");
    assert!(own.depth <= DEEPEST, "structs stand too deep in each other");
    assert!(
        computed.size == compiled.size && computed.align == compiled.align,
        "the compiler gives a struct another size than the layout that guests have"
    );
    assert!(computed.size >= 1 && computed.size <= i32::MAX as usize, "a struct is too large");
    own
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
