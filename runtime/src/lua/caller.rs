//! What every import of a Lua guest begins with.

use super::state::State;
use crate::memory::bytes::GuestBytesMut;
use crate::memory::imports::sync;
use std::time::Duration;
use wasmtime::{AsContext, Caller};

type Result<T> = wasmtime::Result<T>;

/// The guest's memory and what belongs to the guest.
// Inlined: as a call it costs more than the rest of a small import.
#[inline(always)]
pub(super) fn split<'a>(
    caller: &'a mut Caller<'_, State>,
) -> Result<(GuestBytesMut<'a>, &'a mut State)> {
    match caller.data().memory {
        Some(memory) => Ok(GuestBytesMut::split(&memory, caller)),
        None => Err(wasmtime::Error::msg("the guest has no memory yet")),
    }
}

/// Does something during which other guests may run, and the host look at segments: where
/// these are copied, what either side has written is carried over.
#[inline]
pub(super) fn among_others<T>(
    mut caller: Caller<'_, State>,
    run: impl FnOnce(&mut Caller<'_, State>) -> Result<T>,
) -> Result<T> {
    sync(&mut caller)?;
    let result = run(&mut caller)?;
    sync(&mut caller)?;
    is_back(caller.data());
    Ok(result)
}

/// What took the host long was not the guest's doing: it is asked at its next poll first, if it
/// has to stop.
#[inline]
pub(super) fn is_back(state: &State) {
    if let Some(page) = &state.polling {
        page.return_to();
    }
}

pub(super) fn out_of_bounds() -> wasmtime::Error {
    wasmtime::Trap::MemoryOutOfBounds.into()
}

#[inline]
pub(super) fn fuel_used(caller: &Caller<'_, State>) -> u64 {
    match caller.as_context().get_fuel() {
        Ok(left) => caller.data().fuel_limit.saturating_sub(left),
        Err(_) => 0,
    }
}

/// What the sandbox's clock shows.
#[inline]
pub(super) fn now(caller: &Caller<'_, State>) -> Duration {
    caller.data().clock.running(fuel_used(caller))
}
