//! What is done to files by their names.

use super::Call;
use super::WasiState;
use super::attributes::{FILESTAT, above, filestat, null};
use super::errno::Answer;
use super::errno::{Errno, Failure};
use super::walk::{Found, Inside};
use crate::memory::bytes::GuestBytesMut;
use crate::platform::{directory, names};
use cap_fs_ext::{DirExt, SystemTimeSpec};
use cap_std::fs::Metadata;
use cap_std::time::SystemTime;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// WASI's flag for links to be followed.
pub(super) const FOLLOW: u32 = 1;

/// The most that a path can be long, in bytes, as on Linux.
const MOST: u32 = 4096;

/// WASI's flags for times.
const ACCESSED: u32 = 1;
const ACCESSED_NOW: u32 = 2;
const MODIFIED: u32 = 4;
const MODIFIED_NOW: u32 = 8;

/// A path of the guest's. One that is too long is not copied first.
pub(super) fn path_at(memory: &GuestBytesMut<'_>, at: u32, len: u32) -> Answer<Vec<u8>> {
    if len > MOST {
        return Err(Errno::NAMETOOLONG.into());
    }
    let bytes = memory.bytes().read(at, len).ok_or(Errno::FAULT)?;
    if bytes.contains(&0) {
        return Err(Errno::INVAL.into());
    }
    Ok(bytes.into())
}

/// The times that are to be set: of the last access, and of the last change.
pub(super) fn times(atim: u64, mtim: u64, flags: u32) -> Answer<[Option<Duration>; 2]> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.unwrap_or_default();
    let time = |given: u64, is_given: u32, is_now: u32| match (flags & is_given, flags & is_now) {
        (0, 0) => Ok(None),
        (_, 0) => Ok(Some(Duration::from_nanos(given))),
        (0, _) => Ok(Some(now)),
        (_, _) => Err(Errno::INVAL),
    };
    Ok([time(atim, ACCESSED, ACCESSED_NOW)?, time(mtim, MODIFIED, MODIFIED_NOW)?])
}

/// What can be done with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To make something that is not there.
    Make,
    /// To take something away, or to put something else in its place.
    Replace,
    /// To change something that stays where it is.
    Change,
}

impl<S: WasiState> Call<'_, S> {
    fn path(&self, at: u32, len: u32) -> Answer<Vec<u8>> {
        path_at(&self.memory, at, len)
    }

    /// Does something with what a path names. Where that is in one granted directory, which is
    /// the rule, the path is not walked.
    pub(super) fn reach<T>(
        &mut self,
        fd: u32,
        path: &[u8],
        follows: bool,
        mut run: impl FnMut(&mut Self, &Found) -> Answer<T>,
    ) -> Answer<T> {
        let start = self.state.files().start(fd)?;
        let mounts = Arc::clone(&self.state.files().mounts);
        if let Some(inside) = mounts.shortcut(&start, path) {
            match run(self, &Found::Inside(inside)) {
                // It may lead to where more is granted.
                Err(Failure::Errno(Errno::NOTCAPABLE | Errno::PERM)) => {}
                done => return done,
            }
        }
        let found = self.walk(fd, path, follows)?;
        run(self, &found)
    }

    /// What a path names, with its own name.
    pub(super) fn walk(&mut self, fd: u32, path: &[u8], follows: bool) -> Answer<Found> {
        let start = self.state.files().start(fd)?;
        let mounts = Arc::clone(&self.state.files().mounts);
        mounts.walk(&start, path, follows, || Ok(self.state.look()?))
    }

    /// What the system knows of something.
    pub(super) fn metadata(&mut self, inside: &Inside, follows: bool) -> Answer<Metadata> {
        let Inside { dir, path, .. } = inside;
        let metadata = if follows { dir.metadata(path) } else { dir.symlink_metadata(path) }?;
        self.state.files().mounts.check_named(dir, path, follows, &metadata)?;
        Ok(metadata)
    }

    /// What a path names, if the guest may do that to it. A link at the end is not followed.
    fn changeable(&mut self, fd: u32, path: &[u8], purpose: Purpose) -> Answer<Inside> {
        let found = self.walk(fd, path, false)?;
        let is_above = match (&found, purpose) {
            (Found::Inside(Inside { place: Some(place), path, .. }), Purpose::Replace) => {
                let mounts = &self.state.files().mounts;
                path == Path::new(".") || mounts.has_below(place)
            }
            _ => false,
        };
        match (found, purpose) {
            (Found::Inside(_), _) if is_above => Err(Errno::BUSY.into()),
            (Found::Inside(inside), _) => {
                if inside.is_writable {
                    Ok(inside)
                } else {
                    Err(Errno::PERM.into())
                }
            }
            (Found::Above(_) | Found::Null, Purpose::Make) => Err(Errno::EXIST.into()),
            (Found::Above(_), Purpose::Replace) => Err(Errno::BUSY.into()),
            (Found::Above(_) | Found::Null, _) => Err(Errno::PERM.into()),
            (Found::Missing, Purpose::Make) => Err(Errno::ACCES.into()),
            (Found::Missing, _) => Err(Errno::NOENT.into()),
        }
    }
}

