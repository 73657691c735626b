//! Program text inside of programs: quoted, and with mistakes in it.

/// A change to the tokens of a text.
#[derive(Clone)]
pub struct Edit {
    /// What is done.
    pub change: Change,
    /// To which token; counted modulo their number.
    pub at: usize,
}

/// What an edit does with a token.
#[derive(Clone)]
pub enum Change {
    /// It is left out.
    Delete,
    /// It stands there twice.
    Duplicate,
    /// The text ends before it.
    Cut,
    /// A word comes before it: that number in [`WORDS`], modulo their count.
    Insert(usize),
    /// Such a word takes its place.
    Replace(usize),
}

/// Tokens that do not belong where they are put.
const WORDS: &str = r#"
    end ( ) = local then do function } { :: 1 x "a" .. ... break goto return ~ // & <const> nil
    until ] [ [[ ]] --[[ ' 0x 1e 3..2 \ @ ! ~= "\q" "\300" "\xz" "\u{110000000}" if elseif not , ; #
    : . 1x in for global <close> '\z é
"#;

/// The text after the edits, one after another.
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

/// Where words, strings and signs begin and end.
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

/// How long a string literal is, its quotes counted.
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

/// Appends a Lua string literal that has this text.
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
