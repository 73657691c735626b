//! Sequences and tables that are being made.

use super::{ValueSerializer, variant};
use crate::value::Value;
use crate::value::conversion_error::{ConversionError, wording};
use crate::value::key::Key;
use crate::value::table::Table;
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

/// A value that is all there, or what a variant holds.
fn finish(name: Option<&'static str>, value: Value) -> Result<Value, ConversionError> {
    match name {
        Some(name) => variant(name, value),
        None => Ok(value),
    }
}

/// Where a variant's content stands.
fn inside(name: Option<&'static str>, error: ConversionError) -> ConversionError {
    match name {
        Some(name) => error.in_field(name.as_bytes()),
        None => error,
    }
}

pub(super) struct Items {
    serializer: ValueSerializer,
    values: Vec<Value>,
    variant: Option<&'static str>,
}

impl Items {
    pub fn new(
        serializer: ValueSerializer,
        length: Option<usize>,
        variant: Option<&'static str>,
    ) -> Items {
        // The length is only what someone says it is.
        let capacity = length.unwrap_or(0).min(1024);
        Items { serializer, values: Vec::with_capacity(capacity), variant }
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
        let index = self.values.len() as u64 + 1;
        let value = value.serialize(self.serializer);
        self.values.push(value.map_err(|e| inside(self.variant, e.in_index(index)))?);
        Ok(())
    }

    fn finish(self) -> Result<Value, ConversionError> {
        finish(self.variant, Value::Sequence(self.values))
    }
}

pub(super) struct Pairs {
    serializer: ValueSerializer,
    table: Table,
    key: Option<Key>,
    variant: Option<&'static str>,
}

impl Pairs {
    pub fn new(serializer: ValueSerializer, variant: Option<&'static str>) -> Pairs {
        Pairs { serializer, table: Table::new(), key: None, variant }
    }

    fn field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ConversionError> {
        let value = value.serialize(self.serializer);
        let value = value.map_err(|e| inside(self.variant, e.in_field(name.as_bytes())))?;
        self.table.insert(name, value);
        Ok(())
    }

    fn finish(self) -> Result<Value, ConversionError> {
        finish(self.variant, Value::Table(self.table))
    }
}

impl SerializeMap for Pairs {
    type Ok = Value;
    type Error = ConversionError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConversionError> {
        let key = key.serialize(self.serializer).map_err(ConversionError::in_key)?;
        self.key = Some(as_key(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
        let Some(key) = self.key.take() else {
            return Err(ConversionError::refused("a value was given before its key"));
        };
        let value = value.serialize(self.serializer).map_err(|e| e.within(&key.path()))?;
        self.table.insert(key, value);
        Ok(())
    }

    fn end(self) -> Result<Value, ConversionError> {
        self.finish()
    }
}

fn as_key(value: Value) -> Result<Key, ConversionError> {
    let refused = |what: &str| ConversionError::refused(wording::not_a_key(what));
    match value {
        Value::Boolean(boolean) => Ok(Key::Boolean(boolean)),
        Value::Integer(integer) => Ok(Key::Integer(integer)),
        Value::Number(number) => Key::number(number).ok_or_else(|| refused("NaN")),
        Value::String(string) => Ok(Key::String(string)),
        other => Err(refused(other.type_name())),
    }
}

macro_rules! forward {
    ($($trait:ident for $type:ty: $method:ident($($name:ident)?) => $to:ident;)*) => {
        $(impl $trait for $type {
            type Ok = Value;
            type Error = ConversionError;

            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($name: &'static str,)?
                value: &T,
            ) -> Result<(), ConversionError> {
                self.$to($($name,)? value)
            }

            fn end(self) -> Result<Value, ConversionError> {
                self.finish()
            }
        })*
    };
}

forward! {
    SerializeSeq for Items: serialize_element() => push;
    SerializeTuple for Items: serialize_element() => push;
    SerializeTupleStruct for Items: serialize_field() => push;
    SerializeTupleVariant for Items: serialize_field() => push;
    SerializeStruct for Pairs: serialize_field(name) => field;
    SerializeStructVariant for Pairs: serialize_field(name) => field;
}
