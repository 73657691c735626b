//! Structs that Rust, Lua and Go share.

/// Defines a struct that Rust, Lua and Go share, with the layout that C gives it, or without
/// any gaps if it is `packed`. It is [`Plain`](crate::Plain), for which it has to be `Copy`.
///
/// Fields are numbers of a fixed size, `bool`, other such structs, and arrays of these. A field
/// whose name begins with an underscore takes room, and has no name in other languages. A
/// struct that cannot be shared does not compile.
///
/// ```
/// # extern crate luago_segment as luago;
/// use luago::{Plain, Segment};
///
/// luago::layout! {
///     /// Where something is.
///     #[derive(Debug, Clone, Copy, PartialEq)]
///     pub struct Point {
///         pub x: f64,
///         pub y: f64,
///     }
/// }
/// luago::layout! {
///     #[derive(Debug, Clone, Copy, PartialEq)]
///     struct User {
///         user_id: u64,
///         pos: [Point; 2],
///         ok: bool,
///     }
/// }
///
/// assert_eq!(
///     User::layout().description(),
///     "size 48 align 8; user_id u64 @0; \
///      pos {size 16 align 8; x f64 @0; y f64 @8}[2] @8; ok bool @40",
/// );
/// let here = Point { x: 1.0, y: 2.0 };
/// let user = User { user_id: 7, pos: [here; 2], ok: true };
/// let mut bytes = [0; User::SIZE];
/// user.write(&mut bytes);
/// assert_eq!(User::read(&bytes), user);
/// ```
///
/// ```compile_fail
/// # extern crate luago_segment as luago;
/// luago::layout! {
///     #[derive(Clone, Copy)]
///     struct Grid {
///         cells: [[u8; 3]; 3],
///     }
/// }
/// ```
///
/// ```compile_fail
/// # extern crate luago_segment as luago;
/// luago::layout! {
///     #[derive(Clone, Copy)]
///     struct Name {
///         text: &'static str,
///     }
/// }
/// ```
#[macro_export]
macro_rules! layout {
    (
        $(#[$meta:meta])* $vis:vis packed struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[repr(C, packed)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type,)+
        }
        $crate::layout!(@plain true $name $($field: $type),+);
    };
    (
        $(#[$meta:meta])* $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[repr(C)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type,)+
        }
        $crate::layout!(@plain false $name $($field: $type),+);
    };
    (@plain $packed:literal $name:ident $($field:ident: $type:ty),+) => {
        impl $crate::Plain for $name {
            const SIZE: usize = ::core::mem::size_of::<$name>();
            const ALIGN: usize = ::core::mem::align_of::<$name>();

            const __FIELD_TYPE: $crate::internal::FieldType = {
                let sizes = [$((<$type as $crate::Plain>::SIZE, <$type as $crate::Plain>::ALIGN)),+];
                let computed = $crate::Layout::__lay_out(sizes, $packed);
                $crate::Layout::__check($crate::internal::StructCheck {
                    computed,
                    compiled: $crate::internal::StructLayout {
                        offsets: [$(::core::mem::offset_of!($name, $field)),+],
                        size: ::core::mem::size_of::<$name>(),
                        align: ::core::mem::align_of::<$name>(),
                    },
                    names: [$(::core::stringify!($field)),+],
                    types: [$(<$type as $crate::Plain>::__FIELD_TYPE),+],
                })
            };

            fn layout() -> &'static $crate::Layout {
                static LAYOUT: ::std::sync::OnceLock<$crate::Layout> = ::std::sync::OnceLock::new();
                LAYOUT.get_or_init(|| {
                    $crate::Layout::__of(Self::SIZE, Self::ALIGN, [$((
                        ::core::stringify!($field),
                        <$type as $crate::Plain>::__FIELD_TYPE,
                        <$type as $crate::Plain>::layout(),
                        ::core::mem::offset_of!($name, $field),
                    )),+])
                })
            }

            #[inline]
            fn read(bytes: &[u8]) -> $name {
                let bytes = &bytes[..Self::SIZE];
                $name {
                    $($field: {
                        let bytes = &bytes[::core::mem::offset_of!($name, $field)..];
                        <$type as $crate::Plain>::read(bytes)
                    },)+
                }
            }

            #[inline]
            fn write(&self, bytes: &mut [u8]) {
                let bytes = &mut bytes[..Self::SIZE];
                $({
                    // A copy, since fields of a packed struct cannot be borrowed.
                    let value = self.$field;
                    let bytes = &mut bytes[::core::mem::offset_of!($name, $field)..];
                    <$type as $crate::Plain>::write(&value, bytes);
                })+
            }
        }

        // So that a struct which cannot be shared does not compile, even if it is never used.
        const _: () = { _ = <$name as $crate::Plain>::__FIELD_TYPE };
    };
}
