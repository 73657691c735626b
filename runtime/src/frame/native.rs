//! Values whose shape is not known beforehand, without the detour through serde.

use super::decoder::{Decoder, unknown_tag};
use super::tag;
use crate::value::Table;
use crate::value::Value;
use crate::value::conversion_error::ConversionError;
use crate::value::key::Key;

impl Decoder<'_> {
    /// The next value, whatever it is. Recursion ends where the rules end depth.
    pub(super) fn any_value(&mut self) -> Result<Value, ConversionError> {
        let slot = self.take()?;
        Ok(match slot.tag {
            tag::NIL => Value::Nil,
            tag::BOOLEAN => Value::Boolean(self.boolean(slot)?),
            tag::INTEGER => Value::Integer(slot.payload as i64),
            tag::NUMBER => Value::Number(f64::from_bits(slot.payload)),
            tag::STRING => Value::from(self.string(slot)?),
            tag::SEQUENCE => self.any_sequence(slot.aux)?,
            tag::TABLE => self.any_table(slot.aux)?,
            tag::FUNCTION => Value::Function(self.function(slot)?),
            tag::SEGMENT => Value::Segment(self.segment(slot)?),
            tag::VIEW => Value::Segment(self.view(slot)?),
            tag::ERROR => Value::Error(self.error(slot)?),
            _ => return Err(unknown_tag()),
        })
    }

    fn any_sequence(&mut self, count: u32) -> Result<Value, ConversionError> {
        self.owe(u64::from(count))?;
        self.enter()?;
        self.weigh(u64::from(count) * size_of::<Value>() as u64)?;
        let mut values = Vec::with_capacity(count as usize);
        for index in 1..=u64::from(count) {
            values.push(self.any_value().map_err(|e| e.in_index(index))?);
        }
        self.leave();
        Ok(Value::Sequence(values))
    }

    fn any_table(&mut self, count: u32) -> Result<Value, ConversionError> {
        self.owe(2 * u64::from(count))?;
        self.enter()?;
        // It is a tree of nodes that have room for eleven pairs, and may be half empty.
        let pair = (size_of::<Key>() + size_of::<Value>()) as u64;
        self.weigh((2 * u64::from(count) + 11) * pair)?;
        let mut table = Table::new();
        for _ in 0..count {
            let slot = self.peek_key()?;
            self.take()?;
            let key = match self.plain_key(slot)? {
                Some(key) => key,
                None => Key::from(self.string(slot)?),
            };
            let value = self.any_value().map_err(|e| e.within(&key.path()))?;
            table.insert(key, value);
        }
        self.leave();
        Ok(match table.is_empty() {
            // One form for what Lua cannot tell apart.
            true => Value::Sequence(Vec::new()),
            false => Value::Table(table),
        })
    }
}
