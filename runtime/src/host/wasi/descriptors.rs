//! What is done to open files, beside reading and writing them.

use super::Call;
use super::WasiState;
use super::attributes::{
    CHARACTER_DEVICE, DIRECTORY, FILESTAT, UNKNOWN, above, filestat, kind, null,
};
use super::errno::Answer;
use super::errno::Errno;
use super::opening::{APPEND, NONBLOCK, READ, SYNC, WRITE};
use super::paths::times;
use super::table::{Descriptor, Directory, Mode, ROOT};
use crate::platform::file::{self, Advice};
use cap_std::fs::Metadata;
use std::fs::File;
use std::sync::Arc;

/// WASI's rights, from which its C library knows how something was opened: all of them.
const ALL: u64 = (1 << 30) - 1;
const SEEK_AND_TELL: u64 = 1 << 2 | 1 << 5;
const READDIR: u64 = 1 << 14;
const SET_SIZE: u64 = 1 << 19 | 1 << 22;

/// A descriptor, without the table that it is in.
enum Handle {
    Standard { kind: u8, rights: u64 },
    Null { mode: Mode },
    File { file: Arc<File>, mode: Mode },
    Directory,
}

impl<S: WasiState> Call<'_, S> {
    fn handle(&mut self, fd: u32) -> Answer<Handle> {
        Ok(match self.state.files().descriptor(fd)? {
            Descriptor::Input => Handle::Standard { kind: UNKNOWN, rights: READ },
            Descriptor::Sink => Handle::Standard { kind: UNKNOWN, rights: WRITE },
            Descriptor::Null(mode) => Handle::Null { mode: *mode },
            Descriptor::Directory(_) => Handle::Directory,
            Descriptor::Regular(regular) => {
                Handle::File { file: Arc::clone(&regular.file), mode: regular.mode }
            }
            Descriptor::Stream(stream) => {
                Handle::File { file: Arc::clone(&stream.file), mode: stream.mode }
            }
        })
    }

    /// What is known of something open.
    fn attributes(&mut self, fd: u32) -> Answer<[u8; FILESTAT as usize]> {
        Ok(match self.state.files().descriptor(fd)? {
            // Of a standard stream nothing is known.
            Descriptor::Input | Descriptor::Sink => [0; FILESTAT as usize],
            Descriptor::Null(_) => null(),
            Descriptor::Directory(Directory { dir: Some(dir), .. }) => {
                filestat(&dir.dir_metadata()?)
            }
            Descriptor::Directory(directory) => above(directory.place.as_ref()),
            Descriptor::Regular(regular) => filestat(&Metadata::from_file(&regular.file)?),
            Descriptor::Stream(stream) => filestat(&Metadata::from_file(&stream.file)?),
        })
    }

    /// A file, of whichever kind.
    fn file(&mut self, fd: u32) -> Answer<Arc<File>> {
        match self.handle(fd)? {
            Handle::File { file, .. } => Ok(file),
            _ => Err(Errno::BADF.into()),
        }
    }
}

pub(super) fn fd_advise<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    offset: u64,
    len: u64,
    advice: u32,
) -> Answer {
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::INVAL.into()),
    };
    Ok(file::advise(&*call.file(fd)?, offset, len, advice)?)
}

pub(super) fn fd_allocate<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    _offset: u64,
    _len: u64,
) -> Answer {
    call.file(fd)?;
    Err(Errno::NOTSUP.into())
}

pub(super) fn fd_close<S: WasiState>(call: Call<'_, S>, fd: u32) -> Answer {
    call.state.files().close(fd)
}

pub(super) fn fd_datasync<S: WasiState>(mut call: Call<'_, S>, fd: u32) -> Answer {
    Ok(call.file(fd)?.sync_data()?)
}

pub(super) fn fd_sync<S: WasiState>(mut call: Call<'_, S>, fd: u32) -> Answer {
    Ok(call.file(fd)?.sync_all()?)
}

pub(crate) fn fd_fdstat_get<S: WasiState>(mut call: Call<'_, S>, fd: u32, stat: u32) -> Answer {
    let (kind, flags, rights, inheriting) = match call.handle(fd)? {
        Handle::Standard { kind, rights } => (kind, 0, rights, rights),
        Handle::Directory => (DIRECTORY, 0, ALL & !SEEK_AND_TELL & !SET_SIZE & !WRITE, ALL),
        Handle::Null { mode } => (CHARACTER_DEVICE, mode.flags(), mode.rights(), mode.rights()),
        Handle::File { file, mode } => {
            let kind = kind(Metadata::from_file(&file)?.file_type());
            let (flags, mut rights) = (mode.flags(), mode.rights());
            // A device without these would be taken for a terminal.
            if kind == UNKNOWN {
                rights &= !SEEK_AND_TELL;
            }
            (kind, flags, rights, rights)
        }
    };
    let mut record = [0; 24];
    record[0] = kind;
    record[2] = flags as u8;
    record[8..16].copy_from_slice(&rights.to_le_bytes());
    record[16..].copy_from_slice(&inheriting.to_le_bytes());
    call.put(stat, &record)
}

