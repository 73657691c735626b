//! Directories of the host.

use cap_std::fs::Dir;
use std::io;
use std::path::{Path, PathBuf};

/// Opens a directory so that it can be listed, if that is permitted.
#[cfg(unix)]
pub fn open(path: &Path) -> io::Result<Dir> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = libc::O_DIRECTORY | libc::O_NONBLOCK;
    match std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => Ok(Dir::from_std_file(file)),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Dir::open_ambient_dir(path, cap_std::ambient_authority())
        }
        Err(error) => Err(error),
    }
}

/// Opens a directory.
#[cfg(not(unix))]
pub fn open(path: &Path) -> io::Result<Dir> {
    Dir::open_ambient_dir(path, cap_std::ambient_authority())
}

/// Where the host has a directory now, if the system says so.
#[cfg(target_os = "linux")]
pub fn location(dir: &Dir) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    let path = std::fs::read_link(format!("/proc/self/fd/{}", dir.as_raw_fd())).ok()?;
    path.is_absolute().then_some(path)
}

/// It does not say so in a way that could be compared with what links say.
#[cfg(not(target_os = "linux"))]
pub fn location(_: &Dir) -> Option<PathBuf> {
    None
}

/// Makes a symbolic link.
#[cfg(unix)]
pub fn make_link(dir: &Dir, target: &Path, name: &Path) -> io::Result<()> {
    dir.symlink(target, name)
}

/// Whether it leads to a file or a directory would have to be known before.
#[cfg(not(unix))]
pub fn make_link(_: &Dir, _: &Path, _: &Path) -> io::Result<()> {
    Err(super::unsupported("guests make no symbolic links"))
}
