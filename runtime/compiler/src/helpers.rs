//! What compiled code calls of the interpreter.

use luago_abi::lua::exports;
use wasm_encoder::ValType::{self, F64, I32, I64};

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
    Compare,
    Pow,
    Mod,
    Table,
    List,
    Closure,
    Concat,
    VarArg,
    Prepare,
    For,
}

impl Helper {
    /// All of them, in the order of their numbers.
    pub const ALL: [Helper; 21] = [
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
        Helper::Compare,
        Helper::Pow,
        Helper::Mod,
        Helper::Table,
        Helper::List,
        Helper::Closure,
        Helper::Concat,
        Helper::VarArg,
        Helper::Prepare,
        Helper::For,
    ];

    /// The name that it is imported by, its parameters and its results.
    pub fn signature(self) -> (&'static str, &'static [ValType], &'static [ValType]) {
        match self {
            Helper::Step => (exports::STEP, &[I32; 4], &[I32]),
            Helper::Call => (exports::STEP_CALL, &[I32; 5], &[I32]),
            Helper::Tick => (exports::STEP_TICK, &[I32; 2], &[I32]),
            Helper::Finish => (exports::STEP_FINISH, &[I32; 4], &[I32]),
            Helper::Return => (exports::STEP_RETURN, &[I32; 4], &[]),
            Helper::Close => (exports::STEP_CLOSE, &[I32; 6], &[]),
            Helper::Tail => (exports::STEP_TAIL, &[I32; 6], &[I32]),
            Helper::Status => (exports::STEP_STATUS, &[], &[I32]),
            Helper::Find => (exports::STEP_FIND, &[I32; 3], &[I32]),
            Helper::Put => (exports::STEP_PUT, &[I32; 5], &[I32]),
            Helper::Len => (exports::STEP_LEN, &[I32; 2], &[I64]),
            Helper::Compare => (exports::STEP_COMPARE, &[I32; 4], &[I32]),
            Helper::Pow => (exports::STEP_POW, &[F64; 2], &[F64]),
            Helper::Mod => (exports::STEP_MOD, &[F64; 2], &[F64]),
            Helper::Table => (exports::STEP_TABLE, &[I32; 6], &[I32]),
            Helper::List => (exports::STEP_LIST, &[I32; 5], &[]),
            Helper::Closure => (exports::STEP_CLOSURE, &[I32; 5], &[I32]),
            Helper::Concat => (exports::STEP_CONCAT, &[I32; 5], &[I32]),
            Helper::VarArg => (exports::STEP_VARARG, &[I32; 4], &[I32]),
            Helper::Prepare => (exports::STEP_PREPARE, &[I32; 3], &[I32]),
            Helper::For => (exports::STEP_FOR, &[I32; 5], &[I32]),
        }
    }
}

/// The type of a compiled function: thread, frame, depth and the address of the first register; a
/// status. Those of what is imported follow.
pub(crate) const ENTRY_TYPE: u32 = 0;
pub(crate) const ENTRY_PARAMETERS: usize = 4;
