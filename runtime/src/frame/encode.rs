//! From Rust values to a frame, and which of them stand side by side in it.

use super::encoder::Encoder;
use super::rules::EncodeRules;
use super::serialize::Compound;
use super::tag;
use super::writer::Writer;
use crate::value::bridged_types::Bridged;
use crate::value::conversion_error::ConversionError;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::variadic;
use luago_segment::Segment;
use serde::ser::{Serialize, SerializeSeq, SerializeTuple, SerializeTupleStruct, Serializer};

impl Encoder {
    /// Appends the elements of a tuple or a [`Variadic`](crate::Variadic) as one
    /// argument each, none for a unit and one for anything else, and returns how many
    /// they were. After an error the frame is as before.
    #[inline]
    pub fn arguments<T: Serialize + ?Sized>(
        &mut self,
        rules: &EncodeRules,
        value: &T,
    ) -> Result<u32, ConversionError> {
        self.list(rules, value, "argument")
    }

    /// The results of a host function, in the same way.
    #[inline]
    pub fn results<T: Serialize + ?Sized>(
        &mut self,
        rules: &EncodeRules,
        value: &T,
    ) -> Result<u32, ConversionError> {
        self.list(rules, value, "result")
    }

    #[inline]
    fn list<T: Serialize + ?Sized>(
        &mut self,
        rules: &EncodeRules,
        value: &T,
        kind: &str,
    ) -> Result<u32, ConversionError> {
        let mark = self.mark();
        let mut writer = Writer::new(self, rules);
        match value.serialize(Arguments::new(&mut writer)) {
            Ok(()) => Ok(writer.arguments),
            Err(error) => {
                let argument = writer.arguments.max(1);
                self.rewind(mark, rules);
                Err(error.at_root(&format!("{kind} {argument}")))
            }
        }
    }

    /// Appends one value; a tuple is a sequence. After an error the frame is as
    /// before, and its root is for the caller to add.
    #[inline]
    pub fn value<T: Serialize + ?Sized>(
        &mut self,
        rules: &EncodeRules,
        value: &T,
    ) -> Result<(), ConversionError> {
        let mark = self.mark();
        let result = value.serialize(&mut Writer::new(self, rules));
        if result.is_err() {
            self.rewind(mark, rules);
        }
        result
    }

    /// Appends a function of the host, which no Rust value stands for.
    pub fn host_function(
        &mut self,
        rules: &EncodeRules,
        id: u32,
        kind: u32,
    ) -> Result<(), ConversionError> {
        Writer::new(self, rules).slot(tag::HOST_FUNCTION, kind, u64::from(id))
    }

    /// Appends a function of Lua by its handle.
    pub fn function(&mut self, rules: &EncodeRules, handle: u32) -> Result<(), ConversionError> {
        Writer::new(self, rules).slot(tag::FUNCTION, 0, u64::from(handle))
    }

    /// Appends a table of functions of the host: for each its name, its number and its kind.
    pub fn functions<'n>(
        &mut self,
        rules: &EncodeRules,
        functions: impl Iterator<Item = (&'n str, u32, u32)>,
    ) -> Result<(), ConversionError> {
        let mut writer = Writer::new(self, rules);
        let at = writer.open(tag::TABLE)?;
        let mut count = 0;
        for (name, id, kind) in functions {
            writer.string(name.as_bytes())?;
            writer.slot(tag::HOST_FUNCTION, kind, u64::from(id))?;
            count += 1;
        }
        writer.close(at, count);
        Ok(())
    }
}

/// A list of arguments, or one element of it. A list is a tuple, a
/// [`Variadic`](crate::Variadic) or a unit; an element is any value, or a `Variadic`
/// that goes on with the list.
struct Arguments<'w, 'e> {
    writer: &'w mut Writer<'e>,
    is_element: bool,
    is_variadic: bool,
}

impl<'w, 'e> Arguments<'w, 'e> {
    #[inline]
    fn new(writer: &'w mut Writer<'e>) -> Arguments<'w, 'e> {
        Arguments { writer, is_element: false, is_variadic: false }
    }

    #[inline]
    fn element(writer: &'w mut Writer<'e>) -> Arguments<'w, 'e> {
        Arguments { writer, is_element: true, is_variadic: false }
    }

