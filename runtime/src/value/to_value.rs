//! From a Rust type to a value, without a frame between.

use crate::value::conversion_error::{ConversionError, wording};
use crate::value::from_value::MAX_DEPTH;
use crate::value::key::Key;
use crate::value::{Table, Value, bridged_types};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Makes a value of a Rust type.
///
/// # Errors
///
/// If it has a map with keys that a table cannot have, an integer that does not fit
/// in an `i64`, or more than 128 levels of tables.
///
/// ```
/// use luago::{Value, to_value};
///
/// let value = to_value(&("oak", 312))?;
/// assert_eq!(value, Value::from(vec![Value::from("oak"), Value::from(312)]));
/// # Ok::<(), luago::ConversionError>(())
/// ```
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, ConversionError> {
    value.serialize(ValueSerializer { depth: MAX_DEPTH }).map_err(|e| e.at_root("value"))
}

/// Makes a value, with so many levels of tables to go down.
#[derive(Clone, Copy)]
struct ValueSerializer {
    depth: u32,
}

impl ValueSerializer {
    fn below(self) -> Result<ValueSerializer, ConversionError> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(ValueSerializer { depth }),
            None => Err(ConversionError::too_deep(MAX_DEPTH)),
        }
    }
}

/// What an integer is in Lua.
fn integer<I>(integer: I) -> Result<Value, ConversionError>
where
    I: TryInto<i64> + std::fmt::Display + Copy,
{
    let fits = integer.try_into();
    fits.map(Value::Integer).map_err(|_| ConversionError::refused(wording::too_large(integer)))
}

/// The table that a variant with a value is: `{Name = value}`.
fn variant(name: &'static str, value: Value) -> Result<Value, ConversionError> {
    match value {
        Value::Nil => Err(ConversionError::refused(wording::nil_in_variant(name))),
        value => Ok(Value::Table(Table::from([(name, value)]))),
    }
}

macro_rules! plain {
    ($($method:ident($value:ident: $type:ty) => $to:expr;)*) => {
        $(fn $method(self, $value: $type) -> Result<Value, ConversionError> {
            $to
        })*
    };
}

impl Serializer for ValueSerializer {
    type Ok = Value;
    type Error = ConversionError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Pairs;
    type SerializeStruct = Pairs;
    type SerializeStructVariant = Pairs;

    plain! {
        serialize_bool(value: bool) => Ok(Value::Boolean(value));
        serialize_i8(value: i8) => Ok(Value::Integer(value.into()));
        serialize_i16(value: i16) => Ok(Value::Integer(value.into()));
        serialize_i32(value: i32) => Ok(Value::Integer(value.into()));
        serialize_i64(value: i64) => Ok(Value::Integer(value));
        serialize_i128(value: i128) => integer(value);
        serialize_u8(value: u8) => Ok(Value::Integer(value.into()));
        serialize_u16(value: u16) => Ok(Value::Integer(value.into()));
        serialize_u32(value: u32) => Ok(Value::Integer(value.into()));
        serialize_u64(value: u64) => integer(value);
        serialize_u128(value: u128) => integer(value);
        serialize_f32(value: f32) => Ok(Value::Number(value.into()));
        serialize_f64(value: f64) => Ok(Value::Number(value));
        serialize_char(value: char) => Ok(Value::from(value.to_string()));
        serialize_str(value: &str) => Ok(Value::from(value));
        serialize_bytes(value: &[u8]) => Ok(Value::from(value));
        serialize_unit_struct(_name: &'static str) => Ok(Value::Nil);
    }

    fn serialize_none(self) -> Result<Value, ConversionError> {
        Ok(Value::Nil)
    }

    fn serialize_unit(self) -> Result<Value, ConversionError> {
        Ok(Value::Nil)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ConversionError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, ConversionError> {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ConversionError> {
        match bridged_types::take_named(name) {
            Some(value) => Ok(value),
            None => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Value, ConversionError> {
        let value = value.serialize(self.below()?).map_err(|e| e.in_field(name.as_bytes()))?;
        variant(name, value)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, ConversionError> {
        Ok(Items::new(self.below()?, length, None))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, ConversionError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Items, ConversionError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, ConversionError> {
        Ok(Items::new(self.below()?.below()?, Some(length), Some(variant)))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Pairs, ConversionError> {
        Ok(Pairs::new(self.below()?, None))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Pairs, ConversionError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Pairs, ConversionError> {
        Ok(Pairs::new(self.below()?.below()?, Some(variant)))
    }
}

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

struct Items {
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

struct Pairs {
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
