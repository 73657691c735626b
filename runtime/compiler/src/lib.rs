//! Compiles functions of Lua to WebAssembly, from the bytecode that the interpreter runs.
//!
//! A compiled function works on the interpreter's own stack and values, in the interpreter's own
//! memory. Before anything that can fail, yield, or look around, it has stored where it is, and
//! all registers; so wherever something unusual comes up it goes back to the interpreter by
//! returning, and that goes on. Numbers whose types are known are kept in local variables.
//!
//! What comes out is a module that is validated and confined like any other: a mistake in here can
//! only harm the sandbox whose script is compiled.
//!
//! This crate knows no store and no engine: it takes bytecode and gives bytes.

mod bytecode;
mod emit;
mod flow;
mod module;
mod registers;

pub use bytecode::{Constant, Entry, Function, Instruction, Op, Seen};
pub use module::{FUNCTION_PREFIX, compile};

use std::fmt;

/// What the way of compiling is called in the names of what is kept.
pub const VERSION: &str = "1";

/// Why a function is left to the interpreter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It is too large.
    Size,
    /// Its bytecode is none that Lua's own compiler writes.
    Bytecode,
    /// A loop of it can be entered in several places.
    Irreducible,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Size => "the function is too large",
            Refusal::Bytecode => "the bytecode is none that Lua writes",
            Refusal::Irreducible => "a loop can be entered in several places",
        })
    }
}

impl std::error::Error for Refusal {}
