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

mod body;
mod bytecode;
mod effect;
mod emit;
mod flow;
mod helpers;
mod module;
mod refusal;
mod registers;

pub use bytecode::{Constant, Entry, Function, Instruction, Op, Seen, Version};
pub use module::{FUNCTION_PREFIX, compile};
pub use refusal::Refusal;

/// What the way of compiling is called in the names of what is kept.
pub const VERSION: &str = "1";