pub(super) fn path_create_directory<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    let new = call.changeable(fd, &path, Purpose::Make)?;
    Ok(new.dir.create_dir(new.path)?)
}

pub(super) fn path_filestat_get<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    lookup: u32,
    path: u32,
    path_len: u32,
    stat: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    let follows = lookup & FOLLOW != 0;
    let record: [u8; FILESTAT as usize] = call.reach(fd, &path, follows, |call, found| {
        Ok(match found {
            Found::Inside(inside) => filestat(&call.metadata(inside, follows)?),
            Found::Above(place) => above(Some(place)),
            Found::Null => null(),
            Found::Missing => return Err(Errno::NOENT.into()),
        })
    })?;
    call.put(stat, &record)
}

#[expect(clippy::too_many_arguments, reason = "they are WASI's")]
pub(super) fn path_filestat_set_times<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    lookup: u32,
    path: u32,
    path_len: u32,
    atim: u64,
    mtim: u64,
    flags: u32,
) -> Answer {
    let absolute = |time: Duration| {
        SystemTimeSpec::Absolute(SystemTime::from_std(std::time::UNIX_EPOCH + time))
    };
    let times = times(atim, mtim, flags)?;
    let path = call.path(path, path_len)?;
    let follows = lookup & FOLLOW != 0;
    call.reach(fd, &path, follows, |call, found| {
        let [atim, mtim] = times.map(|time| time.map(absolute));
        if let Found::Inside(inside) = found {
            call.metadata(inside, follows)?;
        }
        match found {
            Found::Inside(inside) if !inside.is_writable => Err(Errno::PERM.into()),
            Found::Inside(Inside { dir, path, .. }) if follows => {
                Ok(DirExt::set_times(&**dir, path, atim, mtim)?)
            }
            Found::Inside(Inside { dir, path, .. }) => Ok(dir.set_symlink_times(path, atim, mtim)?),
            Found::Above(_) | Found::Null => Err(Errno::PERM.into()),
            Found::Missing => Err(Errno::NOENT.into()),
        }
    })
}

#[expect(clippy::too_many_arguments, reason = "they are WASI's")]
pub(super) fn path_link<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    lookup: u32,
    path: u32,
    path_len: u32,
    new_fd: u32,
    new: u32,
    new_len: u32,
) -> Answer {
    let (path, new) = (call.path(path, path_len)?, call.path(new, new_len)?);
    let old = call.changeable(fd, &path, Purpose::Change)?;
    let new = call.changeable(new_fd, &new, Purpose::Make)?;
    if lookup & FOLLOW != 0 {
        return Err(Errno::INVAL.into());
    }
    Ok(old.dir.hard_link(old.path, &new.dir, new.path)?)
}

pub(super) fn path_readlink<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
    buf: u32,
    buf_len: u32,
    size: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    let target = call.reach(fd, &path, false, |call, found| match found {
        Found::Inside(inside) => {
            call.metadata(inside, false)?;
            Ok(inside.dir.read_link_contents(&inside.path)?)
        }
        Found::Above(_) | Found::Null => Err(Errno::INVAL.into()),
        Found::Missing => Err(Errno::NOENT.into()),
    })?;
    let bytes = names::link_target(&target).ok_or(Errno::NOTCAPABLE)?;
    let part = &bytes[..bytes.len().min(buf_len as usize)];
    call.put(buf, part)?;
    call.put(size, &(part.len() as u32).to_le_bytes())
}

pub(super) fn path_remove_directory<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    let old = call.changeable(fd, &path, Purpose::Replace)?;
    Ok(old.dir.remove_dir(old.path)?)
}

pub(super) fn path_rename<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
    new_fd: u32,
    new: u32,
    new_len: u32,
) -> Answer {
    let (path, new) = (call.path(path, path_len)?, call.path(new, new_len)?);
    let old = call.changeable(fd, &path, Purpose::Replace)?;
    let new = match call.changeable(new_fd, &new, Purpose::Replace) {
        // There is nothing to be replaced, and no place for anything.
        Err(Failure::Errno(Errno::NOENT)) => call.changeable(new_fd, &new, Purpose::Make)?,
        new => new?,
    };
    Ok(old.dir.rename(old.path, &new.dir, new.path)?)
}

pub(super) fn path_symlink<S: WasiState>(
    mut call: Call<'_, S>,
    target: u32,
    target_len: u32,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let (target, path) = (call.path(target, target_len)?, call.path(path, path_len)?);
    let new = call.changeable(fd, &path, Purpose::Make)?;
    let target = names::path(&target).ok_or(Errno::INVAL)?;
    Ok(directory::make_link(&new.dir, target, &new.path)?)
}

pub(super) fn path_unlink_file<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    let old = call.changeable(fd, &path, Purpose::Replace)?;
    Ok(old.dir.remove_file(old.path)?)
}
