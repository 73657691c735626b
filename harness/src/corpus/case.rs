//! Scripts to compare, and what they say about themselves.
//!
//! A case of the corpus starts with lines of comment such as
//!
//! ```lua
//! -- lua: 5.3-5.5
//! -- varies: order
//! ```
//!
//! | line | meaning |
//! |---|---|
//! | `lua: 5.1-5.2, 5.4` | the versions that it is meant for; without it, every one |
//! | `varies: order, clock` | what may differ; see [`Vary`] |
//! | `results: yes` | the values that it returns are compared too |
//! | `files: yes` | there is an empty folder `files` that it may write to |
//! | `args: one two` | its arguments |
//! | `stdin: a\nb` | its standard input, with the escapes `\n`, `\t`, `\\` and `\xHH` |
//! | `go: scenarios` | a Go guest, which makes it a [scenario](super::Scenario); see [`GuestLine`] |
//!
//! A script of a user needs none of them; they count if the first line is one.

use super::guest::GuestLine;
use crate::files;
use crate::lua::Lua;
use crate::target::{Bounds, Job};
use anyhow::{Context, Result, bail};
use include_dir::{Dir, DirEntry, include_dir};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub(crate) static CORPUS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/cases");

/// The text of the script that runs a case and shows what it returns.
const RESULTS: &[u8] = include_bytes!("results.lua");

/// A script to compare.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name in reports: a path without the ending.
    pub id: String,
    /// The name of its file.
    pub file: String,
    /// What is in the file.
    pub code: Vec<u8>,
    /// The folder it starts in, for a script of a user.
    pub folder: Option<PathBuf>,
    /// What it says about itself.
    pub header: Header,
}

/// What a case says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The versions that it is meant for; empty for all.
    pub luas: Vec<Lua>,
    /// What may differ.
    pub varies: Vec<Vary>,
    /// Are the values that it returns compared?
    pub results: bool,
    /// Does it need a folder to write to?
    pub files: bool,
    /// Its arguments.
    pub args: Vec<Vec<u8>>,
    /// Its standard input.
    pub stdin: Vec<u8>,
    /// The Go guests that it has.
    pub go: Vec<GuestLine>,
}

/// Something that differs between two runs of the same script, natively too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vary {
    /// The order of lines, as when `pairs` gives them.
    Order,
    /// Times and dates.
    Clock,
    /// Random numbers.
    Random,
    /// Sizes of memory.
    Memory,
    /// Addresses that stand alone, as from `%p`. Those after `table: ` and the like
    /// may always differ.
    Addresses,
}

impl fmt::Display for Vary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Vary::Order => "order",
            Vary::Clock => "clock",
            Vary::Random => "random",
            Vary::Memory => "memory",
            Vary::Addresses => "addresses",
        })
    }
}

impl FromStr for Vary {
    type Err = String;

    fn from_str(text: &str) -> Result<Vary, String> {
        Ok(match text {
            "order" => Vary::Order,
            "clock" => Vary::Clock,
            "random" => Vary::Random,
            "memory" => Vary::Memory,
            "addresses" => Vary::Addresses,
            _ => {
                return Err(format!(
                    "{text:?} cannot vary; order, clock, random, memory and addresses can"
                ));
            }
        })
    }
}

impl Header {
    /// Reads the header of a script. A script without one has an empty header.
    pub fn parse(code: &[u8]) -> Result<Header> {
        let mut header = Header::default();
        let code = code.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(code);
        let is_comment = code.first() == Some(&b'#');
        let lines = code.split(|&byte| byte == b'\n').skip(usize::from(is_comment));
        for (at, line) in lines.enumerate() {
            let Some((key, value)) = key_and_value(line) else { break };
            match key {
                "lua" => header.luas = versions(value)?,
                "varies" => {
                    header.varies = value
                        .split(',')
                        .map(|one| one.trim().parse().map_err(anyhow::Error::msg))
                        .collect::<Result<_>>()?;
                }
                "results" => header.results = yes(key, value)?,
                "files" => header.files = yes(key, value)?,
                "args" => header.args = value.split_whitespace().map(Into::into).collect(),
                "stdin" => header.stdin = unescape(value)?,
                "go" => header.go.push(value.parse().map_err(anyhow::Error::msg)?),
                // A script of a user may start with any comment.
                _ if at == 0 => break,
                _ => bail!("line {} of its header has an unknown key, {key:?}", at + 1),
            }
        }
        Ok(header)
    }

    /// Is the case meant for this Lua?
    pub fn is_for(&self, lua: Lua) -> bool {
        self.luas.is_empty() || self.luas.contains(&lua.dialect())
    }
}

fn key_and_value(line: &[u8]) -> Option<(&str, &str)> {
    let line = std::str::from_utf8(line).ok()?.strip_prefix("-- ")?;
    let (key, value) = line.split_once(": ")?;
    let is_word = key.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word.then_some((key, value.trim()))
}

fn versions(text: &str) -> Result<Vec<Lua>> {
    let mut luas = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let parse = |one: &str| one.trim().parse::<Lua>().map_err(anyhow::Error::msg);
        let (first, last) = (parse(first)?, parse(last)?);
        luas.extend(Lua::PUC.into_iter().filter(|lua| (first..=last).contains(lua)));
    }
    if luas.is_empty() {
        bail!("its header names no version of Lua: {text:?}");
    }
    Ok(luas)
}

fn yes(key: &str, value: &str) -> Result<bool> {
    if value != "yes" {
        bail!("the value of {key:?} in its header can only be \"yes\", not {value:?}");
    }
    Ok(true)
}

fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'\\') => b'\\',
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16)
                    .with_context(|| format!("\\x{digits} in its header is no byte"))?
            }
            other => bail!("\\{} in its header is no escape", other.map_or(' ', char::from)),
        });
    }
    Ok(bytes)
}

impl Case {
    /// A case from the text of a script.
    pub fn new(id: impl Into<String>, code: impl Into<Vec<u8>>) -> Result<Case> {
        let (id, code) = (id.into(), code.into());
        let header = Header::parse(&code).with_context(|| format!("case {id}"))?;
        let file = format!("{}.lua", id.rsplit('/').next().unwrap_or(&id));
        Ok(Case { id, file, code, folder: None, header })
    }

    /// The corpus that comes with the harness, without scenarios, ordered by id.
    pub fn corpus() -> Result<Vec<Case>> {
        let mut cases = Case::embedded()?;
        cases.retain(|case| case.header.go.is_empty());
        Ok(cases)
    }

    /// Every case that is a part of the program, ordered by id.
    pub(crate) fn embedded() -> Result<Vec<Case>> {
        let mut cases = Vec::new();
        let mut folders = vec![&CORPUS];
        while let Some(folder) = folders.pop() {
            for entry in folder.entries() {
                match entry {
                    DirEntry::Dir(folder) => folders.push(folder),
                    DirEntry::File(file) => {
                        if let Some(id) = file.path().to_str().and_then(|p| p.strip_suffix(".lua"))
                        {
                            cases.push(Case::new(id, file.contents())?);
                        }
                    }
                }
            }
        }
        cases.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(cases)
    }

    /// The scripts of a user: a file, or every `.lua` file under a folder, ordered by id.
    pub fn under(path: &Path) -> Result<Vec<Case>> {
        let metadata =
            std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_file() {
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(vec![Case::file(path, id)?]);
        }
        let mut cases = Vec::new();
        for file in files::with_extension(path, "lua")? {
            let id = file.strip_prefix(path).unwrap_or(&file).with_extension("");
            cases.push(Case::file(&file, id.to_string_lossy().into_owned())?);
        }
        if cases.is_empty() {
            bail!("there is no .lua file under {}", path.display());
        }
        cases.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(cases)
    }

    fn file(path: &Path, id: String) -> Result<Case> {
        let code =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut case = Case::new(id, code)?;
        if !case.header.go.is_empty() {
            bail!(
                "{}: its header names a Go guest, which only a scenario has; see --scenarios",
                path.display()
            );
        }
        case.file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        case.folder = Some(folder.unwrap_or(Path::new(".")).to_path_buf());
        Ok(case)
    }

    /// The chapter of the manual, which is the first folder.
    pub fn chapter(&self) -> &str {
        self.id.split_once('/').map_or("", |(chapter, _)| chapter)
    }

    /// Hands over what a target runs.
    pub fn with_job<R>(&self, bounds: Bounds, run: impl FnOnce(&Job<'_>) -> R) -> R {
        let header = &self.header;
        let mut job = Job {
            name: &self.file,
            code: &self.code,
            args: &header.args,
            stdin: &header.stdin,
            folder: self.folder.as_deref(),
            files: header.files,
            bounds,
        };
        if !header.results {
            return run(&job);
        }
        let mut args = vec![self.file.as_bytes().to_vec(), self.code.clone()];
        args.extend(header.args.iter().cloned());
        job.name = "results.lua";
        job.code = RESULTS;
        job.args = &args;
        run(&job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_to_its_first_other_line() {
        let header = Header::parse(
            b"-- lua: 5.1-5.2, 5.4\n-- varies: order, clock\n-- args: a b\n-- stdin: x\\n\\x00\n\nprint()\n-- lua: 5.5",
        )
        .unwrap();
        assert_eq!(header.luas, [Lua::V51, Lua::V52, Lua::V54]);
        assert_eq!(header.varies, [Vary::Order, Vary::Clock]);
        assert_eq!(header.args, [b"a", b"b"]);
        assert_eq!(header.stdin, b"x\n\0");
        assert!(header.is_for(Lua::Jit) && !header.is_for(Lua::V53));
    }

    #[test]
    fn a_script_that_starts_with_another_comment_has_no_header() {
        let marked = Header::parse(b"\xEF\xBB\xBF-- lua: 5.1\n").unwrap();
        assert_eq!(marked.luas, [Lua::V51]);
        let marked = Header::parse(b"#!/usr/bin/lua\n-- lua: 5.2\n").unwrap();
        assert_eq!(marked.luas, [Lua::V52]);
        let header = Header::parse(b"-- note: hello\n-- lua: 5.1\n").unwrap();
        assert_eq!(header, Header::default());
    }

    #[test]
    fn a_mistake_in_a_header_is_named() {
        for (text, message) in [
            ("-- lua: 5.9\n", "no Lua is called"),
            ("-- lua: 5.5-5.1\n", "names no version"),
            ("-- lua: 5.1\n-- vary: order\n", "unknown key, \"vary\""),
            ("-- lua: 5.1\n-- varies: sizes\n", "\"sizes\" cannot vary"),
            ("-- files: no\n", "can only be \"yes\""),
            ("-- stdin: \\q\n", "\\q in its header is no escape"),
        ] {
            let error = format!("{:#}", Case::new("folder/name", text).unwrap_err());
            assert!(error.starts_with("case folder/name") && error.contains(message), "{error}");
        }
    }
}
