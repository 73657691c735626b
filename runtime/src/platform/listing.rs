//! What is in a directory.

use super::attributes::Kind;
use cap_std::fs::Dir;
use std::io;

/// Something in a directory.
pub struct Entry<'a> {
    pub name: &'a [u8],
    /// The number of the file on the device of the directory; of `..` it is that of the
    /// directory.
    pub inode: u64,
    pub kind: Kind,
    /// Where the next one begins.
    pub next: u64,
}

/// Goes to a place in the directory, which is 0 or was the end of an entry.
#[cfg(target_os = "linux")]
pub fn seek(dir: &Dir, place: u64) -> io::Result<()> {
    rustix::fs::seek(dir, rustix::fs::SeekFrom::Start(place))?;
    Ok(())
}

/// [`read`] is told its place.
#[cfg(not(target_os = "linux"))]
pub fn seek(_: &Dir, _: u64) -> io::Result<()> {
    Ok(())
}

/// Gives the entries from where the directory stands to `add`, as many as the system has at
/// once, and at least until that has said `true`.
#[cfg(target_os = "linux")]
pub fn read(dir: &Dir, _: u64, mut add: impl FnMut(Entry<'_>) -> bool) -> io::Result<()> {
    use rustix::fs::{FileType, RawDir};
    use std::mem::MaybeUninit;
    /// What is asked of the system at a time, in bytes.
    const PIECE: usize = 8 << 10;

    let own = super::attributes::inode(&dir.dir_metadata()?);
    let mut buffer = [MaybeUninit::uninit(); PIECE];
    let mut entries = RawDir::new(dir, &mut buffer);
    let mut has_added = false;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        has_added |= add(Entry {
            name,
            // What is above the directory is no business of the guest's.
            inode: if name == b".." { own } else { entry.ino() },
            kind: match entry.file_type() {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Directory,
                FileType::Symlink => Kind::Link,
                FileType::BlockDevice => Kind::BlockDevice,
                FileType::CharacterDevice => Kind::CharacterDevice,
                FileType::Socket => Kind::Socket,
                FileType::Fifo | FileType::Unknown => Kind::Other,
            },
            next: entry.next_entry_cookie(),
        });
        if entries.is_buffer_empty() && has_added {
            break;
        }
    }
    Ok(())
}

/// As above, from a place that is a number of entries: the system has no places that last. Of
/// a directory that changes meanwhile, entries may be given twice or not at all.
#[cfg(not(target_os = "linux"))]
pub fn read(dir: &Dir, place: u64, mut add: impl FnMut(Entry<'_>) -> bool) -> io::Result<()> {
    use super::attributes::{inode, kind};
    use cap_fs_ext::DirEntryExt;
    /// How many entries are given at a time.
    const PIECE: u64 = 128;

    let own = inode(&dir.dir_metadata()?);
    let mut has_added = false;
    for (next, name) in (1..).zip([&b"."[..], b".."]).skip(usize::try_from(place).unwrap_or(2)) {
        has_added |= add(Entry { name, inode: own, kind: Kind::Directory, next });
    }
    let done = place.saturating_sub(2);
    for (index, entry) in (0..).zip(dir.entries()?) {
        if index < done {
            continue;
        }
        let entry = entry?;
        let (inode, kind) = match entry.full_metadata() {
            Ok(metadata) => (inode(&metadata), kind(metadata.file_type())),
            // It is gone, or nothing may be asked of it.
            Err(_) => (0, Kind::Other),
        };
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        has_added |= add(Entry { name, inode, kind, next: index + 3 });
        if index >= done + PIECE && has_added {
            break;
        }
    }
    Ok(())
}
