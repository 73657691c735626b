//! What each kind of Rust value is in a frame.

mod compound;

use super::writer::Writer;
use super::{HAS_STACK, tag, view};
use crate::value::conversion_error::{ConversionError, wording};
use crate::value::{Value, bridged_types};
pub(super) use compound::{Compound, Kind};
use luago_segment::Segment;
use luago_segment::internal::SegmentParts;
use serde::ser::{Serialize, Serializer};

macro_rules! plain {
    ($($method:ident($self:ident, $value:ident: $type:ty) => $to:expr;)*) => {
        $(#[inline]
        fn $method($self, $value: $type) -> Result<(), ConversionError> {
            $to
        })*
    };
}

impl<'w, 'e> Serializer for &'w mut Writer<'e> {
    type Ok = ();
    type Error = ConversionError;
    type SerializeSeq = Compound<'w, 'e>;
    type SerializeTuple = Compound<'w, 'e>;
    type SerializeTupleStruct = Compound<'w, 'e>;
    type SerializeTupleVariant = Compound<'w, 'e>;
    type SerializeMap = Compound<'w, 'e>;
    type SerializeStruct = Compound<'w, 'e>;
    type SerializeStructVariant = Compound<'w, 'e>;

    plain! {
        serialize_bool(self, value: bool) => self.slot(tag::BOOLEAN, 0, u64::from(value));
        serialize_i8(self, value: i8) => self.integer(value.into());
        serialize_i16(self, value: i16) => self.integer(value.into());
        serialize_i32(self, value: i32) => self.integer(value.into());
        serialize_i64(self, value: i64) => self.integer(value);
        serialize_i128(self, value: i128) => self.wide(value);
        serialize_u8(self, value: u8) => self.integer(value.into());
        serialize_u16(self, value: u16) => self.integer(value.into());
        serialize_u32(self, value: u32) => self.integer(value.into());
        serialize_u64(self, value: u64) => self.wide(value);
        serialize_u128(self, value: u128) => self.wide(value);
        serialize_f32(self, value: f32) => self.serialize_f64(value.into());
        serialize_f64(self, value: f64) => self.slot(tag::NUMBER, 0, value.to_bits());
        serialize_char(self, value: char) => self.string(value.encode_utf8(&mut [0; 4]).as_bytes());
        serialize_str(self, value: &str) => self.string(value.as_bytes());
        serialize_bytes(self, value: &[u8]) => self.string(value);
        serialize_unit_struct(self, _name: &'static str) => self.serialize_unit();
    }

    #[inline]
    fn serialize_none(self) -> Result<(), ConversionError> {
        self.slot(tag::NIL, 0, 0)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), ConversionError> {
        self.slot(tag::NIL, 0, 0)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), ConversionError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), ConversionError> {
        self.string(variant.as_bytes())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ConversionError> {
        match bridged_types::take_named(name) {
            Some(value) => self.bridged(&value),
            None => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), ConversionError> {
        let table = self.open(tag::TABLE)?;
        self.string(variant.as_bytes())?;
        let at = self.mark().at;
        value.serialize(&mut *self).map_err(|e| e.in_field(variant.as_bytes()))?;
        if self.is_nil_at(at) {
            return Err(ConversionError::refused(wording::nil_in_variant(variant)));
        }
        self.close(table, 1);
        Ok(())
    }

    #[inline]
    fn serialize_seq(self, _length: Option<usize>) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open(self, Kind::Sequence)
    }

    #[inline]
    fn serialize_tuple(self, _length: usize) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open(self, Kind::Sequence)
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open(self, Kind::Sequence)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open_variant(self, variant, Kind::Sequence)
    }

    #[inline]
    fn serialize_map(self, _length: Option<usize>) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open(self, Kind::Table)
    }

    #[inline]
    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open(self, Kind::Table)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Compound<'w, 'e>, ConversionError> {
        Compound::open_variant(self, variant, Kind::Table)
    }
}

impl Writer<'_> {
    /// What a value brings that serde has no words for.
    fn bridged(&mut self, value: &Value) -> Result<(), ConversionError> {
        match value {
            Value::Function(function) if self.rules.owners.accepts(function.owner_id()) => {
                self.slot(tag::FUNCTION, 0, u64::from(function.id()))
            }
            Value::Function(_) => Err(ConversionError::foreign()),
            Value::Segment(segment) => self.segment(segment),
            Value::Error(error) => {
                let causes = error.causes();
                let stack = error.stack();
                let flag = if stack.is_some() { HAS_STACK + 1 } else { 0 };
                self.slot(tag::ERROR, causes.len() as u32 + 1 + flag, error.id)?;
                self.string(error.message().as_bytes())?;
                let rest = causes.iter().map(String::as_str).chain(stack);
                rest.into_iter().try_for_each(|text| self.string(text.as_bytes()))
            }
            other => Err(ConversionError::refused(format!(
                "{} cannot be handed over",
                other.type_name()
            ))),
        }
    }

    /// A segment, which the guest knows from now on.
    fn segment(&mut self, segment: &Segment) -> Result<(), ConversionError> {
        let Some(layout) = segment.described() else { return self.segment_slots(segment) };
        self.slot(tag::VIEW, view::VALUES, layout.fingerprint)?;
        self.segment_slots(segment)?;
        self.string(layout.description.as_bytes())
    }

    /// The same without its layout.
    pub fn segment_slots(&mut self, segment: &Segment) -> Result<(), ConversionError> {
        let too_many = "the guest knows too many segments; close some of them first";
        // Both slots, or none: the guest has to give back what it gets.
        if self.rules.elements.saturating_sub(self.encoder.elements) < 2 {
            return Err(ConversionError::too_many_elements(self.rules.elements));
        }
        let info = self.rules.handles.grant(segment);
        let info = info.ok_or_else(|| ConversionError::refused(too_many))?;
        self.encoder.granted.push((self.encoder.bytes.len(), info.handle));
        self.slot(tag::SEGMENT, info.handle, info.payload())?;
        self.slot(tag::INTEGER, 0, range_payload(segment))
    }
}

/// Which part of a segment it is.
fn range_payload(segment: &Segment) -> u64 {
    let range = segment.range();
    u64::from(range.start) | (range.len() as u64) << 32
}
