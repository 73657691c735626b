//! Windows has jobs for this, in which a process has to be before it runs; Rust's library does not
//! start one in a job. Without that, what a command has started could outlive it, so there are no
//! commands.

use crate::platform::unsupported;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::io::{PipeReader, PipeWriter};
use std::process::Command;

/// Whether a command can be ended with all that it has started.
pub const HAS_GROUPS: bool = false;

/// A running command. There is none.
pub enum Group {}

/// Kills every command that sandboxes of this process have started. There are none.
pub fn kill_commands() {}

impl Group {
    pub fn start(_: &mut Command) -> io::Result<Group> {
        Err(refused())
    }

    pub fn is_over(&self) -> io::Result<bool> {
        match *self {}
    }

    pub fn finish(self) -> io::Result<i32> {
        match self {}
    }
}

/// Kills groups.
pub fn kill_all(groups: impl Iterator<Item = Group>) {
    groups.for_each(|group| match group {});
}

/// Has a program be called by another name than its path.
pub fn set_name(_: &mut Command, _: &OsStr) {}

pub fn read_without_blocking(_: PipeReader) -> io::Result<File> {
    Err(refused())
}

pub fn write_without_blocking(_: PipeWriter) -> io::Result<File> {
    Err(refused())
}

fn refused() -> io::Error {
    unsupported("no commands are started")
}
