//! The tab key: names that the sandbox has, at a terminal.

use luago::Sandbox;
use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper, Result};
use std::cell::RefCell;

/// Completes names while a line is typed. The script does not run meanwhile.
pub struct Names<'a>(RefCell<&'a mut Sandbox>);

impl<'a> Names<'a> {
    pub fn of(sandbox: &'a mut Sandbox) -> Names<'a> {
        Names(RefCell::new(sandbox))
    }
}

impl Completer for Names<'_> {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> Result<(usize, Vec<String>)> {
        let Some(path) = line.get(..at).and_then(path) else { return Ok((at, Vec::new())) };
        let typed = path.rfind(['.', ':']).map_or(path, |mark| &path[mark + 1..]);
        // Where there is no memory for an answer there is none.
        let names = self.0.borrow_mut().complete(path).unwrap_or_default();
        Ok((at - typed.len(), names.iter().map(ToString::to_string).collect()))
    }
}

impl Hinter for Names<'_> {
    type Hint = String;
}

impl Highlighter for Names<'_> {}
impl Validator for Names<'_> {}
impl Helper for Names<'_> {}

/// The end of a text, if that is a name, or fields and methods of one: `f`, `io.st`,
/// `io.stdout:wr`.
fn path(text: &str) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.:".contains(byte);
    let len = text.bytes().rev().take_while(|byte| is_part(byte)).count();
    let path = &text[text.len() - len..];
    // `a..b` is two values.
    let path = path.rfind("..").map_or(path, |dots| &path[dots + 2..]);
    let mut parts = path.split(['.', ':']).peekable();
    let mut marks = path.matches(['.', ':']).rev();
    let is_name = |part: &str| part.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    let (mut names_fit, mut has_any) = (true, !path.is_empty());
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        names_fit &= is_name(part) || (is_last && part.is_empty());
        has_any &= is_last || !part.is_empty();
    }
    // Only what comes last can be a method.
    marks.next();
    (has_any && names_fit && marks.all(|mark| mark == ".")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_completed_is_a_name_and_what_it_is_a_field_of() {
        for (text, expected) in [
            ("pri", Some("pri")),
            ("x = string.fo", Some("string.fo")),
            ("x = a.b.", Some("a.b.")),
            ("f(file:re", Some("file:re")),
            ("a.b:c", Some("a.b:c")),
            ("'x'..na", Some("na")),
            ("x..y.z", Some("y.z")),
            ("é.x", None),
            ("", None),
            ("x = ", None),
            ("1.", None),
            ("1e", None),
            ("f().x", None),
            ("a:b.c", None),
            ("a::b", None),
            ("x..", None),
        ] {
            assert_eq!(path(text), expected, "{text}");
        }
    }
}
