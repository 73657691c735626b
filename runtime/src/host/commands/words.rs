//! Splits the text of a command as a POSIX shell does, and refuses what it would do besides.
//!
//! Whether a character is special depends on the quotes around it, so to find out is to split.
//! Both are done in one pass, which cannot disagree with itself.

use std::fmt;

/// A command, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The program and its arguments; at least one word.
    pub words: Vec<Vec<u8>>,
    /// Whether standard input is empty.
    pub has_no_input: bool,
    pub stdout: Sink,
    pub stderr: Sink,
}

impl Line {
    /// A program with its arguments, and nothing redirected.
    pub fn of<const N: usize>(words: [&[u8]; N]) -> Line {
        Line {
            words: words.map(<[u8]>::to_vec).into(),
            has_no_input: false,
            stdout: Sink::Out,
            stderr: Sink::Err,
        }
    }
}

/// Where a stream of a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sink {
    /// Where standard output goes by default.
    Out,
    /// Where standard error goes by default.
    Err,
    Null,
}

/// Why a text is no command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Only a shell can do this.
    Special(u8),
    Redirection,
    Unclosed(u8),
    Assignment,
    Empty,
    TooMany,
}

/// How many words a command can have.
pub(super) const MOST_WORDS: usize = 4096;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Special(b'\n') => f.write_str(
                "a line break between commands needs a shell, and there is none; start them one \
                 by one",
            ),
            Refused::Special(c @ (b'$' | b'`')) => write!(
                f,
                "'{}' needs a shell, and there is none; put it in single quotes if it stands for \
                 itself",
                char::from(*c)
            ),
            Refused::Special(c) => write!(
                f,
                "'{}' needs a shell, and there is none; quote it if it stands for itself",
                char::from(*c)
            ),
            Refused::Redirection => f.write_str(
                "a command is redirected only by 2>&1, >&2, and > or 2> or < with /dev/null, as \
                 there is no shell; quote the character if it stands for itself",
            ),
            Refused::Unclosed(quote) => {
                write!(f, "the quote {} is not closed", char::from(*quote))
            }
            Refused::Assignment => f.write_str(
                "no variable can be set for a command, as there is no shell; grant it to the \
                 sandbox",
            ),
            Refused::Empty => f.write_str("there is no command in this"),
            Refused::TooMany => write!(f, "a command has {MOST_WORDS} words at most"),
        }
    }
}

/// What is left of a text, and what was made of the rest.
struct Splitter<'a> {
    text: &'a [u8],
    at: usize,
    words: Vec<Vec<u8>>,
    /// The word that is being read, if there is one.
    word: Option<Vec<u8>>,
    /// Whether a part of it has been quoted.
    is_quoted: bool,
    has_no_input: bool,
    stdout: Sink,
    stderr: Sink,
}

/// Splits a text.
pub(super) fn split(text: &[u8]) -> Result<Line, Refused> {
    let mut splitter = Splitter {
        text,
        at: 0,
        words: Vec::new(),
        word: None,
        is_quoted: false,
        has_no_input: false,
        stdout: Sink::Out,
        stderr: Sink::Err,
    };
    splitter.run()?;
    let Splitter { words, has_no_input, stdout, stderr, .. } = splitter;
    if words.is_empty() {
        return Err(Refused::Empty);
    }
    Ok(Line { words, has_no_input, stdout, stderr })
}

