//! What is done to files by their names.

use super::attributes::filestat;
use super::errno::Errno;
use super::{Answer, Call, WasiState};
use crate::segment::bytes::GuestBytesMut;
use cap_fs_ext::{DirExt, SystemTimeSpec};
use cap_std::fs::Dir;
use cap_std::time::SystemTime;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
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
pub(super) fn path_at(memory: &GuestBytesMut<'_>, at: u32, len: u32) -> Answer<PathBuf> {
    if len > MOST {
        return Err(Errno::NAMETOOLONG.into());
    }
    let bytes = memory.bytes().read(at, len).ok_or(Errno::FAULT)?;
    if bytes.contains(&0) {
        return Err(Errno::INVAL.into());
    }
    Ok(OsStr::from_bytes(&bytes).into())
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

impl<S: WasiState> Call<'_, S> {
    fn path(&self, at: u32, len: u32) -> Answer<PathBuf> {
        path_at(&self.memory, at, len)
    }

    fn dir(&mut self, fd: u32) -> Answer<Arc<Dir>> {
        Ok(Arc::clone(&self.state.files().directory(fd)?.dir))
    }

    /// A directory that the guest may change.
    fn writable_dir(&mut self, fd: u32) -> Answer<Arc<Dir>> {
        let directory = self.state.files().directory(fd)?;
        if directory.is_writable { Ok(Arc::clone(&directory.dir)) } else { Err(Errno::PERM.into()) }
    }
}

pub(super) fn path_create_directory<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    Ok(call.writable_dir(fd)?.create_dir(path)?)
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
    let dir = call.dir(fd)?;
    let follows = lookup & FOLLOW != 0;
    let found = if follows { dir.metadata(path)? } else { dir.symlink_metadata(path)? };
    call.put(stat, &filestat(&found))
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
    let [atim, mtim] = times(atim, mtim, flags)?.map(|time| time.map(absolute));
    let path = call.path(path, path_len)?;
    let dir = call.writable_dir(fd)?;
    if lookup & FOLLOW != 0 {
        DirExt::set_times(&*dir, path, atim, mtim)?;
    } else {
        dir.set_symlink_times(path, atim, mtim)?;
    }
    Ok(())
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
    let (dir, new_dir) = (call.writable_dir(fd)?, call.writable_dir(new_fd)?);
    if lookup & FOLLOW != 0 {
        return Err(Errno::INVAL.into());
    }
    Ok(dir.hard_link(path, &new_dir, new)?)
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
    let target = call.dir(fd)?.read_link(path)?;
    let bytes = target.as_os_str().as_bytes();
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
    Ok(call.writable_dir(fd)?.remove_dir(path)?)
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
    let (dir, new_dir) = (call.writable_dir(fd)?, call.writable_dir(new_fd)?);
    Ok(dir.rename(path, &new_dir, new)?)
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
    Ok(call.writable_dir(fd)?.symlink(target, path)?)
}

pub(super) fn path_unlink_file<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let path = call.path(path, path_len)?;
    Ok(call.writable_dir(fd)?.remove_file(path)?)
}
