//! FIFOs and devices: what may have nothing to read yet, and no room to write.
//!
//! They are open without blocking. When a guest reads or writes, the host waits until that can
//! be, and looks at the guest meanwhile. All of the guest waits with it, goroutines included.

use super::Call;
use super::WasiState;
use super::errno::Answer;
use super::errno::Errno;
use crate::platform::poll::{self, Event, Ready};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// How long the host waits before it looks at the guest.
const STEP: Duration = Duration::from_millis(2);

/// Waits until something can be read, or until the end of it has come.
pub(super) fn read<S: WasiState, T>(
    call: &mut Call<'_, S>,
    file: &File,
    read: impl FnMut(&mut Call<'_, S>) -> io::Result<T>,
) -> Answer<T> {
    when(call, file, Event::Readable, read)
}

/// Waits until something can be written.
pub(super) fn write<S: WasiState, T>(
    call: &mut Call<'_, S>,
    file: &File,
    write: impl FnMut(&mut Call<'_, S>) -> io::Result<T>,
) -> Answer<T> {
    when(call, file, Event::Writable, write)
}

fn when<S: WasiState, T>(
    call: &mut Call<'_, S>,
    file: &File,
    event: Event,
    mut run: impl FnMut(&mut Call<'_, S>) -> io::Result<T>,
) -> Answer<T> {
    loop {
        match poll::wait(file, event, STEP)? {
            Ready::NotYet => {
                call.state.look()?;
                continue;
            }
            Ready::Now => {}
            Ready::Closed => return Err(Errno::PIPE.into()),
        }
        match run(call) {
            Ok(done) => return Ok(done),
            Err(error) if error.kind() == ErrorKind::WouldBlock => call.pause()?,
            Err(error) if error.kind() == ErrorKind::Interrupted => call.state.look()?,
            Err(error) => return Err(error.into()),
        }
    }
}
