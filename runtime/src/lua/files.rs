//! What a Lua guest asks of the host about files, beside WASI.

use super::state::State;
use crate::host::wasi::errno::{Errno, Failure};
use crate::host::wasi::{Call, call, own};
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::imports;
use wasmtime::{Caller, Linker};

type Result<T> = wasmtime::Result<T>;

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        imports::CHANGE_DIR,
        |caller: Caller<'_, State>, at: u32, len: u32| {
            answer(caller, |call| own::change_dir(call, at, len))
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        imports::WORKING_DIR,
        |caller: Caller<'_, State>, at: u32, room: u32| {
            answer(caller, |call| own::working_dir(call, at, room))
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        imports::FILE_MODE,
        |caller: Caller<'_, State>, at: u32, len: u32, follows: u32| {
            answer(caller, |call| own::file_mode(call, at, len, follows != 0))
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        imports::LOCK,
        |caller: Caller<'_, State>, fd: u32, how: u32, start: i64, len: i64| {
            answer(caller, |call| own::lock(call, fd, how, start, len))
        },
    )?;
    Ok(())
}

/// A number that is not below zero, or an error number that is.
fn answer(
    mut caller: Caller<'_, State>,
    run: impl FnOnce(Call<'_, State>) -> std::result::Result<u32, Failure>,
) -> Result<i32> {
    match run(call(&mut caller)?) {
        Ok(number) => Ok(i32::try_from(number).unwrap_or(-Errno::OVERFLOW.0)),
        Err(Failure::Errno(errno)) => Ok(-errno.0),
        Err(Failure::End(error)) => Err(error),
    }
}
