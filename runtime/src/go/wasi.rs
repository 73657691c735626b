//! What a Go guest has of WASI besides files: streams, clocks, randomness and its end.

use super::poll::WAKE;
use super::state::{Ending, State};
use crate::segment::bytes::{GuestBytes, GuestBytesMut};
use crate::stopping::Halt;
use crate::wasi::outputs;
use std::borrow::Cow;
use wasmtime::{AsContext, Caller, Linker};
use wasmtime_wasi::p1::wasi_snapshot_preview1 as preview1;

type Result<T> = wasmtime::Result<T>;

pub(crate) const WASI: &str = "wasi_snapshot_preview1";

/// Error numbers of WASI preview 1.
pub(crate) const OK: i32 = 0;
pub(crate) const EFAULT: i32 = 21;
pub(crate) const EINVAL: i32 = 28;
const EIO: i32 = 29;
const ENOTSUP: i32 = 58;

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

/// The guest's memory and what belongs to the guest.
pub(crate) fn split<'a>(
    caller: &'a mut Caller<'_, State>,
) -> Result<(GuestBytesMut<'a>, &'a mut State)> {
    match caller.data().memory {
        Some(memory) => Ok(GuestBytesMut::split(&memory, caller)),
        None => Err(wasmtime::Error::msg("the guest has no memory yet")),
    }
}

/// Fuel used since the guest was prepared.
pub(crate) fn fuel_used(caller: &Caller<'_, State>) -> u64 {
    match caller.as_context().get_fuel() {
        Ok(left) => caller.data().fuel_at_start.saturating_sub(left),
        Err(_) => 0,
    }
}

/// An answer with one number.
pub(crate) fn put(memory: &mut GuestBytesMut<'_>, at: u32, bytes: &[u8]) -> i32 {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    match memory.get_mut(at, len) {
        Some(place) => {
            place.copy_from_slice(bytes);
            OK
        }
        None => EFAULT,
    }
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
    fd: i32,
    parts: i32,
    count: i32,
    size: i32,
) -> Result<i32> {
    if !(1..=2).contains(&fd) {
        let (memory, wasi) = crate::wasi::split(&mut caller)?;
        if !outputs::bytes(&memory, wasi, size, 4) {
            return Ok(EFAULT);
        }
        let mut memory = memory.into_wasi();
        return crate::wasi::wait(preview1::fd_write(wasi, &mut memory, fd, parts, count, size));
    }
    let (parts, count) = (parts.cast_unsigned(), count.cast_unsigned());
    let (mut memory, state) = split(&mut caller)?;
    let mut written = 0u32;
    for index in 0..count {
        let part = index.checked_mul(8).and_then(|offset| parts.checked_add(offset));
        let Some(bytes) = part.and_then(|at| part_at(memory.bytes(), at)) else {
            return Ok(EFAULT);
        };
        if !state.output.write(fd, &bytes) {
            return Err(Ending::Flood.into());
        }
        written = written.saturating_add(bytes.len() as u32);
    }
    Ok(put(&mut memory, size.cast_unsigned(), &written.to_le_bytes()))
}

fn part_at<'a>(memory: &GuestBytes<'a>, at: u32) -> Option<Cow<'a, [u8]>> {
    let len = memory.u32_at(at.checked_add(4)?)?;
    memory.read(memory.u32_at(at)?, len)
}

/// The descriptor that `luago_poll` parks on is one that never blocks, so that Go gives it
/// to its poller.
fn fd_fdstat_get(mut caller: Caller<'_, State>, fd: i32, at: i32) -> Result<i32> {
    const REGULAR_FILE: u8 = 4;
    const NONBLOCK: u8 = 4;
    if fd.cast_unsigned() == WAKE {
        let mut stat = [0; 24];
        stat[0] = REGULAR_FILE;
        stat[2] = NONBLOCK;
        let (mut memory, _) = split(&mut caller)?;
        return Ok(put(&mut memory, at.cast_unsigned(), &stat));
    }
    let (memory, wasi) = crate::wasi::split(&mut caller)?;
    if !outputs::bytes(&memory, wasi, at, 24) {
        return Ok(EFAULT);
    }
    let mut memory = memory.into_wasi();
    crate::wasi::wait(preview1::fd_fdstat_get(wasi, &mut memory, fd, at))
}
