//! What WASI serves to a Lua guest.

use super::caller::split;
use super::state::State;
use crate::host::interrupt::Halt;
use crate::host::wasi::errno::Errno;
use crate::host::wasi::{Files, WasiState, answer, call, fd_seek as file_seek};
use std::io::SeekFrom;
use wasmtime::{Caller, Memory};

pub(crate) use crate::host::wasi::add_files_to_linker as add_to_linker;

impl WasiState for State {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }

    fn files(&mut self) -> &mut Files {
        State::files(self)
    }

    fn look(&mut self) -> wasmtime::Result<()> {
        if let Some(stop) = self.control.reason() {
            return Err(Halt::Stop(stop).into());
        }
        // Whoever waits may wait for a command that cannot go on before its output is read.
        if let Some(commands) = &mut self.commands {
            commands.pump(&mut self.output)?;
        }
        Ok(())
    }
}

/// Standard streams that are files can be sought, and belong to the host.
pub(super) fn fd_seek(
    mut caller: Caller<'_, State>,
    fd: u32,
    offset: i64,
    whence: u32,
    at: u32,
) -> wasmtime::Result<i32> {
    if fd > 2 {
        return answer(file_seek(call(&mut caller)?, fd, offset, whence, at));
    }
    let to = match whence {
        0 => u64::try_from(offset).map(SeekFrom::Start).ok(),
        1 => Some(SeekFrom::Current(offset)),
        2 => Some(SeekFrom::End(offset)),
        _ => None,
    };
    let (mut memory, state) = split(&mut caller)?;
    let place = to.ok_or(Errno::INVAL).and_then(|to| match fd {
        0 => state.input.seek(to),
        _ => state.output.seek(fd as i32, to),
    });
    Ok(match place {
        Ok(place) => memory.write(at, &place.to_le_bytes()).map_or(Errno::FAULT.0, |()| 0),
        Err(errno) => errno.0,
    })
}
