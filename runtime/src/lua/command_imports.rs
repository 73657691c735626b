//! What a Lua guest asks of the commands that were granted to its sandbox.

use super::caller::{out_of_bounds, split};
use super::state::State;
use crate::host::commands::{Commands, Sandboxed, Use};
use crate::host::wasi::errno::{Errno, Failure};
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::imports;
use wasmtime::{Caller, Linker};

type Result<T> = wasmtime::Result<T>;

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(IMPORT_MODULE, imports::COMMANDS, |caller: Caller<'_, State>| {
        i32::from(caller.data().commands.is_some())
    })?;
    linker.func_wrap(IMPORT_MODULE, imports::COMMAND_RUN, run)?;
    linker.func_wrap(IMPORT_MODULE, imports::COMMAND_START, start)?;
    linker.func_wrap(IMPORT_MODULE, imports::COMMAND_CLOSE, close)?;
    linker.func_wrap(IMPORT_MODULE, imports::COMMAND_REFUSAL, refusal)?;
    Ok(())
}

/// Starts a command and waits for its end; its status.
fn run(mut caller: Caller<'_, State>, at: u32, len: u32) -> Result<i32> {
    with_text(&mut caller, at, len, |commands, text, sandboxed| commands.run(text, sandboxed))
}

/// Starts a command that the guest reads from, or writes to; its descriptor.
fn start(mut caller: Caller<'_, State>, at: u32, len: u32, writes: i32) -> Result<i32> {
    let usage = if writes == 0 { Use::Read } else { Use::Write };
    with_text(&mut caller, at, len, |commands, text, sandboxed| {
        let fd = commands.start(text, usage, sandboxed)?;
        i32::try_from(fd).map_err(|_| Errno::MFILE.into())
    })
}

/// Waits for the end of a command whose descriptor the guest has closed; its status.
fn close(mut caller: Caller<'_, State>, fd: u32, kill: i32) -> Result<i32> {
    with(&mut caller, |commands, sandboxed| commands.close(fd, kill != 0, sandboxed))
}

/// Why a command was not started, as text; nothing if the error number says it.
fn refusal(mut caller: Caller<'_, State>, at: u32, room: u32) -> Result<u32> {
    let (mut memory, state) = split(&mut caller)?;
    let text = state.commands.as_ref().map_or("", |commands| commands.refusal()).as_bytes();
    let text = &text[..text.len().min(room as usize)];
    memory.write(at, text).ok_or_else(out_of_bounds)?;
    Ok(text.len() as u32)
}

fn with_text(
    caller: &mut Caller<'_, State>,
    at: u32,
    len: u32,
    run: impl FnOnce(&mut Commands, &[u8], Sandboxed<'_>) -> std::result::Result<i32, Failure>,
) -> Result<i32> {
    let (memory, state) = split(caller)?;
    let Some((commands, _)) = state.commands() else { return Ok(-Errno::NOTSUP.0) };
    if !commands.begin(len) {
        return Ok(-Errno::TOOBIG.0);
    }
    let text = memory.bytes().read(at, len).ok_or_else(out_of_bounds)?.to_vec();
    with(caller, |commands, sandboxed| run(commands, &text, sandboxed))
}

/// Does something with the commands; the answer, or a negated error number.
fn with(
    caller: &mut Caller<'_, State>,
    run: impl FnOnce(&mut Commands, Sandboxed<'_>) -> std::result::Result<i32, Failure>,
) -> Result<i32> {
    let state = caller.data_mut();
    let Some((commands, sandboxed)) = state.commands() else { return Ok(-Errno::NOTSUP.0) };
    let answer = run(commands, sandboxed);
    if state.control.is_watched() {
        // It may have been long enough for the ticker to go to rest.
        state.ticker.need();
    }
    match answer {
        Ok(answer) => Ok(answer),
        Err(Failure::Errno(errno)) => Ok(-errno.0),
        Err(Failure::End(error)) => Err(error),
    }
}
