//! The elements of a path, as Lua would write them.

use bstr::{BStr, ByteSlice};

/// Characters of a string that are shown.
const SHOWN: usize = 40;

/// `[3]`
pub(crate) fn index(index: impl std::fmt::Display) -> String {
    format!("[{index}]")
}

/// `.name`, or `["a b"]` where the name is no identifier.
pub(crate) fn field(name: &[u8]) -> String {
    match name.to_str() {
        Ok(name) if is_identifier(name) => format!(".{name}"),
        _ => format!("[{}]", quoted(name)),
    }
}

/// A string in quotes, escaped and cut.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let end = bytes.char_indices().nth(SHOWN).map_or(bytes.len(), |(start, _, _)| start);
    let (shown, cut) = bytes.split_at_checked(end).unwrap_or((bytes, b""));
    let mut quoted = format!("{:?}", BStr::new(shown));
    if !cut.is_empty() {
        quoted.pop();
        quoted.push_str("…\"");
    }
    quoted
}

fn is_identifier(name: &str) -> bool {
    name.len() <= SHOWN
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_written_with_a_dot_and_other_strings_in_brackets() {
        assert_eq!(field(b"price_2"), ".price_2");
        assert_eq!(field(b"a b"), r#"["a b"]"#);
        assert_eq!(field(b"2nd"), r#"["2nd"]"#);
        assert_eq!(field(b""), r#"[""]"#);
        assert_eq!(field(b"a\"\n\xff"), r#"["a\"\n\xff"]"#);
    }

    #[test]
    fn a_long_string_is_cut_after_forty_characters() {
        assert_eq!(quoted("é".repeat(40).as_bytes()), format!("\"{}\"", "é".repeat(40)));
        assert_eq!(quoted("é".repeat(41).as_bytes()), format!("\"{}…\"", "é".repeat(40)));
    }
}
