//! FIFOs and devices: what may have nothing to read yet, and no room to write.
//!
//! They are open without blocking. When a guest reads or writes, the host waits until that can
//! be, and looks at the guest meanwhile. All of the guest waits with it, goroutines included.

use super::Answer;
use super::Call;
use super::WasiState;
use super::errno::Errno;
use super::table::Mode;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::Arc;

/// Something without places to read from and write to.
pub(super) struct Stream {
    pub file: Arc<File>,
    pub mode: Mode,
}

/// How long the host waits before it looks at the guest, in nanoseconds.
const STEP: i64 = 2_000_000;

/// Waits until something can be read, or until the end of it has come.
pub(super) fn read<S: WasiState, T>(
    call: &mut Call<'_, S>,
    file: &File,
    read: impl FnMut(&mut Call<'_, S>) -> io::Result<T>,
) -> Answer<T> {
    when(call, file, PollFlags::IN, read)
}

/// Waits until something can be written.
pub(super) fn write<S: WasiState, T>(
    call: &mut Call<'_, S>,
    file: &File,
    write: impl FnMut(&mut Call<'_, S>) -> io::Result<T>,
) -> Answer<T> {
    when(call, file, PollFlags::OUT, write)
}

fn when<S: WasiState, T>(
    call: &mut Call<'_, S>,
    file: &File,
    event: PollFlags,
    mut run: impl FnMut(&mut Call<'_, S>) -> io::Result<T>,
) -> Answer<T> {
    loop {
        let mut polled = [PollFd::new(file, event)];
        let step = Timespec { tv_sec: 0, tv_nsec: STEP };
        match poll(&mut polled, Some(&step)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {
                call.state.look()?;
                continue;
            }
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        // Nobody reads what is written to it. Where the host has not seen to it that the
        // system's signal for that is ignored, to write would be its end.
        if event == PollFlags::OUT && polled[0].revents().contains(PollFlags::ERR) {
            return Err(Errno::PIPE.into());
        }
        match run(call) {
            Ok(done) => return Ok(done),
            Err(error) if error.kind() == ErrorKind::WouldBlock => call.pause()?,
            Err(error) if error.kind() == ErrorKind::Interrupted => call.state.look()?,
            Err(error) => return Err(error.into()),
        }
    }
}
