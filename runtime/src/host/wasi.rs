//! The functions of WASI preview 1 that guests import for variables and granted directories.
//!
//! What is opened belongs to the guest's [`Files`]. Nothing here can keep the host waiting for
//! longer than the guest may run: files are opened without blocking, what can block is asked
//! first whether it would, and what a guest makes long is done in pieces. Between these, the
//! guest is looked at.

mod attributes;
mod descriptors;
mod directory_listing;
pub(crate) mod errno;
pub(crate) mod file_quota;
pub(crate) mod guest_path;
mod listing;
mod mounts;
mod opening;
pub(crate) mod own;
mod paths;
mod pipe;
mod procfs;
mod stream;
mod table;
mod texts;
pub(crate) mod transfer;
mod walk;

pub(crate) use descriptors::{fd_fdstat_get, fd_seek};
pub(crate) use file_quota::{FileQuota, FileShare};
pub(crate) use mounts::Mounts;
pub(crate) use table::{Files, last_of_each};

use crate::memory::bytes::GuestBytesMut;
use crate::memory::shared_ranges::HasSharedRanges;
pub(crate) use errno::Answer;
use errno::{Errno, Failure};
use std::time::Duration;
use wasmtime::{Caller, Linker, Memory};

type Result<T> = wasmtime::Result<T>;

/// The module of these functions.
pub(crate) const WASI: &str = "wasi_snapshot_preview1";

/// What belongs to a guest that WASI is served to.
pub(crate) trait WasiState: HasSharedRanges + Send + 'static {
    /// The guest's memory, once there is one.
    fn memory(&self) -> Option<Memory>;

    /// What WASI serves to this guest.
    fn files(&mut self) -> &mut Files;

    /// The error with which the guest is to end, if it must.
    fn look(&mut self) -> Result<()>;
}

/// A call of one of these functions.
pub(crate) struct Call<'a, S> {
    memory: GuestBytesMut<'a>,
    state: &'a mut S,
}

/// Parameters are as in WASI's `wasi_snapshot_preview1.witx`, followed by the addresses of
/// results.
macro_rules! link {
    ($linker:ident $($module:ident { $($name:ident($($param:ident: $type:ty),*);)* })*) => {
        $($($linker.func_wrap(
            WASI,
            stringify!($name),
            |mut caller: Caller<'_, S>, $($param: $type),*| -> Result<i32> {
                answer($module::$name(call(&mut caller)?, $($param),*))
            },
        )?;)*)*
    };
}

/// Variables, and what C's library needs for files.
pub(crate) fn add_files_to_linker<S: WasiState>(linker: &mut Linker<S>) -> Result<()> {
    link! { linker
        texts {
            environ_get(list: u32, texts: u32);
            environ_sizes_get(count: u32, size: u32);
        }
        descriptors {
            fd_close(fd: u32);
            fd_fdstat_get(fd: u32, stat: u32);
            fd_fdstat_set_flags(fd: u32, flags: u32);
            fd_prestat_dir_name(fd: u32, path: u32, path_len: u32);
            fd_prestat_get(fd: u32, prestat: u32);
            fd_renumber(fd: u32, to: u32);
            fd_seek(fd: u32, offset: i64, whence: u32, new_offset: u32);
        }
        transfer {
            fd_read(fd: u32, parts: u32, count: u32, size: u32);
            fd_write(fd: u32, parts: u32, count: u32, size: u32);
        }
        listing { fd_readdir(fd: u32, buf: u32, buf_len: u32, cookie: u64, size: u32); }
        opening {
            path_open(fd: u32, lookup: u32, path: u32, path_len: u32, oflags: u32, rights: u64,
                inheriting: u64, fdflags: u32, opened: u32);
        }
        paths {
            path_create_directory(fd: u32, path: u32, path_len: u32);
            path_filestat_get(fd: u32, lookup: u32, path: u32, path_len: u32, stat: u32);
            path_filestat_set_times(fd: u32, lookup: u32, path: u32, path_len: u32, atim: u64,
                mtim: u64, flags: u32);
            path_link(fd: u32, lookup: u32, path: u32, path_len: u32, new_fd: u32, new: u32,
                new_len: u32);
            path_readlink(fd: u32, path: u32, path_len: u32, buf: u32, buf_len: u32, size: u32);
            path_remove_directory(fd: u32, path: u32, path_len: u32);
            path_rename(fd: u32, path: u32, path_len: u32, new_fd: u32, new: u32, new_len: u32);
            path_symlink(target: u32, target_len: u32, fd: u32, path: u32, path_len: u32);
            path_unlink_file(fd: u32, path: u32, path_len: u32);
        }
    }
    Ok(())
}

/// What Go's library can import besides: the other functions for files and arguments.
pub(crate) fn add_more_files_to_linker<S: WasiState>(linker: &mut Linker<S>) -> Result<()> {
    link! { linker
        texts {
            args_get(list: u32, texts: u32);
            args_sizes_get(count: u32, size: u32);
        }
        descriptors {
            fd_advise(fd: u32, offset: u64, len: u64, advice: u32);
            fd_allocate(fd: u32, offset: u64, len: u64);
            fd_datasync(fd: u32);
            fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
            fd_filestat_get(fd: u32, stat: u32);
            fd_filestat_set_size(fd: u32, size: u64);
            fd_filestat_set_times(fd: u32, atim: u64, mtim: u64, flags: u32);
            fd_sync(fd: u32);
            fd_tell(fd: u32, offset: u32);
        }
        transfer {
            fd_pread(fd: u32, parts: u32, count: u32, offset: u64, size: u32);
            fd_pwrite(fd: u32, parts: u32, count: u32, offset: u64, size: u32);
        }
    }
    Ok(())
}

/// The guest's memory and what belongs to the guest.
pub(crate) fn call<'a, S: WasiState>(caller: &'a mut Caller<'_, S>) -> Result<Call<'a, S>> {
    let Some(memory) = caller.data().memory() else {
        return Err(wasmtime::Error::msg("the guest has no memory yet"));
    };
    let (memory, state) = GuestBytesMut::split(&memory, caller);
    Ok(Call { memory, state })
}

/// What a function gives back to the guest, if that is not to end.
pub(crate) fn answer(answer: Answer) -> Result<i32> {
    match answer {
        Ok(()) => Ok(0),
        Err(Failure::Errno(Errno(number))) => Ok(number),
        Err(Failure::End(error)) => Err(error),
    }
}

impl<S: WasiState> Call<'_, S> {
    /// Writes a result.
    fn put(&mut self, at: u32, bytes: &[u8]) -> Answer {
        self.memory.write(at, bytes).ok_or(Errno::FAULT.into())
    }

    /// Whether a result can be written. To be asked before something is done of which the guest must
    /// know.
    fn check(&self, at: u32, len: u32) -> Answer {
        if self.memory.is_writable(at, len) { Ok(()) } else { Err(Errno::FAULT.into()) }
    }

    /// Waits for a moment, and looks whether the guest has to stop.
    fn pause(&mut self) -> Answer {
        /// What an interrupt may have to wait for.
        const STEP: Duration = Duration::from_millis(2);
        std::thread::sleep(STEP);
        Ok(self.state.look()?)
    }
}
