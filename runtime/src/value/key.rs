//! What a table can have as a key.

use bstr::{BStr, BString};
use std::cmp::Ordering;

/// A key of a [`Table`](crate::Table). Nil and NaN are none, as in Lua; tables and
/// functions, which Lua takes too, do not pass between Rust and Lua as keys.
///
/// ```
/// use luago::Key;
///
/// assert_eq!(Key::number(2.0), Some(Key::Integer(2)));
/// assert_eq!(Key::number(f64::NAN), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// `true` or `false`
    Boolean(bool),
    /// An integer, and so any number with the exact value of one.
    Integer(i64),
    /// A number that is no integer.
    Number(Float),
    /// A string, which in Lua is any bytes.
    String(BString),
}

impl Key {
    /// The key that Lua takes for a number: the integer if it has the exact value of
    /// one, and none for NaN.
    pub fn number(number: f64) -> Option<Key> {
        match exact_integer(number) {
            Some(integer) => Some(Key::Integer(integer)),
            None if number.is_nan() => None,
            None => Some(Key::Number(Float(number))),
        }
    }

    /// How a path shows it.
    pub(crate) fn path(&self) -> String {
        use crate::value::conversion_error::path::{field, index};
        match self {
            Key::Boolean(boolean) => index(boolean),
            Key::Integer(integer) => index(integer),
            Key::Number(number) => index(format_args!("{:?}", number.get())),
            Key::String(string) => field(string),
        }
    }
}

/// A number that is neither NaN nor an integer that fits in an `i64`; made by
/// [`Key::number`].
///
/// ```
/// use luago::Key;
///
/// let Some(Key::Number(half)) = Key::number(0.5) else { panic!() };
/// assert_eq!(half.get(), 0.5);
/// assert_eq!(Key::number(2.0), Some(Key::Integer(2)));
/// assert_eq!(Key::number(f64::NAN), None);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Float(f64);

impl Float {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Ord for Float {
    fn cmp(&self, other: &Float) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Float) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Float) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Float {}

/// The integer that a number is, if it is one exactly.
#[inline]
pub(crate) fn exact_integer(number: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    ((-END..END).contains(&number) && number.fract() == 0.0).then_some(number as i64)
}

macro_rules! from {
    ($($from:ty => $variant:ident;)*) => {
        $(impl From<$from> for Key {
            fn from(key: $from) -> Key {
                Key::$variant(key.into())
            }
        })*
    };
}

from! {
    bool => Boolean;
    i8 => Integer;
    i16 => Integer;
    i32 => Integer;
    i64 => Integer;
    u8 => Integer;
    u16 => Integer;
    u32 => Integer;
    &str => String;
    String => String;
    &[u8] => String;
    &BStr => String;
    BString => String;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_the_exact_value_of_an_integer_is_that_key() {
        assert_eq!(Key::number(-0.0), Some(Key::Integer(0)));
        assert_eq!(Key::number(-(2f64.powi(63))), Some(Key::Integer(i64::MIN)));
        assert!(matches!(Key::number(2f64.powi(63)), Some(Key::Number(_))));
        assert!(matches!(Key::number(0.5), Some(Key::Number(_))));
        assert!(matches!(Key::number(f64::INFINITY), Some(Key::Number(_))));
        assert_eq!(Key::number(f64::NAN), None);
    }
}
