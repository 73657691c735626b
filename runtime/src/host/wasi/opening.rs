//! Opens files. That never blocks: whatever is in a granted directory, and whoever puts
//! something else there meanwhile, the host looks at the guest's deadline while it waits.

use super::Call;
use super::WasiState;
use super::attributes::kind;
use super::attributes::{BLOCK_DEVICE, DIRECTORY, REGULAR_FILE};
use super::directory_listing::Listing;
use super::errno::Answer;
use super::errno::{Errno, Failure};
use super::file_quota::FileShare;
use super::guest_path::GuestPath;
use super::paths::{FOLLOW, path_at};
use super::table::Stream;
use super::table::{Descriptor, Directory, Mode, Regular};
use super::walk::{Found, Inside};
use crate::platform::open::{self as system, can_come};
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, Metadata, OpenOptions};
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
    let wanted = wanted(lookup, oflags, rights, fdflags)?;
    let mut room = call.state.files().share()?;
    let follows = lookup & FOLLOW != 0;
    let (descriptor, place) =
        call.reach(fd, &path, follows, |call, found| open(call, found, &wanted))?;
    let descriptor = match descriptor {
        Descriptor::Directory(directory) => {
            // After a shortcut its name is still to be found.
            let place = match place {
                Some(place) => Some(place),
                None => name_of(&mut call, fd, &path, follows)?,
            };
            charge(&mut room, place.as_ref())?;
            Descriptor::Directory(Directory { place, ..directory })
        }
        other => other,
    };
    let fd = call.state.files().open(descriptor, room);
    call.put(opened, &fd.to_le_bytes())
}

/// What a guest asks for.
struct Wanted {
    options: OpenOptions,
    mode: Mode,
    oflags: u32,
}

/// The longest name of a directory that is kept, in bytes: as long as a path can be.
const LONGEST: usize = 4096;

/// The name of a directory that was opened, if it can be found and kept.
fn name_of<S: WasiState>(
    call: &mut Call<'_, S>,
    fd: u32,
    path: &[u8],
    follows: bool,
) -> Answer<Option<GuestPath>> {
    Ok(match call.walk(fd, path, follows) {
        Ok(Found::Inside(Inside { place: Some(place), .. })) => {
            (place.bytes().len() <= LONGEST).then_some(place)
        }
        Err(Failure::End(error)) => return Err(Failure::End(error)),
        // It is too long, or has just been moved.
        _ => None,
    })
}

/// Counts a name that is kept.
fn charge(room: &mut FileShare, place: Option<&GuestPath>) -> Answer {
    let len = place.map_or(0, |place| place.bytes().len() as u64);
    Ok(room.held.grow(len).map_err(|_| Errno::NOMEM)?)
}

/// Opens what was found, and gives the name of it if that is known.
fn open<S: WasiState>(
    call: &mut Call<'_, S>,
    found: &Found,
    wanted: &Wanted,
) -> Answer<(Descriptor, Option<GuestPath>)> {
    let Wanted { options, mode, oflags } = wanted;
    let (mode, has) = (*mode, |flag: u32| oflags & flag != 0);
    let inside = match found {
        Found::Inside(inside) => inside,
        Found::Missing if has(CREATE) => return Err(Errno::ACCES.into()),
        Found::Missing => return Err(Errno::NOENT.into()),
        Found::Above(_) | Found::Null if has(CREATE) && has(EXCLUSIVE) => {
            return Err(Errno::EXIST.into());
        }
        Found::Null if has(MUST_BE_DIRECTORY) => return Err(Errno::NOTDIR.into()),
        Found::Null => return Ok((Descriptor::Null(mode), None)),
        Found::Above(_) if mode.writes => return Err(Errno::ISDIR.into()),
        Found::Above(place) => {
            let (dir, listing) = (None, Listing::default());
            let directory = Directory { dir, is_writable: false, place: None, listing };
            return Ok((Descriptor::Directory(directory), Some(place.clone())));
        }
    };
    let Inside { dir, path, is_writable, place } = inside;
    let is_writable = *is_writable;
    if mode.writes && !is_writable {
        return Err(Errno::PERM.into());
    }
    let file = loop {
        match dir.open_with(path, options) {
            Ok(file) => break file.into_std(),
            Err(error) if can_come(&error, dir, path) => call.pause()?,
            Err(error) => return Err(error.into()),
        }
    };
    let metadata = Metadata::from_file(&file)?;
    call.state.files().mounts.check_open(&file, &metadata)?;
    let descriptor = match kind(metadata.file_type()) {
        DIRECTORY => Descriptor::Directory(Directory {
            dir: Some(Arc::new(Dir::from_std_file(file))),
            is_writable,
            place: None,
            listing: Listing::default(),
        }),
        _ if has(MUST_BE_DIRECTORY) => return Err(Errno::NOTDIR.into()),
        // To these, not to block makes no difference.
        REGULAR_FILE | BLOCK_DEVICE => {
            Descriptor::Regular(Regular { file: Arc::new(file), is_writable, mode, position: 0 })
        }
        _ if !system::HAS_STREAMS => return Err(Errno::NOTSUP.into()),
        _ => Descriptor::Stream(Stream { file: Arc::new(file), mode }),
    };
    Ok((descriptor, place.clone()))
}

/// What the system is asked for.
fn wanted(lookup: u32, oflags: u32, rights: u64, fdflags: u32) -> Answer<Wanted> {
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
    let mut options = OpenOptions::new();
    if has(CREATE) {
        let is_new = has(EXCLUSIVE);
        options.create(!is_new).create_new(is_new);
    }
    let writes = rights & WRITE != 0 || has(CREATE | TRUNCATE);
    let reads = rights & READ != 0 || rights & WRITE == 0;
    let appends = fdflags & APPEND != 0;
    options.read(reads).write(writes).truncate(has(TRUNCATE));
    system::without_blocking(&mut options, appends && writes, has(MUST_BE_DIRECTORY));
    let follows = lookup & FOLLOW != 0;
    options.follow(if follows { FollowSymlinks::Yes } else { FollowSymlinks::No });
    let is_nonblocking = fdflags & NONBLOCK != 0;
    let mode = Mode { reads, writes, appends, is_nonblocking };
    Ok(Wanted { options, mode, oflags })
}
