//! Passing a value through serde that serde has no words for.
//!
//! A segment has no form in serde's data model. So whoever has one puts it in a cell of the
//! thread right before the call of serde that it is meant for, and that call takes it out;
//! whatever is left in the cell after the call is dropped. A serializer or deserializer of
//! another crate never takes anything out, and one of `luago` only where it has seen the name
//! of the type. Each type that passes so has a cell and a name of its own.

use serde::de::{Deserializer, Unexpected, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::thread::LocalKey;

/// A type whose values pass through serde as they are.
pub trait Bridged: Sized + 'static {
    /// The name of the newtype under which they pass.
    const NAME: &'static str;

    /// The cell that they pass through.
    fn cell() -> &'static LocalKey<Cell<Option<Self>>>;
}

/// Takes the value of a type out of its cell.
pub fn take<T: Bridged>() -> Option<T> {
    T::cell().try_with(Cell::take).ok().flatten()
}

fn put<T: Bridged>(value: Option<T>) {
    // Fails only while the thread ends, and then nothing passes.
    let _ = T::cell().try_with(|cell| cell.set(value));
}

/// Serializes a value under the name of its type, for a serializer of `luago` to take. Any
/// other comes upon a content that refuses to be serialized, with these words.
pub fn serialize<T: Bridged, S: Serializer>(
    value: T,
    refusal: &'static str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    put(Some(value));
    let refuse = Refuse::<T> { refusal, of: PhantomData };
    let result = serializer.serialize_newtype_struct(T::NAME, &refuse);
    put::<T>(None);
    result
}

/// The content that other serializers see.
struct Refuse<T> {
    refusal: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T: Bridged> Serialize for Refuse<T> {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        put::<T>(None);
        Err(S::Error::custom(self.refusal))
    }
}

/// Deserializes a value that a deserializer of `luago` hands over under the name of its type.
/// `expected` is what it is called where something else is there.
pub fn deserialize<'de, T: Bridged, D: Deserializer<'de>>(
    expected: &'static str,
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(T::NAME, Taking { expected, of: PhantomData })
}

struct Taking<T> {
    expected: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<'de, T: Bridged> Visitor<'de> for Taking<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<T, E> {
        take().ok_or_else(|| E::invalid_type(Unexpected::Unit, &self))
    }
}

/// A deserializer that hands its value over, whatever it is asked for. Visitors see a unit,
/// and take the value while they do.
pub struct BridgeDeserializer<T, E> {
    value: T,
    error: PhantomData<fn() -> E>,
}

impl<T: Bridged, E> BridgeDeserializer<T, E> {
    /// One of this value.
    pub fn new(value: T) -> BridgeDeserializer<T, E> {
        BridgeDeserializer { value, error: PhantomData }
    }
}

impl<'de, T: Bridged, E: serde::de::Error> Deserializer<'de> for BridgeDeserializer<T, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        put(Some(self.value));
        let result = visitor.visit_unit();
        put::<T>(None);
        result
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}
