//! Lua and Go guests of one sandbox: calls from one to the other, and the lives of tasks.
//!
//! The Lua guest drives. What it imports ends up here, and here the Go guests are entered,
//! which never call back: what they want from Lua they leave as events, and Lua takes it
//! when it next waits. So no guest is ever entered while it is running.

mod accounts;
pub(crate) mod callbacks;
mod calling;
mod ending;
mod entering;
pub(crate) mod event;
mod guest_events;
mod guest_frames;
pub(crate) mod guests;
mod inbox;
mod instance;
mod instance_id;
pub(crate) mod launching;
pub(crate) mod lazy;
mod local;
pub(crate) mod lua_calls;
mod outbox;
mod parts;
pub(crate) mod recorder;
mod runner;
pub(crate) mod scheduler;
mod starting;
mod streams;
mod task;
mod tasks;
pub(crate) mod timers;
pub(crate) mod turn;
mod worker;
mod worker_request;
mod worker_thread;

use luago_abi::lua::function_id::{GO, GO_BITS, OWNED};

/// How many functions a Go guest can have.
pub(crate) const MAX_FUNCTIONS: usize = 1 << GO_BITS;
/// How many Go guests a sandbox can have.
pub(crate) const MAX_GUESTS: usize = 1 << (GO.trailing_zeros() - GO_BITS);

/// The number by which Lua knows a function of a Go guest.
pub(crate) fn function_id(guest: usize, function: usize) -> u32 {
    GO | (guest as u32) << GO_BITS | function as u32
}

/// The guest and the function that a number stands for, if it is one of a Go guest.
#[inline]
pub(crate) fn of_go(id: u32) -> Option<(usize, u32)> {
    let is_go = id & (GO | OWNED) == GO;
    is_go.then_some((((id & !GO) >> GO_BITS) as usize, id & ((1 << GO_BITS) - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_number_of_a_function_says_which_guest_and_function_it_is(
            guest in 0..MAX_GUESTS,
            function in 0..MAX_FUNCTIONS,
        ) {
            let id = function_id(guest, function);
            prop_assert_eq!(of_go(id), Some((guest, function as u32)));
            prop_assert_eq!(of_go(id | OWNED), None);
            prop_assert_eq!(of_go(id & !GO), None);
        }
    }
}
