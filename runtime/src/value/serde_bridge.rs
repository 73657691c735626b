//! Handing a value through serde that serde has no words for.
//!
//! A function has no form in serde's data model. So whoever has one puts it in a
//! cell of the thread right before the call of serde that it is meant for, and that
//! call takes it out; whatever is left in the cell after the call is dropped. A
//! serializer or deserializer of another crate never takes anything out, and one of
//! this crate only where it has seen a name from here.

use crate::value::Value;
use crate::value::conversion_error::ConversionError;
use serde::de::{Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use std::cell::Cell;

/// The names of newtypes under which values are handed over.
pub(crate) const FUNCTION: &str = "$luago::Function";
pub(crate) const ERROR: &str = "$luago::Error";
pub(crate) const SEGMENT: &str = "$luago::Segment";
pub(crate) const VARIADIC: &str = "$luago::Variadic";
pub(crate) const VALUE: &str = "$luago::Value";

thread_local! {
    static CELL: Cell<Option<Value>> = const { Cell::new(None) };
}

/// Takes the value out of the cell.
pub(crate) fn take() -> Option<Value> {
    CELL.try_with(Cell::take).ok().flatten()
}

fn put(value: Option<Value>) {
    // Fails only while the thread ends, and then nothing is handed over.
    let _ = CELL.try_with(|cell| cell.set(value));
}

/// Serializes a value under the name of a newtype for a serializer of this crate to
/// take. Any other comes upon a content that refuses to be serialized.
pub(crate) fn serialize<S: Serializer>(
    serializer: S,
    name: &'static str,
    value: Value,
) -> Result<S::Ok, S::Error> {
    put(Some(value));
    let result = serializer.serialize_newtype_struct(name, &Refuse(name));
    put(None);
    result
}

/// The content that other serializers see.
struct Refuse(&'static str);

impl Serialize for Refuse {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        put(None);
        Err(S::Error::custom(match self.0 {
            ERROR => "an error of the host can only be passed to a sandbox",
            SEGMENT => "a segment can only be passed to a sandbox",
            _ => "a Lua function can only be passed to its sandbox",
        }))
    }
}

/// A deserializer that hands its value over, whatever it is asked for. Visitors see
/// a unit and take the value while they do.
pub(crate) struct Handed(pub Value);

impl<'de> Deserializer<'de> for Handed {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        put(Some(self.0));
        let result = visitor.visit_unit();
        put(None);
        result
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}
