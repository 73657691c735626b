//! Program text as string literals in programs, with or without syntax errors.

/// A change to the tokens of a text.
#[derive(Clone)]
pub struct Edit {
    /// The change.
    pub change: Change,
    /// The index of the token, modulo their number.
    pub at: usize,
}

/// How an edit changes a token.
#[derive(Clone)]
pub enum Change {
    /// Removes it.
    Delete,
    /// Repeats it.
    Duplicate,
    /// Ends the text before it.
    Cut,
    /// Inserts a word before it: the one with this index in [`WORDS`], modulo their number.
    Insert(usize),
    /// Replaces it by such a word.
    Replace(usize),
}

/// Tokens that cause syntax errors in most positions.
const WORDS: &str = r#"
    end ( ) = local then do function } { :: 1 x "a" .. ... break goto return ~ // & <const> nil
    until ] [ [[ ]] --[[ ' 0x 1e 3..2 \ @ ! ~= "\q" "\300" "\xz" "\u{110000000}" if elseif not , ; #
    : . 1x in for global <close> '\z é
"#;

/// Applies edits to a text, one after another.
pub fn apply(mut text: String, edits: &[Edit]) -> String {
    for edit in edits {
        let tokens = tokens(&text);
        if tokens.is_empty() {
            break;
        }
        let (start, end) = tokens[edit.at % tokens.len()];
        let token = text[start..end].to_owned();
        match edit.change {
            Change::Delete => text.replace_range(start..end, ""),
            Change::Duplicate => text.insert_str(start, &format!("{token} ")),
            Change::Cut => text.truncate(start),
            Change::Insert(word) => text.insert_str(start, &format!("{} ", self::word(word))),
            Change::Replace(word) => text.replace_range(start..end, self::word(word)),
        }
    }
    text
}

fn word(number: usize) -> &'static str {
    let count = WORDS.split_whitespace().count();
    WORDS.split_whitespace().nth(number % count).unwrap_or_default()
}

/// The ranges of words, strings and other tokens.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 128;
        at += match bytes[at] {
            b' ' | b'\n' => {
                at += 1;
                continue;
            }
            quote @ (b'"' | b'\'') => string_length(&bytes[at..], quote),
            byte if word(&byte) => bytes[at..].iter().take_while(|byte| word(byte)).count(),
            _ => 1,
        };
        tokens.push((start, at));
    }
    tokens
}

/// The length of a string literal with its quotes.
fn string_length(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    let mut end = (at + 1).min(bytes.len());
    while end < bytes.len() && bytes[end] & 0xC0 == 0x80 {
        end += 1;
    }
    end
}

/// Appends a text as a Lua string literal.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b'\n' => out.push_str("\\n"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\{byte:03}")),
        }
    }
    out.push('"');
}
