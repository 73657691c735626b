//! Linux and macOS.

use rustix::fs::{AtFlags, Mode, OFlags};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

pub use std::os::fd::AsFd as Stream;

/// A stream of this process as a file.
pub fn duplicate(stream: impl Stream) -> io::Result<File> {
    Ok(File::from(stream.as_fd().try_clone_to_owned()?))
}

/// Bytes as a text of the system.
pub fn text(bytes: &[u8]) -> Cow<'_, OsStr> {
    Cow::Borrowed(OsStr::from_bytes(bytes))
}

/// What guests call a place of the host's: the same.
pub fn guest_name(path: PathBuf) -> OsString {
    path.into_os_string()
}

/// How many bytes a text that begins with a path takes for its drive, which has a colon in it.
pub fn drive(_: &[u8]) -> usize {
    0
}

/// Whether it is a program that can be started.
pub fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Lets the process have so many descriptors, or as many as it may.
pub fn raise_open_files(wanted: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = wanted.min(maximum.unwrap_or(u64::MAX));
    if current.is_some_and(|current| current < wanted) {
        // If it cannot be, the guest has fewer.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}

/// A folder that stays the same one, whatever is done to its name.
pub struct Folder(OwnedFd);

impl Folder {
    pub fn open(path: &Path) -> io::Result<Folder> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Folder(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// Makes a file that is not there yet.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        Ok(File::from(rustix::fs::openat(&self.0, name, flags, mode)?))
    }

    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Puts a file in the place of another one, which is not followed if it is a link.
    pub fn replace(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// A file without a name, on the disk where it will be.
    pub fn spool(&self) -> io::Result<File> {
        let (file, name) = self.temporary()?;
        self.remove(&name)?;
        Ok(file)
    }
}

/// Gives a file the owner that another one has. Where this is refused, it is the caller's own.
pub fn take_over_owner(file: &File, old: &Metadata) {
    let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
}

/// Whether a stream of this process goes to a file of this path.
pub fn is_same_file(stream: &File, _: &Path, metadata: &Metadata) -> io::Result<bool> {
    let stream = stream.metadata()?;
    Ok((stream.dev(), stream.ino()) == (metadata.dev(), metadata.ino()))
}

/// Whether a file could not be replaced because its folder cannot be written, or because it is
/// mounted itself.
pub fn is_refused(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let refusals = [Errno::ACCESS, Errno::PERM, Errno::ROFS, Errno::BUSY];
    refusals.iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// The error for links that lead to each other.
pub fn too_many_links() -> io::Error {
    rustix::io::Errno::LOOP.into()
}
