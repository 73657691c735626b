//! `poll_oneoff`: how a Go guest sleeps, and how the host learns that it is idle.
//!
//! Go's scheduler calls it when nothing can run. In `luago_poll` the main goroutine waits
//! for a descriptor that only exists for this; to be asked about that one is to be told
//! that the guest is idle, and until which timer.

use super::state::{Parked, State};
use super::wasi::{EFAULT, EINVAL, OK, WASI, fuel_used, put, split};
use crate::host::clock::Clock;
use crate::memory::bytes::GuestBytes;
use std::time::{Duration, Instant};
use wasmtime::{Caller, Linker};

type Result<T> = wasmtime::Result<T>;

/// The descriptor that `luago_poll` parks on.
pub(crate) const WAKE: u32 = luago_abi::go::wake::DESCRIPTOR;

const CLOCK: u8 = 0;
const FD_WRITE: u8 = 2;

/// Sizes of WASI's records.
const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;

/// The most that a guest may wait for at once. Go's library has two for each open file and one
/// for its timers. Beyond it a call would be work of the host's that no fuel pays for.
const MOST: u32 = 4096;

/// How often a sleeping guest is looked at.
const STEP: Duration = Duration::from_millis(2);

pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(WASI, "poll_oneoff", poll_oneoff)?;
    Ok(())
}

/// One thing that the guest waits for.
#[derive(Debug, PartialEq)]
struct Subscription {
    user_data: u64,
    kind: u8,
    /// Nanoseconds from now, of a clock.
    timeout: u64,
    /// The descriptor, of anything else.
    fd: u32,
}

impl Subscription {
    fn read(
        memory: &GuestBytes<'_>,
        at: u32,
        wall: Duration,
        now: Duration,
    ) -> Option<Subscription> {
        const ABSOLUTE: u8 = 1;
        let bytes: &[u8; SUBSCRIPTION as usize] = memory.get(at, SUBSCRIPTION)?.try_into().ok()?;
        let number = |at: usize| -> Option<u64> {
            Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
        };
        let clock = u32::from_le_bytes([bytes[16], bytes[17], bytes[18], bytes[19]]);
        let mut timeout = number(24)?;
        if bytes[40] & ABSOLUTE != 0 {
            let time = if clock == 0 { wall } else { now };
            timeout = timeout.saturating_sub(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        }
        Some(Subscription { user_data: number(0)?, kind: bytes[8], timeout, fd: clock })
    }

    fn event(&self) -> [u8; EVENT as usize] {
        let mut event = [0; EVENT as usize];
        event[..8].copy_from_slice(&self.user_data.to_le_bytes());
        event[10] = self.kind;
        event
    }
}

/// What all subscriptions together come to.
#[derive(Debug, Default, PartialEq)]
struct Wait {
    /// The nearest timeout.
    timeout: Option<u64>,
    has_wake: bool,
    has_file: bool,
}

fn poll_oneoff(
    mut caller: Caller<'_, State>,
    subscriptions: u32,
    events: u32,
    count: u32,
    result: u32,
) -> Result<i32> {
    let fuel = fuel_used(&caller);
    let (memory, state) = split(&mut caller)?;
    let (wall, now) = (state.wall(fuel), state.now(fuel));
    let fits = |at: u32, size: u32| {
        count.checked_mul(size).and_then(|len| memory.bytes().get(at, len)).is_some()
    };
    if count == 0 || count > MOST {
        return Ok(EINVAL);
    }
    if !fits(subscriptions, SUBSCRIPTION) || !fits(events, EVENT) {
        return Ok(EFAULT);
    }
    // All of these are in the memory, as the whole is.
    let read = |memory: &GuestBytes<'_>, index: u32| {
        Subscription::read(memory, subscriptions + index * SUBSCRIPTION, wall, now)
    };
    let mut wait = Wait::default();
    for subscription in (0..count).filter_map(|index| read(memory.bytes(), index)) {
        match subscription.kind {
            CLOCK => {
                let timeout = wait.timeout.unwrap_or(u64::MAX).min(subscription.timeout);
                wait.timeout = Some(timeout);
            }
            kind if kind > FD_WRITE => return Ok(EINVAL),
            _ if subscription.fd == WAKE => wait.has_wake = true,
            _ => wait.has_file = true,
        }
    }

    let is_parked = wait.has_wake && wait.timeout != Some(0);
    if is_parked {
        state.parked = Some(Parked { at: now, timer: wait.timeout.map(Duration::from_nanos) });
    } else if !wait.has_wake && !wait.has_file {
        sleep(state, wait.timeout.unwrap_or(0))?;
    }

    let (mut memory, _) = split(&mut caller)?;
    let mut happened = 0;
    for index in 0..count {
        let Some(subscription) = read(memory.bytes(), index) else { break };
        let has_happened = match subscription.kind {
            CLOCK => !wait.has_wake && !wait.has_file && Some(subscription.timeout) == wait.timeout,
            _ if subscription.fd == WAKE => is_parked,
            // A file can always be read and written.
            _ => true,
        };
        if has_happened {
            put(&mut memory, events + happened * EVENT, &subscription.event());
            happened += 1;
        }
    }
    Ok(put(&mut memory, result, &happened.to_le_bytes()).max(OK))
}

/// Sleeps for so many nanoseconds, and looks now and then whether the guest has to stop.
fn sleep(state: &mut State, nanoseconds: u64) -> Result<()> {
    state.look()?;
    let time = Duration::from_nanos(nanoseconds);
    if let Clock::Virtual { .. } = state.clock {
        state.advanced = state.advanced.saturating_add(time);
        return Ok(());
    }
    let start = Instant::now();
    loop {
        let left = time.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(STEP));
        state.look()?;
    }
}
