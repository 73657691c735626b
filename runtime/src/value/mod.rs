//! Values of Lua, as Rust holds them, and how types of serde become these.

pub(crate) mod bridged_types;
pub(crate) mod conversion_error;
mod deserialize;
mod from;
pub(crate) mod from_value;
pub(crate) mod function;
pub(crate) mod host_error;
pub(crate) mod key;
pub(crate) mod key_deserializer;
mod serialize;
pub(crate) mod to_value;
pub(crate) mod truncate;
pub(crate) mod variadic;

pub use conversion_error::ConversionError;
pub use from_value::from_value;
pub use function::Function;
pub use host_error::HostError;
pub use key::{Float, Key};
pub use to_value::to_value;
pub use variadic::Variadic;

use bstr::BString;
use key::exact_integer;
use luago_segment::Segment;
use std::collections::{BTreeMap, btree_map};

/// Any value that can pass between Rust and Lua, for data whose shape is not known
/// beforehand. Where it is known, a type of your own that serde can read or write is
/// shorter and faster.
///
/// An empty table of Lua cannot be told from an empty sequence: it arrives as
/// `Sequence(vec![])`.
///
/// ```
/// use luago::{Table, Value};
///
/// let row = Value::from(Table::from_iter([("name", Value::from("oak")), ("age", 312.into())]));
/// assert_eq!(row.get("name").and_then(Value::as_str), Some("oak"));
/// assert_eq!(row.get("age").and_then(Value::as_i64), Some(312));
/// assert!(row.get("height").is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `nil`
    #[default]
    Nil,
    /// `true` or `false`
    Boolean(bool),
    /// An integer of Lua 5.3 and later.
    Integer(i64),
    /// A floating-point number.
    Number(f64),
    /// A string, which in Lua is any bytes.
    String(BString),
    /// A table whose keys are the integers from 1 to its length.
    Sequence(Vec<Value>),
    /// Any other table.
    Table(Table),
    /// A function of Lua.
    Function(Function),
    /// An error that a host function raised.
    Error(HostError),
    /// Memory that is shared, or a part of it.
    Segment(Segment),
}

impl Value {
    /// Whether it is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Boolean(boolean) => Some(*boolean),
            _ => None,
        }
    }

    /// The integer, or a number that is one exactly.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Integer(integer) => Some(*integer),
            Value::Number(number) => exact_integer(*number),
            _ => None,
        }
    }

    /// The number, or an integer as one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Integer(integer) => Some(*integer as f64),
            _ => None,
        }
    }

    /// The string, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()?).ok()
    }

    /// The bytes of the string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::String(string) => Some(string),
            _ => None,
        }
    }

    /// The values of the sequence.
    pub fn as_sequence(&self) -> Option<&[Value]> {
        match self {
            Value::Sequence(values) => Some(values),
            _ => None,
        }
    }

    /// The table; a sequence is none.
    pub fn as_table(&self) -> Option<&Table> {
        match self {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The function.
    pub fn as_function(&self) -> Option<&Function> {
        match self {
            Value::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The error.
    pub fn as_error(&self) -> Option<&HostError> {
        match self {
            Value::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The segment.
    pub fn as_segment(&self) -> Option<&Segment> {
        match self {
            Value::Segment(segment) => Some(segment),
            _ => None,
        }
    }

    /// What a table or a sequence has under a key. The first value of a sequence is
    /// under 1, as in Lua.
    ///
    /// ```
    /// use luago::Value;
    ///
    /// let value = Value::from(vec![Value::from("a"), Value::from("b")]);
    /// assert_eq!(value.get(1), Some(&Value::from("a")));
    /// assert_eq!(value.get(0), None);
    /// ```
    pub fn get(&self, key: impl Into<Key>) -> Option<&Value> {
        match (self, key.into()) {
            (Value::Sequence(values), Key::Integer(index)) => {
                values.get(usize::try_from(index.checked_sub(1)?).ok()?)
            }
            (Value::Table(table), key) => table.get(key),
            _ => None,
        }
    }

    /// `"nil"`, `"boolean"`, `"integer"`, `"number"`, `"string"`, `"table"`,
    /// `"function"`, `"error"` or `"segment"`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Boolean(_) => "boolean",
            Value::Integer(_) => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Sequence(_) | Value::Table(_) => "table",
            Value::Function(_) => "function",
            Value::Error(_) => "error",
            Value::Segment(_) => "segment",
        }
    }
}

/// A table of Lua: values under keys.
///
/// It is ordered by its keys, whatever the order they came in. No value in it is nil:
/// as in Lua, to put nil under a key is to remove the key.
///
/// ```
/// use luago::{Table, Value};
///
/// let mut table = Table::new();
/// table.insert("name", "oak");
/// table.insert(1, true);
/// assert_eq!(table.get(1), Some(&Value::Boolean(true)));
/// table.insert("name", Value::Nil);
/// assert_eq!(table.len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    pairs: BTreeMap<Key, Value>,
}

impl Table {
    /// A table with nothing in it.
    pub fn new() -> Table {
        Table::default()
    }

    /// The value under a key.
    pub fn get(&self, key: impl Into<Key>) -> Option<&Value> {
        self.pairs.get(&key.into())
    }

    /// Whether there is a value under this key.
    pub fn contains_key(&self, key: impl Into<Key>) -> bool {
        self.pairs.contains_key(&key.into())
    }

    /// Puts a value under a key and returns the one that was there. Nil removes.
    pub fn insert(&mut self, key: impl Into<Key>, value: impl Into<Value>) -> Option<Value> {
        match value.into() {
            Value::Nil => self.pairs.remove(&key.into()),
            value => self.pairs.insert(key.into(), value),
        }
    }

    /// Removes a key and returns the value that was there.
    pub fn remove(&mut self, key: impl Into<Key>) -> Option<Value> {
        self.pairs.remove(&key.into())
    }

    /// How many keys there are, of all kinds.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The pairs in the order of their keys.
    pub fn iter(&self) -> btree_map::Iter<'_, Key, Value> {
        self.pairs.iter()
    }

    /// The keys in order.
    pub fn keys(&self) -> btree_map::Keys<'_, Key, Value> {
        self.pairs.keys()
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> btree_map::Values<'_, Key, Value> {
        self.pairs.values()
    }

    /// The table that a sequence is in Lua.
    pub(crate) fn from_sequence(values: Vec<Value>) -> Table {
        values.into_iter().zip(1i64..).map(|(value, index)| (index, value)).collect()
    }
}

impl<K: Into<Key>, V: Into<Value>> FromIterator<(K, V)> for Table {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Table {
        let mut table = Table::new();
        table.extend(pairs);
        table
    }
}

impl<K: Into<Key>, V: Into<Value>> Extend<(K, V)> for Table {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<K: Into<Key>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Table {
    fn from(pairs: [(K, V); N]) -> Table {
        pairs.into_iter().collect()
    }
}

impl IntoIterator for Table {
    type Item = (Key, Value);
    type IntoIter = btree_map::IntoIter<Key, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.into_iter()
    }
}

impl<'t> IntoIterator for &'t Table {
    type Item = (&'t Key, &'t Value);
    type IntoIter = btree_map::Iter<'t, Key, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.iter()
    }
}
