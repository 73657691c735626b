//! What a Go guest has of WASI besides files: streams, clocks, randomness and its end.

use super::caller::{EFAULT, EINVAL, EIO, ENOTSUP, OK, WAKE, fuel_used, put, split};
use super::output::Refused;
use super::state::{Ending, State};
use crate::host::interrupt::Halt;
use crate::host::wasi::transfer::{MOST_BUFFERS, PIECE, buffer};
use crate::host::wasi::{answer, call, fd_fdstat_get as file_fdstat_get, transfer};
use wasmtime::{Caller, Linker};

type Result<T> = wasmtime::Result<T>;

pub(crate) use crate::host::wasi::WASI;

pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(WASI, "clock_res_get", clock_res_get)?;
    linker.func_wrap(WASI, "clock_time_get", clock_time_get)?;
    linker.func_wrap(WASI, "fd_write", fd_write)?;
    linker.func_wrap(WASI, "fd_fdstat_get", fd_fdstat_get)?;
    linker.func_wrap(WASI, "random_get", random_get)?;
    linker.func_wrap(WASI, "proc_exit", proc_exit)?;
    linker.func_wrap(WASI, "proc_raise", |_: i32| ENOTSUP)?;
    linker.func_wrap(WASI, "sched_yield", || OK)?;
    linker.func_wrap(WASI, "sock_accept", |_: i32, _: i32, _: i32| ENOTSUP)?;
    linker
        .func_wrap(WASI, "sock_recv", |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32| ENOTSUP)?;
    linker.func_wrap(WASI, "sock_send", |_: i32, _: i32, _: i32, _: i32, _: i32| ENOTSUP)?;
    linker.func_wrap(WASI, "sock_shutdown", |_: i32, _: i32| ENOTSUP)?;
    Ok(())
}

fn clock_res_get(mut caller: Caller<'_, State>, _clock: i32, at: u32) -> Result<i32> {
    let (mut memory, _) = split(&mut caller)?;
    Ok(put(&mut memory, at, &1u64.to_le_bytes()))
}

fn clock_time_get(mut caller: Caller<'_, State>, clock: i32, _: u64, at: u32) -> Result<i32> {
    let fuel = fuel_used(&caller);
    let (mut memory, state) = split(&mut caller)?;
    let time = match clock {
        0 => state.wall(fuel),
        1..=3 => state.now(fuel),
        _ => return Ok(EINVAL),
    };
    let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    Ok(put(&mut memory, at, &nanoseconds.to_le_bytes()))
}

fn random_get(mut caller: Caller<'_, State>, at: u32, len: u32) -> Result<i32> {
    /// What is filled before the guest is looked at again: all of a large memory takes
    /// seconds.
    const AT_A_TIME: u32 = 1 << 20;
    let (mut memory, state) = split(&mut caller)?;
    if !memory.is_writable(at, len) {
        return Ok(EFAULT);
    }
    let mut copied = Vec::new();
    for offset in (0..len).step_by(AT_A_TIME as usize) {
        // All of these are in the memory, as the whole is.
        let (at, len) = (at + offset, AT_A_TIME.min(len - offset));
        let is_filled = match memory.get_mut(at, len) {
            Some(part) => state.clock.fill(part).is_ok(),
            None => {
                copied.resize(len as usize, 0);
                state.clock.fill(&mut copied).is_ok() && memory.write(at, &copied).is_some()
            }
        };
        if !is_filled {
            return Ok(EIO);
        }
        if len == AT_A_TIME {
            state.look()?;
        }
    }
    Ok(OK)
}

fn proc_exit(_: Caller<'_, State>, code: i32) -> Result<()> {
    Err(Halt::Exit(code).into())
}

/// Writes to a granted file, or keeps what goes to a standard stream.
fn fd_write(
    mut caller: Caller<'_, State>,
    fd: u32,
    parts: u32,
    count: u32,
    size: u32,
) -> Result<i32> {
    if !(1..=2).contains(&fd) {
        return answer(transfer::fd_write(call(&mut caller)?, fd, parts, count, size));
    }
    let (mut memory, state) = split(&mut caller)?;
    if count > MOST_BUFFERS {
        return Ok(EINVAL);
    }
    let mut written = 0u32;
    for index in 0..count {
        let Some((at, len)) = buffer(memory.bytes(), parts, index) else {
            return Ok(EFAULT);
        };
        if !memory.bytes().contains(at, len) {
            return Ok(EFAULT);
        }
        for offset in (0..len).step_by(PIECE as usize) {
            let part = memory.bytes().read(at + offset, PIECE.min(len - offset));
            let Some(part) = part else { return Ok(EFAULT) };
            let written = state.output.write(fd as u8, &part);
            written.map_err(|refused| match refused {
                Refused::Flood => Ending::Flood,
                Refused::Unshown => Ending::Unshown,
                Refused::Dying => Ending::Dying,
            })?;
            if len > PIECE {
                state.look()?;
            }
        }
        written = written.saturating_add(len);
    }
    Ok(put(&mut memory, size, &written.to_le_bytes()))
}

/// The descriptor that `luago_poll` parks on is one that never blocks, so that Go gives it
/// to its poller.
fn fd_fdstat_get(mut caller: Caller<'_, State>, fd: u32, at: u32) -> Result<i32> {
    const REGULAR_FILE: u8 = 4;
    const NONBLOCK: u8 = 4;
    if fd == WAKE {
        let mut stat = [0; 24];
        stat[0] = REGULAR_FILE;
        stat[2] = NONBLOCK;
        let (mut memory, _) = split(&mut caller)?;
        return Ok(put(&mut memory, at, &stat));
    }
    answer(file_fdstat_get(call(&mut caller)?, fd, at))
}
