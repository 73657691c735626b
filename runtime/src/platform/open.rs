//! How files of granted directories are opened: without blocking, whatever they are.

use cap_std::fs::{Dir, OpenOptions};
use std::io;
use std::path::Path;

/// Whether what is neither a file nor a directory can be opened without blocking.
pub const HAS_STREAMS: bool = cfg!(unix);

/// Has the system open without waiting, and without making a terminal that of the host.
#[cfg(unix)]
pub fn without_blocking(options: &mut OpenOptions, appends: bool, is_directory: bool) {
    use cap_std::fs::OpenOptionsExt;
    let mut flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    if appends {
        flags |= libc::O_APPEND;
    }
    if is_directory {
        flags |= libc::O_DIRECTORY;
    }
    options.custom_flags(flags);
}

/// Has the system open directories as well as files.
#[cfg(not(unix))]
pub fn without_blocking(options: &mut OpenOptions, _: bool, _: bool) {
    cap_fs_ext::OpenOptionsMaybeDirExt::maybe_dir(options, true);
}

/// Whether it can be opened once somebody else does something: reads from the FIFO that is to
/// be written, or gives up a lease.
#[cfg(unix)]
pub fn can_come(error: &io::Error, dir: &Dir, path: &Path) -> bool {
    use cap_std::fs::FileTypeExt;
    match error.raw_os_error() {
        Some(libc::ENXIO) => dir.metadata(path).is_ok_and(|found| found.file_type().is_fifo()),
        Some(libc::EAGAIN) => true,
        _ => false,
    }
}

/// Nobody can be waited for.
#[cfg(not(unix))]
pub fn can_come(_: &io::Error, _: &Dir, _: &Path) -> bool {
    false
}

/// Why the target of a link could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is no link.
    NoLink,
    /// There is nothing.
    Missing,
    /// Anything else.
    Failed,
}

/// What an error of reading a link means.
pub fn unread(error: &io::Error) -> Unread {
    #[cfg(unix)]
    return match error.raw_os_error() {
        Some(libc::EINVAL) => Unread::NoLink,
        Some(libc::ENOENT) => Unread::Missing,
        _ => Unread::Failed,
    };
    /// `ERROR_NOT_A_REPARSE_POINT`.
    #[cfg(not(unix))]
    const NO_LINK: i32 = 4390;
    #[cfg(not(unix))]
    return match error.kind() {
        _ if error.raw_os_error() == Some(NO_LINK) => Unread::NoLink,
        io::ErrorKind::InvalidInput => Unread::NoLink,
        io::ErrorKind::NotFound => Unread::Missing,
        _ => Unread::Failed,
    };
}