impl<'a> Splitter<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn push(&mut self, byte: u8) {
        self.word.get_or_insert_default().push(byte);
    }

    fn run(&mut self) -> Result<(), Refused> {
        while let Some(byte) = self.next() {
            match byte {
                b' ' | b'\t' => self.end_word()?,
                b'\n' => {
                    self.end_word()?;
                    self.line_break()?;
                }
                b'#' if self.word.is_none() => self.skip_comment(),
                b'\'' => self.single_quotes()?,
                b'"' => self.double_quotes()?,
                b'\\' => match self.next() {
                    Some(b'\n') => {}
                    // At the end it stands for itself.
                    Some(byte) => self.quoted(byte),
                    None => self.quoted(b'\\'),
                },
                b'>' | b'<' => self.redirect(byte)?,
                b'~' if self.word.is_some() => self.push(byte),
                b'=' if self.words.is_empty() && self.is_name() => return Err(Refused::Assignment),
                b'$' | b'`' | b'*' | b'?' | b'[' | b'~' | b';' | b'&' | b'|' | b'(' | b')' => {
                    return Err(Refused::Special(byte));
                }
                _ => self.push(byte),
            }
        }
        self.end_word()
    }

    fn quoted(&mut self, byte: u8) {
        self.is_quoted = true;
        self.push(byte);
    }

    fn end_word(&mut self) -> Result<(), Refused> {
        if let Some(word) = self.word.take() {
            if self.words.len() == MOST_WORDS {
                return Err(Refused::TooMany);
            }
            self.words.push(word);
        }
        self.is_quoted = false;
        Ok(())
    }

    /// Whether what has been read of the word is the name of a variable.
    fn is_name(&self) -> bool {
        let word = self.word.as_deref().unwrap_or_default();
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        !self.is_quoted
            && word.first().is_some_and(|first| !first.is_ascii_digit())
            && word.iter().all(is_letter)
    }

    fn skip_comment(&mut self) {
        while self.peek().is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
    }

    /// After the end of a line: before the first word and after the last it is a blank.
    fn line_break(&mut self) -> Result<(), Refused> {
        if self.words.is_empty() {
            return Ok(());
        }
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' => self.at += 1,
                b'#' => self.skip_comment(),
                _ => return Err(Refused::Special(b'\n')),
            }
        }
        Ok(())
    }

    fn single_quotes(&mut self) -> Result<(), Refused> {
        self.word.get_or_insert_default();
        self.is_quoted = true;
        loop {
            match self.next() {
                Some(b'\'') => return Ok(()),
                Some(byte) => self.push(byte),
                None => return Err(Refused::Unclosed(b'\'')),
            }
        }
    }

    fn double_quotes(&mut self) -> Result<(), Refused> {
        self.word.get_or_insert_default();
        self.is_quoted = true;
        loop {
            match self.next() {
                Some(b'"') => return Ok(()),
                Some(byte @ (b'$' | b'`')) => return Err(Refused::Special(byte)),
                Some(b'\\') => match self.next() {
                    Some(b'\n') => {}
                    Some(byte @ (b'$' | b'`' | b'"' | b'\\')) => self.push(byte),
                    Some(byte) => {
                        self.push(b'\\');
                        self.push(byte);
                    }
                    None => return Err(Refused::Unclosed(b'"')),
                },
                Some(byte) => self.push(byte),
                None => return Err(Refused::Unclosed(b'"')),
            }
        }
    }

    /// After `<` or `>`, before which there may be the number of a stream.
    fn redirect(&mut self, by: u8) -> Result<(), Refused> {
        let number = match self.word.as_deref() {
            Some([digit @ b'0'..=b'9']) if !self.is_quoted => Some(*digit),
            Some(word) if !self.is_quoted && word.iter().all(u8::is_ascii_digit) => {
                return Err(Refused::Redirection);
            }
            _ => None,
        };
        match number {
            Some(_) => self.word = None,
            None => self.end_word()?,
        }
        if by == b'>' && self.peek() == Some(b'&') {
            self.at += 1;
            let target = match self.redirected_to()? {
                b"1" => self.stdout,
                b"2" => self.stderr,
                _ => return Err(Refused::Redirection),
            };
            return self.set_sink(number, target);
        }
        if self.redirected_to()? != b"/dev/null" {
            return Err(Refused::Redirection);
        }
        match (by, number) {
            (b'<', None | Some(b'0')) => self.has_no_input = true,
            (b'>', number) => return self.set_sink(number, Sink::Null),
            _ => return Err(Refused::Redirection),
        }
        Ok(())
    }

    fn set_sink(&mut self, number: Option<u8>, sink: Sink) -> Result<(), Refused> {
        match number {
            None | Some(b'1') => self.stdout = sink,
            Some(b'2') => self.stderr = sink,
            Some(_) => return Err(Refused::Redirection),
        }
        Ok(())
    }

    /// The word that follows a redirection, which has to be a plain one.
    fn redirected_to(&mut self) -> Result<&'a [u8], Refused> {
        let text = self.text;
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let start = self.at;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
        while self.peek().is_some_and(is_plain) {
            self.at += 1;
        }
        match self.peek() {
            // What comes next is looked at where it is its turn.
            None | Some(b' ' | b'\t' | b'\n' | b'<' | b'>' | b'|' | b'&' | b';' | b'(' | b')') => {
                Ok(&text[start..self.at])
            }
            Some(_) => Err(Refused::Redirection),
        }
    }
}
