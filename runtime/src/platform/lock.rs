//! Locks on parts of files.

use std::fs::File;
use std::io;

/// What a lock is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Others may read.
    Shared,
    /// Others may do nothing.
    Exclusive,
    /// None.
    Unlocked,
}

/// Locks a part of a file, or unlocks it, without waiting. The lock belongs to the open file.
#[cfg(target_os = "linux")]
pub fn set(file: &File, lock: Lock, start: i64, len: i64) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, fcntl};
    let kind = match lock {
        Lock::Shared => libc::F_RDLCK,
        Lock::Exclusive => libc::F_WRLCK,
        Lock::Unlocked => libc::F_UNLCK,
    };
    let part = libc::flock {
        l_type: kind as i16,
        l_whence: libc::SEEK_SET as i16,
        l_start: start,
        l_len: len,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_OFD_SETLK(&part))?;
    Ok(())
}

/// The system's locks belong to the process, or keep others from reading: two sandboxes of one
/// process would not keep each other out.
#[cfg(not(target_os = "linux"))]
pub fn set(_: &File, _: Lock, _: i64, _: i64) -> io::Result<()> {
    Err(super::unsupported("parts of files are not locked"))
}
