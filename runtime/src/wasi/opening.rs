//! Opens files. That never blocks: whatever is in a granted directory, and whoever puts
//! something else there meanwhile, the host looks at the guest's deadline while it waits.

use super::attributes::kind;
use super::attributes::{BLOCK_DEVICE, DIRECTORY, REGULAR_FILE};
use super::errno::Errno;
use super::listing::Listing;
use super::paths::{FOLLOW, path_at};
use super::stream::Stream;
use super::table::{Descriptor, Directory, Mode, Regular};
use super::{Answer, Call, WasiState};
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, FileTypeExt, Metadata, OpenOptions, OpenOptionsExt};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// WASI's flags.
const CREATE: u32 = 1;
const MUST_BE_DIRECTORY: u32 = 2;
const EXCLUSIVE: u32 = 4;
const TRUNCATE: u32 = 8;
pub(super) const APPEND: u32 = 1;
pub(super) const NONBLOCK: u32 = 4;
pub(super) const SYNC: u32 = 2 | 8 | 16;
pub(super) const READ: u64 = 1 << 1;
pub(super) const WRITE: u64 = 1 << 6;

#[expect(clippy::too_many_arguments, reason = "they are WASI's")]
pub(super) fn path_open<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    lookup: u32,
    path: u32,
    path_len: u32,
    oflags: u32,
    rights: u64,
    _inheriting: u64,
    fdflags: u32,
    opened: u32,
) -> Answer {
    call.check(opened, 4)?;
    let path = path_at(&call.memory, path, path_len)?;
    let (options, mode) = options(lookup, oflags, rights, fdflags)?;
    let directory = call.state.files().directory(fd)?;
    if mode.writes && !directory.is_writable {
        return Err(Errno::PERM.into());
    }
    let (dir, is_writable) = (Arc::clone(&directory.dir), directory.is_writable);
    let place = call.state.files().place()?;
    let file = loop {
        match dir.open_with(&path, &options) {
            Ok(file) => break file.into_std(),
            Err(error) if can_come(&error, &dir, &path) => call.pause()?,
            Err(error) => return Err(error.into()),
        }
    };
    let file_type = Metadata::from_file(&file)?.file_type();
    let descriptor = match kind(file_type) {
        DIRECTORY => Descriptor::Directory(Directory {
            dir: Arc::new(Dir::from_std_file(file)),
            is_writable,
            granted: None,
            listing: Listing::default(),
        }),
        _ if oflags & MUST_BE_DIRECTORY != 0 => return Err(Errno::NOTDIR.into()),
        // To these, not to block makes no difference.
        REGULAR_FILE | BLOCK_DEVICE => {
            Descriptor::Regular(Regular { file: Arc::new(file), is_writable, mode, position: 0 })
        }
        _ => Descriptor::Stream(Stream { file: Arc::new(file), mode }),
    };
    let fd = call.state.files().open(descriptor, place);
    call.put(opened, &fd.to_le_bytes())
}

/// What the system is asked for.
fn options(lookup: u32, oflags: u32, rights: u64, fdflags: u32) -> Answer<(OpenOptions, Mode)> {
    let has = |flag: u32| oflags & flag != 0;
    if oflags > 15 || fdflags > 31 {
        return Err(Errno::INVAL.into());
    }
    if fdflags & SYNC != 0 {
        return Err(Errno::NOTSUP.into());
    }
    if has(MUST_BE_DIRECTORY) && has(CREATE | EXCLUSIVE | TRUNCATE) {
        return Err(Errno::INVAL.into());
    }
    // A terminal is not to become that of the host.
    let mut flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    let mut options = OpenOptions::new();
    if has(CREATE) {
        let is_new = has(EXCLUSIVE);
        options.create(!is_new).create_new(is_new);
    }
    let writes = rights & WRITE != 0 || has(CREATE | TRUNCATE);
    let reads = rights & READ != 0 || rights & WRITE == 0;
    let appends = fdflags & APPEND != 0;
    if appends && writes {
        flags |= libc::O_APPEND;
    }
    if has(MUST_BE_DIRECTORY) {
        flags |= libc::O_DIRECTORY;
    }
    options.read(reads).write(writes).truncate(has(TRUNCATE)).custom_flags(flags);
    let follows = lookup & FOLLOW != 0;
    options.follow(if follows { FollowSymlinks::Yes } else { FollowSymlinks::No });
    let is_nonblocking = fdflags & NONBLOCK != 0;
    Ok((options, Mode { reads, writes, appends, is_nonblocking }))
}

/// Can it be opened once somebody else does something: reads from the FIFO that is to be
/// written, or gives up a lease?
fn can_come(error: &io::Error, dir: &Dir, path: &Path) -> bool {
    match error.raw_os_error() {
        Some(libc::ENXIO) => dir.metadata(path).is_ok_and(|found| found.file_type().is_fifo()),
        Some(libc::EAGAIN) => true,
        _ => false,
    }
}
