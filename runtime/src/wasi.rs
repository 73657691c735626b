//! The functions of WASI that guests import for variables and granted directories.
//!
//! `wasmtime-wasi` has them as futures. Its own way to call them from a synchronous
//! guest blocks on a tokio runtime, and that panics on a thread which already drives
//! one. Here a future is polled on the spot: as `WasiCtx` is built to block the
//! current thread, the first poll does the work, and no runtime is made or entered.

pub(crate) mod outputs;

use crate::segment::bytes::GuestBytesMut;
use crate::segment::holes::HasHoles;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use wasmtime::{AsContextMut, Caller, Linker, Memory};
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as preview1, WasiSnapshotPreview1};

type Result<T> = wasmtime::Result<T>;

/// What belongs to a guest that WASI is served to.
pub(crate) trait WasiState: HasHoles + Send + 'static {
    /// The guest's memory, once there is one.
    fn memory(&self) -> Option<Memory>;

    /// What WASI serves to this guest.
    fn wasi(&mut self) -> &mut WasiP1Ctx;
}

/// Parameters are as in WASI's `wasi_snapshot_preview1.witx`, followed by the addresses
/// of results; their types follow from the functions that are called. In brackets is what
/// the function writes, by the functions of [`outputs`].
macro_rules! link {
    ($linker:ident $($name:ident($($param:ident),*)
        $([$($output:ident($at:ident, $size:expr)),*])? $(.$wait:ident)?;)*) => {
        $($linker.func_wrap(
            "wasi_snapshot_preview1",
            stringify!($name),
            |mut caller: Caller<'_, S>, $($param),*| -> Result<i32> {
                let (memory, wasi) = split(&mut caller)?;
                $($(if !outputs::$output(&memory, wasi, $at, $size) {
                    return Ok(outputs::EFAULT);
                })*)?
                let mut memory = memory.into_wasi();
                let result = preview1::$name(wasi, &mut memory, $($param),*);
                $(let result = $wait(result);)?
                result
            },
        )?;)*
    };
}

/// Variables, and what C's library needs for files.
pub(crate) fn add_files_to_linker<S: WasiState>(linker: &mut Linker<S>) -> Result<()> {
    link! { linker
        environ_get(environ, environ_buf) [variables(environ, environ_buf)];
        environ_sizes_get(count, size) [bytes(count, 4), bytes(size, 4)];
        fd_close(fd).wait;
        fd_fdstat_get(fd, stat) [bytes(stat, 24)].wait;
        fd_fdstat_set_flags(fd, flags);
        fd_prestat_dir_name(fd, path, path_len) [bytes(path, path_len)];
        fd_prestat_get(fd, prestat) [bytes(prestat, 8)];
        fd_read(fd, iovs, iovs_len, size) [buffers(iovs, iovs_len), bytes(size, 4)].wait;
        fd_readdir(fd, buf, buf_len, cookie, size) [bytes(buf, buf_len), bytes(size, 4)].wait;
        fd_renumber(fd, to).wait;
        fd_seek(fd, offset, whence, new_offset) [bytes(new_offset, 8)].wait;
        fd_write(fd, iovs, iovs_len, size) [bytes(size, 4)].wait;
        path_create_directory(fd, path, path_len).wait;
        path_filestat_get(fd, flags, path, path_len, stat) [bytes(stat, 64)].wait;
        path_filestat_set_times(fd, flags, path, path_len, atim, mtim, fst_flags).wait;
        path_open(fd, dirflags, path, path_len, oflags, rights, inheriting, fdflags, opened)
            [bytes(opened, 4)].wait;
        path_remove_directory(fd, path, path_len).wait;
        path_rename(fd, old_path, old_path_len, new_fd, new_path, new_path_len).wait;
        path_unlink_file(fd, path, path_len).wait;
    }
    Ok(())
}

/// What Go's library can import besides: the other functions for files and arguments.
pub(crate) fn add_more_files_to_linker<S: WasiState>(linker: &mut Linker<S>) -> Result<()> {
    link! { linker
        args_get(argv, argv_buf) [arguments(argv, argv_buf)];
        args_sizes_get(count, size) [bytes(count, 4), bytes(size, 4)];
        fd_advise(fd, offset, len, advice).wait;
        fd_allocate(fd, offset, len);
        fd_datasync(fd).wait;
        fd_fdstat_set_rights(fd, base, inheriting);
        fd_filestat_get(fd, stat) [bytes(stat, 64)].wait;
        fd_filestat_set_size(fd, size).wait;
        fd_filestat_set_times(fd, atim, mtim, fst_flags).wait;
        fd_pread(fd, iovs, iovs_len, offset, size) [buffers(iovs, iovs_len), bytes(size, 4)].wait;
        fd_pwrite(fd, iovs, iovs_len, offset, size) [bytes(size, 4)].wait;
        fd_sync(fd).wait;
        fd_tell(fd, offset) [bytes(offset, 8)];
        path_link(fd, flags, path, path_len, new_fd, new_path, new_path_len).wait;
        path_readlink(fd, path, path_len, buf, buf_len, size) [bytes(buf, buf_len), bytes(size, 4)].wait;
        path_symlink(old_path, old_path_len, fd, new_path, new_path_len).wait;
    }
    Ok(())
}

/// The guest's memory and what WASI serves to it.
pub(crate) fn split<'a, S: WasiState>(
    caller: &'a mut Caller<'_, S>,
) -> Result<(GuestBytesMut<'a>, &'a mut WasiP1Ctx)> {
    let Some(memory) = caller.data().memory() else {
        return Err(wasmtime::Error::msg("the guest has no memory yet"));
    };
    // What one call may copy to the host.
    let fuel = caller.as_context_mut().hostcall_fuel();
    let (memory, state) = GuestBytesMut::split(&memory, caller);
    let wasi = state.wasi();
    wasi.set_hostcall_fuel(fuel);
    Ok((memory, wasi))
}

/// Polls a future until it is done, blocking the thread if that takes more than once.
pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return output;
    }
    let thread = thread::current();
    let waker = Waker::from(Arc::new(Unpark(thread.clone())));
    let output = loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => break output,
            Poll::Pending => thread::park(),
        }
    };
    // Parking may have used up a token that was meant for the caller; a needless one
    // does no harm.
    thread.unpark();
    output
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn a_future_that_is_ready_is_polled_once() {
        let mut polls = 0;
        let ready = poll_fn(|_| {
            polls += 1;
            Poll::Ready(7)
        });
        assert_eq!(wait(ready), 7);
        assert_eq!(polls, 1);
    }

    #[test]
    fn a_future_that_is_not_ready_is_waited_for() {
        let (sender, receiver) = channel::<Waker>();
        let waking = thread::spawn(move || {
            for waker in receiver {
                thread::sleep(Duration::from_millis(1));
                waker.wake();
            }
        });
        let mut polls = 0;
        let third = poll_fn(move |context| {
            polls += 1;
            if polls == 3 {
                return Poll::Ready(polls);
            }
            sender.send(context.waker().clone()).unwrap();
            Poll::Pending
        });
        assert_eq!(wait(third), 3);
        waking.join().unwrap();
    }
}
