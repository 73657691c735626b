//! What a Lua guest can ask of the host. Each function copies, and none calls
//! back into the guest.

use super::caller::{among_others, fuel_used, is_back, out_of_bounds, split};
use super::state::State;
use crate::bridge::of_go;
use crate::host::interrupt::Halt;
use crate::host::mailbox::broken;
use crate::host::wasi::errno::Errno;
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::imports;
use wasmtime::{Caller, Linker};

type Result<T> = wasmtime::Result<T>;

pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(IMPORT_MODULE, imports::WRITE, write)?;
    linker.func_wrap(IMPORT_MODULE, imports::READ, read)?;
    linker.func_wrap(IMPORT_MODULE, imports::IS_TERMINAL, is_terminal)?;
    linker.func_wrap(IMPORT_MODULE, imports::SOURCE_OPEN, source_open)?;
    linker.func_wrap(IMPORT_MODULE, imports::SOURCE_TAKE, source_take)?;
    linker.func_wrap(IMPORT_MODULE, imports::TEMP_DIR, temp_dir)?;
    linker.func_wrap(IMPORT_MODULE, imports::CPU_SECONDS, cpu_seconds)?;
    linker.func_wrap(IMPORT_MODULE, imports::ENTROPY, entropy)?;
    linker.func_wrap(IMPORT_MODULE, imports::STOPPED, stopped)?;
    linker.func_wrap(IMPORT_MODULE, imports::CALL, |caller: Caller<'_, State>, id: u32| {
        among_others(caller, |caller| call(caller, id))
    })?;
    linker.func_wrap(IMPORT_MODULE, imports::FRAME, frame)?;
    linker.func_wrap(IMPORT_MODULE, imports::LARGE, large)?;
    linker.func_wrap(IMPORT_MODULE, imports::TAKEN, taken)?;
    linker.func_wrap(IMPORT_MODULE, imports::DROP, drop_function)?;
    linker.func_wrap(IMPORT_MODULE, imports::FUNCTION_NAME, function_name)?;
    linker.func_wrap(IMPORT_MODULE, imports::PROBLEM, problem)?;
    linker.func_wrap(IMPORT_MODULE, imports::RELEASED, released)?;
    super::files::add_to_linker(linker)?;
    super::bridge_imports::add_to_linker(linker)?;
    super::wait_imports::add_to_linker(linker)?;
    super::command_imports::add_to_linker(linker)?;
    crate::memory::imports::add_to_linker(linker)?;
    linker.func_wrap("wasi_snapshot_preview1", "clock_time_get", clock_time_get)?;
    linker.func_wrap("wasi_snapshot_preview1", "fd_seek", super::wasi::fd_seek)?;
    linker.func_wrap("wasi_snapshot_preview1", "proc_exit", proc_exit)?;
    Ok(())
}

/// The largest module that is read, in bytes: it is in the host's memory too until the guest
/// has taken it, and counts there.
const MAX_SOURCE: u64 = 8 << 20;

#[cold]
fn no_reply() -> wasmtime::Error {
    broken("it asks for a reply that is not kept, or for more than there is of it")
}

fn negated(errno: Errno) -> i32 {
    -errno.0
}

fn write(mut caller: Caller<'_, State>, fd: i32, at: u32, len: u32) -> Result<i32> {
    let (memory, state) = split(&mut caller)?;
    let bytes = memory.bytes().get(at, len).ok_or_else(out_of_bounds)?;
    let written = state.output.write(fd, bytes)?;
    is_back(state);
    if let Some(stop) = state.control.reason()
        && matches!(stop, crate::Stop::Deadline { .. })
        && state.control.asked().is_some()
    {
        return Err(Halt::Stop(stop).into());
    }
    Ok(match written {
        Ok(n) => i32::try_from(n).unwrap_or(i32::MAX),
        Err(errno) => negated(errno),
    })
}

fn read(mut caller: Caller<'_, State>, fd: i32, at: u32, len: u32) -> Result<i32> {
    let (mut memory, state) = split(&mut caller)?;
    if fd != 0 {
        return Ok(negated(Errno::BADF));
    }
    let into = memory.get_mut(at, len).ok_or_else(out_of_bounds)?;
    let read = state.input.read(into, &state.control)?;
    is_back(state);
    Ok(match read {
        Ok(n) => i32::try_from(n).unwrap_or(i32::MAX),
        Err(errno) => negated(errno),
    })
}

fn is_terminal(caller: Caller<'_, State>, fd: i32) -> i32 {
    let terminals = caller.data().terminals;
    let is = usize::try_from(fd).ok().and_then(|fd| terminals.get(fd)).copied();
    i32::from(is.unwrap_or(false))
}

fn source_open(mut caller: Caller<'_, State>, at: u32, len: u32) -> Result<i32> {
    let (memory, state) = split(&mut caller)?;
    let path = memory.bytes().get(at, len).ok_or_else(out_of_bounds)?;
    state.source = None;
    let start = state.files().working_dir().cloned().unwrap_or_default();
    let ledger = &state.calls.encode_rules.ledger;
    state.source =
        state.loader.as_ref().and_then(|loader| loader.read(path, &start, MAX_SOURCE, ledger));
    match &state.source {
        Some((contents, _)) => {
            Ok(i32::try_from(contents.len()).unwrap_or(negated(Errno::OVERFLOW)))
        }
        None => Ok(-1),
    }
}

