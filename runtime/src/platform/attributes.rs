//! What the system knows of a file.

use cap_std::fs::{FileType, Metadata};

#[cfg(not(unix))]
use cap_fs_ext::MetadataExt as OfSystem;
#[cfg(unix)]
use cap_std::fs::MetadataExt as OfSystem;

/// The number of the device that a file is on. Of metadata of an open file or of a path, not of
/// an entry of a listing.
pub fn device(metadata: &Metadata) -> u64 {
    OfSystem::dev(metadata)
}

/// The number of a file on its device.
pub fn inode(metadata: &Metadata) -> u64 {
    OfSystem::ino(metadata)
}

/// How many names a file has.
pub fn links(metadata: &Metadata) -> u64 {
    OfSystem::nlink(metadata)
}

/// When a file was last read, changed, and changed in any way, in nanoseconds since 1970; 0 for
/// what was before.
#[cfg(unix)]
pub fn times(metadata: &Metadata) -> [u64; 3] {
    let nanoseconds = |seconds: i64, nanoseconds: i64| {
        let seconds = u64::try_from(seconds).ok().and_then(|s| s.checked_mul(1_000_000_000));
        let sum = seconds.and_then(|s| s.checked_add(u64::try_from(nanoseconds).ok()?));
        sum.unwrap_or(0)
    };
    [
        nanoseconds(metadata.atime(), metadata.atime_nsec()),
        nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
    ]
}

/// As above; of other changes than those of its contents nothing is known.
#[cfg(not(unix))]
pub fn times(metadata: &Metadata) -> [u64; 3] {
    let nanoseconds = |time: std::io::Result<cap_std::time::SystemTime>| {
        let since = time.ok()?.into_std().duration_since(std::time::UNIX_EPOCH).ok()?;
        u64::try_from(since.as_nanos()).ok()
    };
    let modified = nanoseconds(metadata.modified()).unwrap_or(0);
    [nanoseconds(metadata.accessed()).unwrap_or(0), modified, modified]
}

/// The mode bits of a file, as Linux has them.
#[cfg(unix)]
pub fn mode(metadata: &Metadata) -> u32 {
    OfSystem::mode(metadata)
}

/// As above, of what the system says instead: whether it is a directory or a link, and whether
/// it can be written.
#[cfg(not(unix))]
pub fn mode(metadata: &Metadata) -> u32 {
    let kind = match metadata.file_type() {
        kind if kind.is_dir() => 0o040_555,
        kind if kind.is_symlink() => 0o120_777,
        _ => 0o100_444,
    };
    if metadata.permissions().readonly() { kind } else { kind | 0o222 }
}

/// Kinds of files.
#[cfg_attr(not(unix), expect(dead_code, reason = "granted directories have no special files"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A device with blocks.
    BlockDevice,
    /// A device without.
    CharacterDevice,
    /// A socket.
    Socket,
    /// A FIFO, or anything else.
    Other,
}

/// The kind of a file.
pub fn kind(kind: FileType) -> Kind {
    match kind {
        kind if kind.is_file() => Kind::File,
        kind if kind.is_dir() => Kind::Directory,
        kind if kind.is_symlink() => Kind::Link,
        kind => special(kind),
    }
}

#[cfg(unix)]
fn special(kind: FileType) -> Kind {
    use cap_std::fs::FileTypeExt;
    match kind {
        kind if kind.is_block_device() => Kind::BlockDevice,
        kind if kind.is_char_device() => Kind::CharacterDevice,
        kind if kind.is_socket() => Kind::Socket,
        _ => Kind::Other,
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> Kind {
    Kind::Other
}
