//! Tables.

use super::Value;
use super::key::Key;
use std::collections::{BTreeMap, btree_map};

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
