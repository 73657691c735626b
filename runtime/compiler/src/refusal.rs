//! Why something is not compiled.

use std::fmt;

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
