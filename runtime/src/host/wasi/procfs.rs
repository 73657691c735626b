//! Files in which the system shows processes, which no grant reaches.
//!
//! The memory and the variables of the host are files there, so a sandbox that could open them
//! would be none. A grant of such a folder is an error, and a mount of such a file system below a
//! granted folder is closed to guests.

use super::errno::Answer;
use super::errno::Errno;
use super::mounts::Mounts;
use crate::platform::{attributes, own_process};
use cap_std::fs::{Dir, Metadata};
use std::fs::File;
use std::path::Path;

impl Mounts {
    /// Refuses a file that has been opened.
    pub(super) fn check_open(&self, file: &File, metadata: &Metadata) -> Answer {
        match self.may_be_shown(metadata) && own_process::is_shown(file)? {
            true => Err(Errno::ACCES.into()),
            false => Ok(()),
        }
    }

    /// Refuses what something was asked of by its name.
    pub(super) fn check_named(
        &self,
        dir: &Dir,
        path: &Path,
        follows: bool,
        metadata: &Metadata,
    ) -> Answer {
        match self.may_be_shown(metadata) && own_process::is_shown_at(dir, path, follows)? {
            true => Err(Errno::ACCES.into()),
            false => Ok(()),
        }
    }

    /// Whether the system is to be asked. A file system that a granted folder is on is known.
    fn may_be_shown(&self, metadata: &Metadata) -> bool {
        own_process::may_be_shown(metadata) && !self.has_device(attributes::device(metadata))
    }
}
