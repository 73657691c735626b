//! What compiled code calls of the interpreter.

use luago_abi::lua::exports;
use wasm_encoder::ValType::{self, I32, I64};

/// One of the functions that a module imports, which have the first numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Helper {
    Step,
    Call,
    Tick,
    Finish,
    Return,
    Close,
    Tail,
    Status,
    Find,
    Put,
    Len,
    Table,
    Closure,
    Concat,
    VarArg,
    Prepare,
    For,
}

impl Helper {
    /// All of them, in the order of their numbers.
    pub const ALL: [Helper; 17] = [
        Helper::Step,
        Helper::Call,
        Helper::Tick,
        Helper::Finish,
        Helper::Return,
        Helper::Close,
        Helper::Tail,
        Helper::Status,
        Helper::Find,
        Helper::Put,
        Helper::Len,
        Helper::Table,
        Helper::Closure,
        Helper::Concat,
        Helper::VarArg,
        Helper::Prepare,
        Helper::For,
    ];

    /// The name that it is imported by, its parameters, all of which have 32 bits, and its results.
    pub fn signature(self) -> (&'static str, usize, &'static [ValType]) {
        match self {
            Helper::Step => (exports::STEP, 3, &[I32]),
            Helper::Call => (exports::STEP_CALL, 5, &[I32]),
            Helper::Tick => (exports::STEP_TICK, 2, &[I32]),
            Helper::Finish => (exports::STEP_FINISH, 4, &[I32]),
            Helper::Return => (exports::STEP_RETURN, 4, &[]),
            Helper::Close => (exports::STEP_CLOSE, 6, &[]),
            Helper::Tail => (exports::STEP_TAIL, 6, &[I32]),
            Helper::Status => (exports::STEP_STATUS, 0, &[I32]),
            Helper::Find => (exports::STEP_FIND, 3, &[I32]),
            Helper::Put => (exports::STEP_PUT, 5, &[I32]),
            Helper::Len => (exports::STEP_LEN, 2, &[I64]),
            Helper::Table => (exports::STEP_TABLE, 6, &[I32]),
            Helper::Closure => (exports::STEP_CLOSURE, 5, &[I32]),
            Helper::Concat => (exports::STEP_CONCAT, 5, &[I32]),
            Helper::VarArg => (exports::STEP_VARARG, 4, &[I32]),
            Helper::Prepare => (exports::STEP_PREPARE, 3, &[I32]),
            Helper::For => (exports::STEP_FOR, 5, &[I32]),
        }
    }
}

/// The type of a compiled function: thread, frame, depth and the address of the first register; a
/// status. Those of what is imported follow.
pub(crate) const ENTRY_TYPE: u32 = 0;
pub(crate) const ENTRY_PARAMETERS: usize = 4;
