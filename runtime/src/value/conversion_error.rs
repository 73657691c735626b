//! Why a value could not pass between Rust and Lua.

pub(crate) mod path;
pub(crate) mod wording;

use crate::ledger::Overdrawn;
use crate::value::truncate::cut;
use serde::de::{Expected, Unexpected};
use std::fmt;

/// A value that could not pass between Rust and Lua, and where it stands:
/// `result.items[3].price: expected number, got string "12,50"`.
///
/// Sequences count from 1 in the path, as Lua does.
///
/// ```
/// use luago::{Value, from_value};
///
/// let value = Value::from(vec![Value::from(1), Value::from("two")]);
/// let error = from_value::<Vec<i64>>(value).unwrap_err();
/// assert_eq!(error.to_string(), r#"value[2]: expected integer, got string "two""#);
/// assert_eq!(error.path(), "value[2]");
/// ```
pub struct ConversionError {
    // Boxed, so that a result that is no error stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: Kind,
    path: String,
    message: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mismatch,
    Limit,
    Malformed,
    Foreign,
}

/// Refuses a number that an `f32` can only have as infinity, as one that an integer cannot have.
pub(crate) fn in_f32(value: f64) -> Result<(), ConversionError> {
    if value.is_finite() && (value as f32).is_infinite() {
        let problem = wording::does_not_fit(Unexpected::Float(value), "f32");
        return Err(ConversionError::refused(problem));
    }
    Ok(())
}

impl ConversionError {
    /// Whether a limit on depth, elements or bytes was passed.
    pub fn is_limit(&self) -> bool {
        self.inner.kind == Kind::Limit
    }

    /// Whether the guest sent a frame that breaks the rules. Only a script that
    /// corrupts its own interpreter can make it do so.
    pub fn is_malformed(&self) -> bool {
        self.inner.kind == Kind::Malformed
    }

    /// Whether a function of another sandbox was given.
    pub fn is_foreign(&self) -> bool {
        self.inner.kind == Kind::Foreign
    }

    /// What a guest says of the value that it could not send: a result, of which the
    /// first is number 1, or an argument, which is number 0 and is named elsewhere.
    pub(crate) fn of_guest(
        number: u32,
        path: &str,
        message: String,
        is_limit: bool,
    ) -> ConversionError {
        let root = match number {
            0 => String::new(),
            1 => "result".to_string(),
            _ => format!("result {number}"),
        };
        let kind = if is_limit { Kind::Limit } else { Kind::Mismatch };
        ConversionError::new(kind, message).at_root(&(root + path))
    }

    /// What is wrong with it.
    pub(crate) fn message(&self) -> &str {
        &self.inner.message
    }

    /// Where the value stands, such as `result.items[3].price`.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    #[cold]
    fn new(kind: Kind, message: impl Into<String>) -> ConversionError {
        let inner = Inner { kind, path: String::new(), message: message.into() };
        ConversionError { inner: Box::new(inner) }
    }

    #[cold]
    pub(crate) fn refused(message: impl Into<String>) -> ConversionError {
        ConversionError::new(Kind::Mismatch, message)
    }

    #[cold]
    pub(crate) fn malformed(what: &str) -> ConversionError {
        ConversionError::new(Kind::Malformed, format!("the guest sent a malformed frame: {what}"))
    }

    #[cold]
    pub(crate) fn foreign() -> ConversionError {
        ConversionError::new(
            Kind::Foreign,
            "a function of another sandbox cannot be passed to this one",
        )
    }

    #[cold]
    pub(crate) fn too_deep(limit: u32) -> ConversionError {
        ConversionError::new(
            Kind::Limit,
            format!("more than {limit} levels of tables (limit value_depth)"),
        )
    }

    #[cold]
    pub(crate) fn too_many_elements(limit: u32) -> ConversionError {
        ConversionError::new(
            Kind::Limit,
            format!("more than {limit} elements (limit value_elements)"),
        )
    }

    #[cold]
    pub(crate) fn too_many_bytes(limit: u64) -> ConversionError {
        ConversionError::new(
            Kind::Limit,
            format!("more than {limit} bytes of strings (limit value_bytes)"),
        )
    }

    #[cold]
    pub(crate) fn overdrawn() -> ConversionError {
        ConversionError::new(Kind::Limit, Overdrawn.to_string())
    }

    /// Puts what the path starts from in front of it: `result`, `argument 2`.
    #[cold]
    pub(crate) fn at_root(self, root: &str) -> ConversionError {
        self.within(root)
    }

    #[cold]
    pub(crate) fn in_index(self, index: u64) -> ConversionError {
        self.within(&path::index(index))
    }

    #[cold]
    pub(crate) fn in_field(self, name: &[u8]) -> ConversionError {
        self.within(&path::field(name))
    }

    /// Says that it is a table's key that failed, whose own place has no path.
    #[cold]
    pub(crate) fn in_key(mut self) -> ConversionError {
        self.inner.message.insert_str(0, "in a key: ");
        self
    }

    /// Puts the element that holds the failure in front of the path.
    #[cold]
    pub(crate) fn within(mut self, element: &str) -> ConversionError {
        self.inner.path.insert_str(0, element);
        self
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.inner.path.is_empty() {
            write!(f, "{}: ", self.inner.path)?;
        }
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConversionError({self})")
    }
}

impl std::error::Error for ConversionError {}

/// The bytes of a message that is not of this crate, which may hold what a script wrote.
const MAX_CUSTOM: usize = 4096;

impl serde::ser::Error for ConversionError {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> ConversionError {
        ConversionError::refused(cut(message, MAX_CUSTOM))
    }
}

impl serde::de::Error for ConversionError {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> ConversionError {
        ConversionError::refused(cut(message, MAX_CUSTOM))
    }

    #[cold]
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> ConversionError {
        let expected = expected.to_string();
        ConversionError::refused(wording::invalid_type(unexpected, &expected))
    }

    #[cold]
    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> ConversionError {
        let expected = expected.to_string();
        ConversionError::refused(wording::invalid_value(unexpected, &expected))
    }

    #[cold]
    fn invalid_length(length: usize, expected: &dyn Expected) -> ConversionError {
        ConversionError::refused(format!("expected {expected}, got {length} elements"))
    }

    #[cold]
    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> ConversionError {
        ConversionError::refused(wording::unknown("variant", variant, expected))
    }

    #[cold]
    fn unknown_field(field: &str, expected: &'static [&'static str]) -> ConversionError {
        ConversionError::refused(wording::unknown("field", field, expected))
    }

    #[cold]
    fn missing_field(field: &'static str) -> ConversionError {
        ConversionError::refused(format!("missing field {field:?}"))
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> ConversionError {
        ConversionError::refused(format!("the field {field:?} is there twice"))
    }
}