/// Copies the module that was opened last, if it has the size that the guest made
/// room for.
fn source_take(mut caller: Caller<'_, State>, at: u32, size: u32) -> Result<i32> {
    let (mut memory, state) = split(&mut caller)?;
    match state.source.take() {
        Some((contents, _held)) if contents.len() == size as usize => {
            memory.get_mut(at, size).ok_or_else(out_of_bounds)?.copy_from_slice(&contents);
            Ok(1)
        }
        _ => Ok(0),
    }
}

fn temp_dir(mut caller: Caller<'_, State>, at: u32, cap: u32) -> Result<i32> {
    let (mut memory, state) = split(&mut caller)?;
    let Some(dir) = &state.temp_dir else {
        return Ok(negated(Errno::NOTCAPABLE));
    };
    let dir = dir.bytes();
    match u32::try_from(dir.len()) {
        Ok(len) if len <= cap => {
            memory.get_mut(at, len).ok_or_else(out_of_bounds)?.copy_from_slice(dir);
            Ok(len as i32)
        }
        _ => Ok(negated(Errno::OVERFLOW)),
    }
}

fn cpu_seconds(caller: Caller<'_, State>) -> f64 {
    caller.data().clock.running(fuel_used(&caller)).as_secs_f64()
}

fn entropy(mut caller: Caller<'_, State>) -> Result<u64> {
    caller
        .data_mut()
        .clock
        .entropy()
        .map_err(|error| wasmtime::Error::msg(format!("no randomness to be had: {error}")))
}

fn stopped(caller: Caller<'_, State>) -> Result<()> {
    match caller.data().control.asked() {
        Some(_) => Err(Halt::StoppedItself.into()),
        None => Ok(()),
    }
}

fn clock_time_get(
    mut caller: Caller<'_, State>,
    clock: i32,
    _precision: u64,
    at: u32,
) -> Result<i32> {
    let fuel = fuel_used(&caller);
    let (mut memory, state) = split(&mut caller)?;
    let time = match clock {
        0 => state.clock.wall(fuel),
        1..=3 => state.clock.running(fuel),
        _ => return Ok(28), // EINVAL
    };
    let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    memory.get_mut(at, 8).ok_or_else(out_of_bounds)?.copy_from_slice(&nanoseconds.to_le_bytes());
    Ok(0)
}

fn proc_exit(_: Caller<'_, State>, code: i32) -> Result<()> {
    Err(Halt::Exit(code).into())
}

/// Calls a function of the host with the arguments in the mailbox.
fn call(caller: &mut Caller<'_, State>, id: u32) -> Result<i32> {
    if let Some(id) = of_go(id) {
        return super::bridge_imports::call(caller, id);
    }
    let (mut memory, state) = split(caller)?;
    let kind = state.calls.call(&mut memory, id)?;
    // It may have been long enough for the ticker to go to rest.
    state.need_ticks();
    Ok(kind)
}

fn frame(mut caller: Caller<'_, State>, reply: u32, at: u32) -> Result<()> {
    let (mut memory, state) = split(&mut caller)?;
    state.calls.take_frame(&mut memory, reply, at).ok_or_else(no_reply)
}

fn large(mut caller: Caller<'_, State>, reply: u32, offset: u32, len: u32, at: u32) -> Result<()> {
    let (mut memory, state) = split(&mut caller)?;
    state.calls.take_large(&mut memory, reply, offset, len, at).ok_or_else(no_reply)
}

fn taken(mut caller: Caller<'_, State>, reply: u32) {
    caller.data_mut().calls.taken(reply);
}

fn drop_function(mut caller: Caller<'_, State>, id: u32) {
    caller.data_mut().calls.functions.forget(id);
}

/// The name of a function of the host or of a Go guest, or as much of it as there is room for.
fn function_name(mut caller: Caller<'_, State>, id: u32, at: u32, room: u32) -> Result<u32> {
    let (mut memory, state) = split(&mut caller)?;
    let name = state.function_name(id);
    let len = name.len().min(room as usize) as u32;
    let into = memory.get_mut(at, len).ok_or_else(out_of_bounds)?;
    into.copy_from_slice(&name.as_bytes()[..len as usize]);
    Ok(len)
}

/// Why a value could not be passed, as text.
fn problem(mut caller: Caller<'_, State>, at: u32, room: u32) -> Result<u32> {
    let (mut memory, state) = split(&mut caller)?;
    state.calls.mailbox.problem_text(&mut memory, at, room).ok_or_else(out_of_bounds)
}

/// Handles of functions that the guest can forget.
fn released(mut caller: Caller<'_, State>, at: u32, room: u32) -> Result<u32> {
    let (mut memory, state) = split(&mut caller)?;
    state.calls.take_released(&mut memory, at, room).ok_or_else(out_of_bounds)
}
