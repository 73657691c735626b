//! What compiled code calls, by number.

use luago_abi::lua::exports;

/// What compiled code calls of the interpreter, in order.
pub(crate) const HELPERS: [(&str, u32); 6] = [
    (exports::STEP, ENTRY_TYPE),
    (exports::STEP_CALL, 1),
    (exports::STEP_TICK, 2),
    (exports::STEP_FINISH, 3),
    (exports::STEP_RETURN, 4),
    (exports::STEP_STATUS, 5),
];

pub(crate) const STEP: u32 = 0;
pub(crate) const STEP_CALL: u32 = 1;
pub(crate) const STEP_TICK: u32 = 2;
pub(crate) const STEP_FINISH: u32 = 3;
pub(crate) const STEP_RETURN: u32 = 4;
pub(crate) const STEP_STATUS: u32 = 5;

/// The type of a compiled function: thread, frame, depth; status.
pub(crate) const ENTRY_TYPE: u32 = 0;