impl Mode {
    /// WASI's flags for it.
    fn flags(self) -> u32 {
        let appends = if self.appends { APPEND } else { 0 };
        appends | if self.is_nonblocking { NONBLOCK } else { 0 }
    }

    /// WASI's rights for it.
    fn rights(self) -> u64 {
        let reads = if self.reads { ALL } else { ALL & !(READ | READDIR) };
        if self.writes { reads } else { reads & !WRITE }
    }
}

pub(super) fn fd_fdstat_set_flags<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    flags: u32,
) -> Answer {
    let (file, mut mode) = match call.handle(fd)? {
        Handle::File { file, mode } => (Some(file), mode),
        Handle::Null { mode } => (None, mode),
        _ => return Err(Errno::BADF.into()),
    };
    if flags > 31 || flags & SYNC != 0 {
        return Err(Errno::INVAL.into());
    }
    mode.is_nonblocking = flags & NONBLOCK != 0;
    mode.appends = flags & APPEND != 0;
    if mode.writes
        && let Some(file) = file
    {
        file::set_appends(&file, mode.appends)?;
    }
    match call.state.files().descriptor(fd)? {
        Descriptor::Regular(regular) => regular.mode = mode,
        Descriptor::Stream(stream) => stream.mode = mode,
        Descriptor::Null(known) => *known = mode,
        _ => {}
    }
    Ok(())
}

pub(super) fn fd_fdstat_set_rights<S: WasiState>(
    call: Call<'_, S>,
    fd: u32,
    _base: u64,
    _inheriting: u64,
) -> Answer {
    call.state.files().descriptor(fd)?;
    Err(Errno::NOTSUP.into())
}

pub(super) fn fd_filestat_get<S: WasiState>(mut call: Call<'_, S>, fd: u32, stat: u32) -> Answer {
    let record = call.attributes(fd)?;
    call.put(stat, &record)
}

pub(super) fn fd_filestat_set_size<S: WasiState>(call: Call<'_, S>, fd: u32, size: u64) -> Answer {
    let regular = call.state.files().regular(fd)?;
    if !regular.is_writable {
        return Err(Errno::PERM.into());
    }
    Ok(regular.file.set_len(size)?)
}

pub(super) fn fd_filestat_set_times<S: WasiState>(
    call: Call<'_, S>,
    fd: u32,
    atim: u64,
    mtim: u64,
    flags: u32,
) -> Answer {
    let times = times(atim, mtim, flags)?;
    match call.state.files().descriptor(fd)? {
        Descriptor::Directory(Directory { dir: Some(dir), is_writable: true, .. }) => {
            Ok(file::set_times_of_directory(dir, times)?)
        }
        Descriptor::Regular(regular) if regular.is_writable => {
            Ok(file::set_times(&regular.file, times)?)
        }
        Descriptor::Input | Descriptor::Sink => Err(Errno::BADF.into()),
        _ => Err(Errno::PERM.into()),
    }
}

pub(super) fn fd_prestat_get<S: WasiState>(mut call: Call<'_, S>, fd: u32, at: u32) -> Answer {
    let name = call.granted_name(fd)?.ok_or(Errno::BADF)?;
    call.put(at, &[[0; 4], (name.len() as u32).to_le_bytes()].concat())
}

pub(super) fn fd_prestat_dir_name<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Answer {
    let name = call.granted_name(fd)?.ok_or(Errno::NOTDIR)?;
    if name.len() > path_len as usize {
        return Err(Errno::NAMETOOLONG.into());
    }
    call.put(path, name.as_bytes())
}

impl<S: WasiState> Call<'_, S> {
    /// The name of a directory that the guest has from the beginning, which is the root.
    fn granted_name(&mut self, fd: u32) -> Answer<Option<&'static str>> {
        self.state.files().descriptor(fd)?;
        Ok((fd == ROOT).then_some("/"))
    }
}

pub(super) fn fd_renumber<S: WasiState>(call: Call<'_, S>, fd: u32, to: u32) -> Answer {
    call.state.files().renumber(fd, to)
}

pub(crate) fn fd_seek<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    offset: i64,
    whence: u32,
    new_offset: u32,
) -> Answer {
    let from = match call.state.files().descriptor(fd)? {
        Descriptor::Directory(_) => return Err(Errno::BADF.into()),
        Descriptor::Null(_) => return call.put(new_offset, &[0; 8]),
        Descriptor::Regular(regular) => match whence {
            0 => 0,
            1 => regular.position,
            2 => regular.file.metadata()?.len(),
            _ => return Err(Errno::INVAL.into()),
        },
        _ => return Err(Errno::SPIPE.into()),
    };
    let position = from.checked_add_signed(offset).ok_or(Errno::INVAL)?;
    call.state.files().regular(fd)?.position = position;
    call.put(new_offset, &position.to_le_bytes())
}

pub(super) fn fd_tell<S: WasiState>(mut call: Call<'_, S>, fd: u32, offset: u32) -> Answer {
    let position = match call.state.files().descriptor(fd)? {
        Descriptor::Regular(regular) => regular.position,
        Descriptor::Null(_) => 0,
        Descriptor::Directory(_) => return Err(Errno::BADF.into()),
        _ => return Err(Errno::SPIPE.into()),
    };
    call.put(offset, &position.to_le_bytes())
}
