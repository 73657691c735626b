//! From Rust values to a frame.

use super::arguments::Arguments;
use super::encoder::Encoder;
use super::rules::EncodeRules;
use super::tag;
use super::writer::Writer;
use crate::value::conversion_error::ConversionError;
use serde::Serialize;

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
