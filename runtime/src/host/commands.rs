//! Commands: programs of the host that a script may start, and no others.
//!
//! There is no shell: [`words`] splits a text as one would, and refuses what only a shell could do.
//! Where one was granted, as `sh`, it is given what is refused, and what starts a program that was
//! not granted by itself. Each command is a group of processes of its own, which dies with the
//! sandbox at the latest. What it writes to the sandbox's streams comes through pipes that are read
//! here, so that it counts as output. [`running`] has what is under way.

mod running;
#[cfg(test)]
mod tests;
mod words;

pub use crate::platform::process::kill_commands;
pub(crate) use running::{Commands, Sandboxed, Use};

use crate::platform::process::HAS_GROUPS;
use std::path::PathBuf;
use words::{Line, Refused};

/// By this name a shell is granted.
const SHELL: &str = "sh";

/// What was granted, and how commands are started.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grants {
    pub programs: Vec<Program>,
    /// Where commands start; "/" by default.
    pub dir: Option<PathBuf>,
    /// Whether they have the standard input of the process.
    pub inherits_stdin: bool,
}

/// A program that may be started.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// By which a script calls it; the path is good, too.
    pub name: String,
    pub path: PathBuf,
}

impl Grants {
    /// What cannot work.
    pub fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if !HAS_GROUPS && !self.programs.is_empty() {
            mistakes.push(format!(
                "commands cannot be granted on {}, where they could not be ended with all that \
                 they have started",
                std::env::consts::OS
            ));
        }
        for (index, Program { name, path }) in self.programs.iter().enumerate() {
            if name.is_empty() || name.contains('\0') {
                mistakes.push(format!("the command {} needs a name", path.display()));
            }
            if !path.is_absolute() || path.as_os_str().as_encoded_bytes().contains(&0) {
                mistakes.push(format!(
                    "the command '{name}' needs an absolute path, and {} is none",
                    path.display()
                ));
            }
            if self.programs[..index].iter().any(|other| other.name == *name) {
                mistakes.push(format!(
                    "the command '{name}' is granted twice; each name can be given once"
                ));
            }
        }
        if let Some(dir) = self.dir.as_ref().filter(|dir| !dir.is_absolute()) {
            mistakes.push(format!(
                "commands start in a directory with an absolute path, and {} is none",
                dir.display()
            ));
        }
        mistakes
    }

    /// What a text starts: a program that was granted, or else the shell, if that was.
    fn line(&self, text: &[u8]) -> Result<Line, Refused> {
        let split = words::split(text);
        let is_granted = |line: &Line| line.words.first().is_some_and(|w| self.find(w).is_some());
        if !split.as_ref().is_ok_and(is_granted) && self.find(SHELL.as_bytes()).is_some() {
            return Ok(Line::of([SHELL.as_bytes(), b"-c", b"--", text]));
        }
        split
    }

    /// The program that a word names.
    fn find(&self, word: &[u8]) -> Option<&Program> {
        self.programs.iter().find(|program| {
            let path = program.path.as_os_str().as_encoded_bytes();
            word == program.name.as_bytes() || word == path
        })
    }

    /// Their names, for a message.
    fn names(&self) -> String {
        let names: Vec<&str> = self.programs.iter().map(|program| program.name.as_str()).collect();
        names.join(", ")
    }
}
