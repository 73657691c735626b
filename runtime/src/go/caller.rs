//! What every import of a Go guest begins with, and what it answers.

use super::state::State;
use crate::memory::bytes::GuestBytesMut;
use wasmtime::{AsContext, Caller};

type Result<T> = wasmtime::Result<T>;

/// Error numbers of WASI preview 1.
pub(crate) const OK: i32 = 0;
pub(crate) const EFAULT: i32 = 21;
pub(crate) const EINVAL: i32 = 28;
pub(crate) const EIO: i32 = 29;
pub(crate) const ENOTSUP: i32 = 58;

/// The descriptor that `luago_poll` parks on.
pub(crate) const WAKE: u32 = luago_abi::go::wake::DESCRIPTOR;

/// The guest's memory and what belongs to the guest.
// Inlined: as a call it costs more than the rest of a small import.
#[inline(always)]
pub(crate) fn split<'a>(
    caller: &'a mut Caller<'_, State>,
) -> Result<(GuestBytesMut<'a>, &'a mut State)> {
    match caller.data().memory {
        Some(memory) => Ok(GuestBytesMut::split(&memory, caller)),
        None => Err(wasmtime::Error::msg("the guest has no memory yet")),
    }
}

/// Fuel used since the guest was prepared.
#[inline]
pub(crate) fn fuel_used(caller: &Caller<'_, State>) -> u64 {
    match caller.as_context().get_fuel() {
        Ok(left) => caller.data().fuel_at_start.saturating_sub(left),
        Err(_) => 0,
    }
}

/// An answer with one number.
#[inline]
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
