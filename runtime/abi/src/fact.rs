//! How facts are written down, so that the list of them is what Rust uses.

/// Constants that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What they are.
    pub doc: &'static str,
    /// What their names begin with in C, if C is to have them.
    pub c: Option<&'static str>,
    /// What their names begin with in Go, if Go is to have them.
    pub go: Option<&'static str>,
    /// The constants.
    pub facts: &'static [Fact],
}

/// A constant.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// Its name in Rust.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// What it means.
    pub doc: &'static str,
}

/// The value of a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Integer(i128),
    /// Text.
    Text(&'static str),
}

/// Functions that one side has and the other calls.
#[derive(Debug, Clone, Copy)]
pub struct Functions {
    /// What they are.
    pub doc: &'static str,
    /// What the names of constants with their names begin with in C, if C is to have them.
    pub c: Option<&'static str>,
    /// The functions.
    pub functions: &'static [Function],
}

/// A function that one side has and the other calls.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// The name of the constant that has its name.
    pub constant: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its parameters and results, such as `(i32, i32) -> (i32)`; `memory` for the memory.
    pub signature: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// Makes a module of constants, and the [`Group`] that lists them.
macro_rules! facts {
    (
        $(#[doc = $group:literal])+
        pub mod $module:ident ($($language:ident $prefix:literal),*) {
            $($(#[doc = $doc:literal])+ $name:ident: $ty:ident = $value:expr;)+
        }
    ) => {
        $(#[doc = $group])+
        pub mod $module {
            $($(#[doc = $doc])+ pub const $name: fact_type!($ty) = $value;)+

            /// All of them.
            pub const GROUP: $crate::Group = $crate::Group {
                $($language: Some($prefix),)*
                facts: &[$($crate::Fact {
                    name: stringify!($name),
                    value: fact_value!($ty $name),
                    doc: concat!($($doc, "\n"),+),
                }),+],
                ..$crate::fact::nameless(concat!($($group, "\n"),+))
            };
        }
    };
}

/// Makes a module of constants with names of functions, and the [`Functions`] that list them.
macro_rules! functions {
    (
        $(#[doc = $group:literal])+
        pub mod $module:ident ($($language:ident $prefix:literal),*) {
            $($(#[doc = $doc:literal])+ $constant:ident: $signature:literal = $name:expr;)+
        }
    ) => {
        $(#[doc = $group])+
        pub mod $module {
            $($(#[doc = $doc])+ pub const $constant: &str = $name;)+

            /// All of them.
            pub const FUNCTIONS: $crate::Functions = $crate::Functions {
                $($language: Some($prefix),)*
                functions: &[$($crate::Function {
                    constant: stringify!($constant),
                    name: $constant,
                    signature: $signature,
                    doc: concat!($($doc, "\n"),+),
                }),+],
                ..$crate::fact::without_functions(concat!($($group, "\n"),+))
            };
        }
    };
}

macro_rules! fact_type {
    (str) => {
        &str
    };
    ($ty:ident) => {
        $ty
    };
}

macro_rules! fact_value {
    (str $name:ident) => {
        $crate::Value::Text($name)
    };
    ($ty:ident $name:ident) => {
        $crate::Value::Integer($name as i128)
    };
}

/// A group to begin with, which no other language has.
pub(crate) const fn nameless(doc: &'static str) -> Group {
    Group { doc, c: None, go: None, facts: &[] }
}

/// A list of functions to begin with.
pub(crate) const fn without_functions(doc: &'static str) -> Functions {
    Functions { doc, c: None, functions: &[] }
}
