//! The types whose values pass through serde by way of the bridge of `luago_segment`, as serde has
//! no words for them: see [`Bridged`].

use crate::value::Value;
use crate::value::conversion_error::ConversionError;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use luago_segment::Segment;
pub(crate) use luago_segment::internal::{Bridged, take};
use std::cell::Cell;
use std::thread::LocalKey;

/// A deserializer that hands its value over, whatever it is asked for.
pub(crate) type BridgeDeserializer<T> =
    luago_segment::internal::BridgeDeserializer<T, ConversionError>;

impl Bridged for Value {
    const NAME: &'static str = "$luago::Value";

    #[inline]
    fn cell() -> &'static LocalKey<Cell<Option<Value>>> {
        thread_local!(static CELL: Cell<Option<Value>> = const { Cell::new(None) });
        &CELL
    }
}

/// The value that is being serialized under a name, if it is that of a type which has no form
/// in serde.
#[inline]
pub(crate) fn take_named(name: &str) -> Option<Value> {
    match name {
        Function::NAME => take().map(Value::Function),
        HostError::NAME => take().map(Value::Error),
        Segment::NAME => take().map(Value::Segment),
        _ => None,
    }
}
