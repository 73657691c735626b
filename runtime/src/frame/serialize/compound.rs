//! Sequences, tables and argument lists that are being written.

use crate::frame::arguments::Arguments;
use crate::frame::encode::Mark;
use crate::frame::tag;
use crate::frame::writer::Writer;
use crate::value::conversion_error::{ConversionError, wording};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

/// What the elements are part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::frame) enum Kind {
    /// Nothing: they stand side by side.
    Arguments,
    Sequence,
    Table,
}

pub(in crate::frame) struct Compound<'w, 'e> {
    writer: &'w mut Writer<'e>,
    kind: Kind,
    /// Where the slot is whose count is still to come.
    at: usize,
    count: u32,
    /// What was there before the pair that is being written.
    pair: Mark,
    /// The variant that this is the content of, and where its table is.
    variant: Option<(&'static str, usize)>,
}

impl<'w, 'e> Compound<'w, 'e> {
    #[inline]
    pub fn arguments(writer: &'w mut Writer<'e>) -> Compound<'w, 'e> {
        let pair = writer.mark();
        Compound { writer, kind: Kind::Arguments, at: 0, count: 0, pair, variant: None }
    }

    #[inline]
    pub fn open(
        writer: &'w mut Writer<'e>,
        kind: Kind,
    ) -> Result<Compound<'w, 'e>, ConversionError> {
        let tag = if kind == Kind::Table { tag::TABLE } else { tag::SEQUENCE };
        let at = writer.open(tag)?;
        let pair = writer.mark();
        Ok(Compound { writer, kind, at, count: 0, pair, variant: None })
    }

    pub fn open_variant(
        writer: &'w mut Writer<'e>,
        name: &'static str,
        kind: Kind,
    ) -> Result<Compound<'w, 'e>, ConversionError> {
        let table = writer.open(tag::TABLE)?;
        writer.string(name.as_bytes())?;
        let content = Compound::open(writer, kind)?;
        Ok(Compound { variant: Some((name, table)), ..content })
    }

    #[inline]
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
        if self.kind == Kind::Arguments {
            self.writer.arguments += 1;
            return value.serialize(Arguments::element(self.writer));
        }
        let at = self.writer.mark().at;
        let result = value.serialize(&mut *self.writer);
        let result = result.and_then(|()| match self.writer.is_nil_at(at) {
            true => Err(ConversionError::refused(wording::nil_in_sequence())),
            false => Ok(()),
        });
        self.count += 1;
        result.map_err(|e| self.inside(e.in_index(u64::from(self.count))))
    }

    #[inline]
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConversionError> {
        self.pair = self.writer.mark();
        let result = key.serialize(&mut *self.writer).map_err(ConversionError::in_key);
        let result = result.and_then(|()| self.writer.check_key_at(self.pair.at));
        result.map_err(|e| self.inside(e))
    }

    /// The value of a pair, with which the pair goes if it is nil: a table cannot
    /// hold it.
    #[inline]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
        let at = self.writer.mark().at;
        if let Err(error) = value.serialize(&mut *self.writer) {
            let key = self.writer.key_path_at(self.pair.at);
            return Err(self.inside(error.within(&key)));
        }
        if self.writer.is_nil_at(at) {
            self.writer.encoder.rewind(self.pair, self.writer.rules);
        } else {
            self.count += 1;
        }
        Ok(())
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ConversionError> {
        self.pair = self.writer.mark();
        self.writer.string(name.as_bytes()).map_err(|e| self.inside(e))?;
        self.value(value)
    }

    #[inline]
    fn finish(self) -> Result<(), ConversionError> {
        if self.kind != Kind::Arguments {
            self.writer.close(self.at, self.count);
        }
        if let Some((_, table)) = self.variant {
            self.writer.close(table, 1);
        }
        Ok(())
    }

    /// Where a variant's content stands.
    fn inside(&self, error: ConversionError) -> ConversionError {
        match self.variant {
            Some((name, _)) => error.in_field(name.as_bytes()),
            None => error,
        }
    }
}

impl SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = ConversionError;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConversionError> {
        self.key(key)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConversionError> {
        self.value(value)
    }

    #[inline]
    fn end(self) -> Result<(), ConversionError> {
        self.finish()
    }
}

macro_rules! forward {
    ($($trait:ident: $method:ident($($name:ident)?) => $to:ident;)*) => {
        $(impl $trait for Compound<'_, '_> {
            type Ok = ();
            type Error = ConversionError;

            #[inline]
            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($name: &'static str,)?
                value: &T,
            ) -> Result<(), ConversionError> {
                self.$to($($name,)? value)
            }

            #[inline]
            fn end(self) -> Result<(), ConversionError> {
                self.finish()
            }
        })*
    };
}

forward! {
    SerializeSeq: serialize_element() => item;
    SerializeTuple: serialize_element() => item;
    SerializeTupleStruct: serialize_field() => item;
    SerializeTupleVariant: serialize_field() => item;
    SerializeStruct: serialize_field(name) => field;
    SerializeStructVariant: serialize_field(name) => field;
}
