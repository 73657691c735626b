//! What Linux shows of processes, which no grant reaches.
//!
//! The memory and the variables of the host are files there, so a sandbox that could open them
//! would be none. A grant of such a folder is an error, and a mount of such a file system below a
//! granted folder is closed to guests.

use super::Answer;
use super::errno::Errno;
use super::mounts::Mounts;
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, Metadata, MetadataExt, OpenOptions, OpenOptionsExt};
use rustix::fs::{PROC_SUPER_MAGIC, fstatfs, major};
use std::io::{Error, ErrorKind};
use std::os::fd::AsFd;
use std::path::Path;

/// Refuses a folder that is to be granted.
pub(super) fn refuse_grant(dir: &Dir) -> Result<(), Error> {
    if is_procfs(dir)? {
        let problem = "it shows processes, and with them the memory and the variables of this one; \
                       no sandbox can have that";
        return Err(Error::new(ErrorKind::PermissionDenied, problem));
    }
    Ok(())
}

impl Mounts {
    /// Refuses a file that has been opened.
    pub(super) fn check_open(&self, file: impl AsFd, metadata: &Metadata) -> Answer {
        match self.may_be_procfs(metadata) && is_procfs(file)? {
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
        if !self.may_be_procfs(metadata) {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(libc::O_PATH);
        options.follow(if follows { FollowSymlinks::Yes } else { FollowSymlinks::No });
        let is_closed = match dir.open_with(path, &options) {
            Ok(file) => is_procfs(file)?,
            Err(_) => true,
        };
        if is_closed { Err(Errno::ACCES.into()) } else { Ok(()) }
    }

    /// Whether the system is to be asked. A file system that a granted folder is on is known, and one
    /// with a disk shows no processes.
    fn may_be_procfs(&self, metadata: &Metadata) -> bool {
        major(metadata.dev()) == 0 && !self.has_device(metadata.dev())
    }
}

fn is_procfs(file: impl AsFd) -> Result<bool, Error> {
    Ok(fstatfs(file)?.f_type == PROC_SUPER_MAGIC)
}