    /// What writes it as one argument. Elements are counted by their list.
    #[inline]
    fn one(self) -> &'w mut Writer<'e> {
        if !self.is_element {
            self.writer.arguments += 1;
        }
        self.writer
    }
}

macro_rules! one {
    ($($method:ident($($name:ident: $type:ty),*) -> $ok:ty;)*) => {
        $(#[inline]
        fn $method(self, $($name: $type),*) -> Result<$ok, ConversionError> {
            self.one().$method($($name),*)
        })*
    };
}

impl<'w, 'e> Serializer for Arguments<'w, 'e> {
    type Ok = ();
    type Error = ConversionError;
    type SerializeSeq = Elements<'w, 'e>;
    type SerializeTuple = Elements<'w, 'e>;
    type SerializeTupleStruct = Elements<'w, 'e>;
    type SerializeTupleVariant = Compound<'w, 'e>;
    type SerializeMap = Compound<'w, 'e>;
    type SerializeStruct = Compound<'w, 'e>;
    type SerializeStructVariant = Compound<'w, 'e>;

    one! {
        serialize_bool(value: bool) -> ();
        serialize_i8(value: i8) -> ();
        serialize_i16(value: i16) -> ();
        serialize_i32(value: i32) -> ();
        serialize_i64(value: i64) -> ();
        serialize_i128(value: i128) -> ();
        serialize_u8(value: u8) -> ();
        serialize_u16(value: u16) -> ();
        serialize_u32(value: u32) -> ();
        serialize_u64(value: u64) -> ();
        serialize_u128(value: u128) -> ();
        serialize_f32(value: f32) -> ();
        serialize_f64(value: f64) -> ();
        serialize_char(value: char) -> ();
        serialize_str(value: &str) -> ();
        serialize_bytes(value: &[u8]) -> ();
        serialize_none() -> ();
        serialize_unit_struct(name: &'static str) -> ();
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> ();
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize)
            -> Compound<'w, 'e>;
        serialize_map(length: Option<usize>) -> Compound<'w, 'e>;
        serialize_struct(name: &'static str, length: usize) -> Compound<'w, 'e>;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize)
            -> Compound<'w, 'e>;
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), ConversionError> {
        value.serialize(self.one())
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), ConversionError> {
        if self.is_element { self.one().serialize_unit() } else { Ok(()) }
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ConversionError> {
        match name {
            variadic::NAME => {
                // It was counted as an element, which its own elements are instead.
                self.writer.arguments -= u32::from(self.is_element);
                value.serialize(Arguments { is_variadic: true, ..self })
            }
            Function::NAME | HostError::NAME | Segment::NAME => {
                self.one().serialize_newtype_struct(name, value)
            }
            _ => value.serialize(self),
        }
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), ConversionError> {
        self.one().serialize_newtype_variant(name, index, variant, value)
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Elements<'w, 'e>, ConversionError> {
        match self.is_variadic {
            true => Ok(Elements::Arguments(self.writer)),
            false => self.one().serialize_seq(length).map(Elements::Inside),
        }
    }

    #[inline]
    fn serialize_tuple(self, length: usize) -> Result<Elements<'w, 'e>, ConversionError> {
        match self.is_element {
            true => self.one().serialize_tuple(length).map(Elements::Inside),
            false => Ok(Elements::Arguments(self.writer)),
        }
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Elements<'w, 'e>, ConversionError> {
        self.serialize_tuple(length)
    }
}

/// Elements that follow each other: arguments of their own, or parts of one.
enum Elements<'w, 'e> {
    Arguments(&'w mut Writer<'e>),
    Inside(Compound<'w, 'e>),
}

macro_rules! elements {
    ($($trait:ident: $method:ident;)*) => {
        $(impl $trait for Elements<'_, '_> {
            type Ok = ();
            type Error = ConversionError;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
                match self {
                    Elements::Arguments(writer) => {
                        writer.arguments += 1;
                        value.serialize(Arguments::element(writer))
                    }
                    Elements::Inside(compound) => $trait::$method(compound, value),
                }
            }

            #[inline]
            fn end(self) -> Result<(), ConversionError> {
                match self {
                    Elements::Arguments(_) => Ok(()),
                    Elements::Inside(compound) => $trait::end(compound),
                }
            }
        })*
    };
}

elements! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
}
