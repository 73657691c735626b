//! Functions that generated programs may use.

/// The helpers, each of which starts with `local function`.
const TEXT: &str = include_str!("prelude.lua");

/// The helpers that a program uses, directly or through others.
pub fn helpers_for(program: &str) -> String {
    let mut needed = Vec::new();
    for helper in helpers().into_iter().rev() {
        let name = name(helper);
        if std::iter::once(&program).chain(&needed).any(|text| mentions(text, name)) {
            needed.push(helper);
        }
    }
    needed.reverse();
    needed.concat()
}

/// The text of each helper, which may use those before it.
fn helpers() -> Vec<&'static str> {
    let starts: Vec<usize> = TEXT.match_indices("local function ").map(|(at, _)| at).collect();
    let starts = starts.into_iter().filter(|&at| at == 0 || TEXT[..at].ends_with('\n'));
    let mut helpers = Vec::new();
    let mut end = TEXT.len();
    for start in starts.rev() {
        helpers.push(&TEXT[start..end]);
        end = start;
    }
    helpers.reverse();
    helpers
}

fn name(helper: &str) -> &str {
    let name = helper.trim_start_matches("local function ");
    name.split('(').next().unwrap_or_default()
}

/// Whether a text contains the name as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    let in_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    text.match_indices(name).any(|(at, _)| {
        let bytes = text.as_bytes();
        !in_word(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !in_word(bytes.get(at + name.len()))
    })
}
