//! Reading the descriptions of layouts, which guests write.

use super::Field;
use super::Layout;
use super::scalar::Scalar;
use super::struct_layout::{DEEPEST, is_name, is_padding};
use crate::error::{Error, Problem};
use std::collections::HashSet;
use std::str::FromStr;

/// How long a description can be, in bytes.
pub(crate) const LONGEST: usize = luago_abi::layout::limit::MAX_DESCRIPTION as usize;

impl FromStr for Layout {
    type Err = Error;

    /// The layout of a description. Fails if it is none, or longer than 64 KiB, or if structs
    /// stand more than 16 deep in each other.
    fn from_str(text: &str) -> Result<Layout, Error> {
        parse(text).map_err(|why| Error::new(Problem::Layout(why)))
    }
}

/// The layout of a description, or why it is none. Only the text that
/// [`Layout::description`] gives is one, to the byte.
fn parse(text: &str) -> Result<Layout, String> {
    if text.len() > LONGEST {
        return Err(format!(
            "cannot read the description of a layout: it has {} bytes, and {LONGEST} are allowed",
            text.len()
        ));
    }
    if let Some(scalar) = Scalar::named(text) {
        return Ok(Layout::of_scalar(scalar));
    }
    let mut reader = Reader { text, at: 0 };
    let layout = reader.structure(1).and_then(|layout| match reader.rest() {
        "" => Ok(layout),
        _ => Err("there is something behind its end".to_string()),
    });
    layout.map_err(|why| {
        format!("cannot read the description of a layout, at byte {}: {why}", reader.at)
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Goes on behind a text, if it stands here.
    fn skips(&mut self, text: &str) -> bool {
        let is_here = self.rest().starts_with(text);
        if is_here {
            self.at += text.len();
        }
        is_here
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.skips(text) { Ok(()) } else { Err(format!("'{text}' is missing")) }
    }

    /// The characters up to the first that cannot be in a name or number.
    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// A number from `least` to 2^31 - 1.
    fn number(&mut self, least: u32) -> Result<u32, String> {
        let start = self.at;
        let word = self.word();
        let is_plain = word.bytes().all(|byte| byte.is_ascii_digit())
            && (word.len() == 1 || !word.starts_with('0'));
        let number = word.parse().ok().filter(|&number| is_plain && number <= i32::MAX as u32);
        number.filter(|&number| number >= least).ok_or_else(|| {
            self.at = start;
            format!("a number from {least} to 2147483647 is missing")
        })
    }

    /// A struct without its braces.
    fn structure(&mut self, depth: u32) -> Result<Layout, String> {
        if depth > DEEPEST {
            return Err(format!("structs stand more than {DEEPEST} deep in each other"));
        }
        self.expect("size ")?;
        let size = self.number(1)?;
        self.expect(" align ")?;
        let align = self.number(1)?;
        if ![1, 2, 4, 8].contains(&align) || !size.is_multiple_of(align) {
            return Err(format!("nothing of {size} bytes is aligned to {align}"));
        }
        let mut fields = Vec::new();
        let mut names = HashSet::new();
        let mut end = 0;
        while fields.is_empty() || self.rest().starts_with(';') {
            self.expect("; ")?;
            let field = self.field(depth)?;
            if !names.insert(field.name.clone()) {
                return Err(format!("there are two fields called '{}'", field.name));
            }
            end = check_offset(&field, end, size, align)?;
            fields.push(field);
        }
        Ok(Layout::structure(size, align, fields))
    }

    fn field(&mut self, depth: u32) -> Result<Field, String> {
        let name = self.word().to_string();
        if !is_name(&name) || is_padding(&name) {
            return Err("the name of a field is missing".to_string());
        }
        self.expect(" ")?;
        let layout = if self.skips("{") {
            let layout = self.structure(depth + 1)?;
            self.expect("}")?;
            layout
        } else {
            let scalar = Scalar::named(self.word());
            Layout::of_scalar(scalar.ok_or_else(|| format!("'{name}' has no type"))?)
        };
        let count = match self.skips("[") {
            true => {
                let count = self.number(1)?;
                self.expect("]")?;
                Some(count)
            }
            false => None,
        };
        self.expect(" @")?;
        let offset = self.number(0)?;
        Ok(Field { name, layout, count, offset })
    }
}

/// The end of a field in a struct of that size and alignment, behind fields up to `before`.
fn check_offset(field: &Field, before: u64, size: u32, align: u32) -> Result<u64, String> {
    let Field { name, offset, .. } = field;
    let len = field.layout.size() as u64 * u64::from(field.count.unwrap_or(1));
    let end = u64::from(*offset) + len;
    if u64::from(*offset) < before {
        return Err(format!("'{name}' begins before the end of the field in front of it"));
    }
    if end > u64::from(size) {
        return Err(format!("'{name}' ends behind the end of its struct"));
    }
    // A struct that is aligned to 1 byte can be packed, and its fields stand anywhere.
    let inner = field.layout.align();
    if align > 1 && (inner > align as usize || !(*offset as usize).is_multiple_of(inner)) {
        return Err(format!("'{name}' is not aligned"));
    }
    Ok(end)
}
