//! Windows.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf, Prefix};

pub use std::os::windows::io::AsHandle as Stream;

/// A stream of this process as a file.
pub fn duplicate(stream: impl Stream) -> io::Result<File> {
    Ok(File::from(stream.as_handle().try_clone_to_owned()?))
}

/// Bytes as a text of the system; what is not Unicode is replaced.
pub fn text(bytes: &[u8]) -> Cow<'_, OsStr> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_ref()),
        Cow::Owned(text) => Cow::Owned(text.into()),
    }
}

/// What guests call a place of the host's: `C:\a\b` is `/c/a/b`, and `\\server\share\a` is
/// `/unc/server/share/a`.
pub fn guest_name(path: PathBuf) -> OsString {
    let (mut parts, mut is_absolute) = (Vec::new(), false);
    for part in path.components() {
        match part {
            Component::Prefix(prefix) => match prefix.kind() {
                Prefix::Disk(drive) | Prefix::VerbatimDisk(drive) => {
                    parts.push(char::from(drive.to_ascii_lowercase()).to_string().into());
                }
                Prefix::UNC(server, share) | Prefix::VerbatimUNC(server, share) => {
                    parts.extend(["unc".into(), server.to_owned(), share.to_owned()]);
                }
                Prefix::Verbatim(other) | Prefix::DeviceNS(other) => parts.push(other.to_owned()),
            },
            Component::RootDir => is_absolute = true,
            part => parts.push(part.as_os_str().to_owned()),
        }
    }
    let root = if is_absolute { "/" } else { "" };
    let mut name = OsString::from(root);
    name.push(parts.join(OsStr::new("/")));
    if name.is_empty() { ".".into() } else { name }
}

/// How many bytes a text that begins with a path takes for its drive, which has a colon in it.
pub fn drive(text: &[u8]) -> usize {
    match text {
        [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic() => 2,
        _ => 0,
    }
}

/// Whether it is a program that can be started. None can: commands are not granted.
pub fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// A process may have many more than it would ever open.
pub fn raise_open_files(_: u64) {}

/// A folder, by its path.
pub struct Folder(PathBuf);

/// As long as it is open, others may read it and write it, and not delete it.
const SHARE_READ_AND_WRITE: u32 = 3;

/// A file is gone when it is closed.
const DELETE_ON_CLOSE: u32 = 0x0400_0000;

impl Folder {
    pub fn open(path: &Path) -> io::Result<Folder> {
        match path.metadata()?.is_dir() {
            true => Ok(Folder(std::path::absolute(path)?)),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Makes a file that is not there yet.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.0.join(name))
    }

    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        std::fs::remove_file(self.0.join(name))
    }

    /// Puts a file in the place of another one.
    pub fn replace(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        std::fs::rename(self.0.join(from), self.0.join(to))
    }

    /// A file that nobody finds later, on the disk where it will be.
    pub fn spool(&self) -> io::Result<File> {
        let (file, name) = self.temporary()?;
        drop(file);
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        options.share_mode(SHARE_READ_AND_WRITE).custom_flags(DELETE_ON_CLOSE);
        options.open(self.0.join(name))
    }
}

/// It is the caller's own.
pub fn take_over_owner(_: &File, _: &Metadata) {}

/// Whether a stream of this process goes to a file of this path.
pub fn is_same_file(stream: &File, path: &Path, _: &Metadata) -> io::Result<bool> {
    // A console is no file.
    let Ok(stream) = stream.try_clone().and_then(same_file::Handle::from_file) else {
        return Ok(false);
    };
    Ok(stream == same_file::Handle::from_path(path)?)
}

/// Whether a file could not be replaced because its folder cannot be written, or because somebody
/// has it open.
pub fn is_refused(error: &io::Error) -> bool {
    /// `ERROR_SHARING_VIOLATION`.
    const IN_USE: i32 = 32;
    error.kind() == io::ErrorKind::PermissionDenied || error.raw_os_error() == Some(IN_USE)
}

/// The error for links that lead to each other.
pub fn too_many_links() -> io::Error {
    io::Error::other("its links lead to each other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_see_drives_as_folders() {
        for (path, name) in [
            (r"C:\Users\u", "/c/Users/u"),
            (r"\\?\D:\a", "/d/a"),
            (r"C:\", "/c"),
            (r"\\server\share\a", "/unc/server/share/a"),
            (r"a\b", "a/b"),
            ("/srv/a", "/srv/a"),
            (".", "."),
            ("", "."),
        ] {
            assert_eq!(guest_name(path.into()), name, "{path}");
        }
    }

    #[test]
    fn a_drive_is_no_end_of_a_path() {
        assert_eq!(drive(br"c:\a:b"), 2);
        assert_eq!((drive(b"c:b"), drive(b"cc:/b"), drive(b"")), (0, 0, 0));
    }
}
