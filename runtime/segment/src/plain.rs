//! Types of Rust whose values are bytes at fixed places.

use crate::layout::Layout;
use crate::layout::scalar::Scalar;
use crate::layout::struct_layout::FieldType;
use std::sync::OnceLock;

/// A type whose values are bytes at fixed places, which Lua and Go can read: numbers of a fixed
/// size, `bool`, arrays of such, and structs of [`layout!`](crate::layout!). Any bytes are a
/// value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the same layout in all languages",
    note = "use a number of a fixed size, bool, an array of these, or a struct of `luago::layout!`"
)]
pub trait Plain: Copy + 'static {
    /// The bytes that a value takes.
    const SIZE: usize;

    /// Its alignment in C, in bytes.
    const ALIGN: usize;

    #[doc(hidden)]
    const __FIELD_TYPE: FieldType;

    /// What stands where in a value; for an array, in an element.
    fn layout() -> &'static Layout;

    /// The value that stands in [`SIZE`](Plain::SIZE) bytes. Panics if there are fewer.
    fn read(bytes: &[u8]) -> Self;

    /// Writes the value to [`SIZE`](Plain::SIZE) bytes, except to those between fields. Panics
    /// if there are fewer.
    fn write(&self, bytes: &mut [u8]);
}

macro_rules! numbers {
    ($($number:ident $scalar:ident),+) => {$(
        impl Plain for $number {
            const SIZE: usize = size_of::<$number>();
            const ALIGN: usize = size_of::<$number>();
            const __FIELD_TYPE: FieldType = FieldType::SCALAR;

            fn layout() -> &'static Layout {
                static LAYOUT: OnceLock<Layout> = OnceLock::new();
                LAYOUT.get_or_init(|| Layout::of_scalar(Scalar::$scalar))
            }

            #[inline]
            fn read(bytes: &[u8]) -> $number {
                let mut own = [0; size_of::<$number>()];
                own.copy_from_slice(&bytes[..size_of::<$number>()]);
                $number::from_le_bytes(own)
            }

            #[inline]
            fn write(&self, bytes: &mut [u8]) {
                bytes[..size_of::<$number>()].copy_from_slice(&self.to_le_bytes());
            }
        }
    )+};
}

numbers!(u8 U8, i8 I8, u16 U16, i16 I16, u32 U32, i32 I32, u64 U64, i64 I64, f32 F32, f64 F64);

impl Plain for bool {
    const SIZE: usize = 1;
    const ALIGN: usize = 1;
    const __FIELD_TYPE: FieldType = FieldType::SCALAR;

    fn layout() -> &'static Layout {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| Layout::of_scalar(Scalar::Bool))
    }

    #[inline]
    fn read(bytes: &[u8]) -> bool {
        bytes[0] != 0
    }

    #[inline]
    fn write(&self, bytes: &mut [u8]) {
        bytes[0] = u8::from(*self);
    }
}

impl<T: Plain, const N: usize> Plain for [T; N] {
    const SIZE: usize = T::SIZE * N;
    const ALIGN: usize = T::ALIGN;
    const __FIELD_TYPE: FieldType = T::__FIELD_TYPE.array(N);

    fn layout() -> &'static Layout {
        const { assert!(N > 0, "an array that is shared has to have an element") };
        T::layout()
    }

    #[inline]
    fn read(bytes: &[u8]) -> [T; N] {
        let bytes = &bytes[..T::SIZE * N];
        std::array::from_fn(|at| T::read(&bytes[at * T::SIZE..][..T::SIZE]))
    }

    #[inline]
    fn write(&self, bytes: &mut [u8]) {
        let elements = bytes[..T::SIZE * N].chunks_exact_mut(T::SIZE);
        self.iter().zip(elements).for_each(|(value, element)| value.write(element));
    }
}
