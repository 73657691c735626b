//! What was seen of a run.

use std::fmt;
use std::time::Duration;

/// How a script ended, in words that all targets share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With an exit code: 0 at its end, 1 after an error.
    Exit(i32),
    /// A signal ended the process of native Lua.
    Signal(i32),
    /// Its time was over.
    Time,
    /// Memory ran out, and it did not catch the error.
    Memory,
    /// It wrote too much.
    Output,
    /// The sandbox itself failed.
    Fault(String),
}

impl End {
    /// Is it a bound that ended the script, so that where it was depends on the machine?
    pub fn is_bound(&self) -> bool {
        matches!(self, End::Time | End::Memory | End::Output)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Exit(code) => write!(f, "exit code {code}"),
            End::Signal(signal) => write!(f, "signal {signal}"),
            End::Time => f.write_str("out of time"),
            End::Memory => f.write_str("out of memory"),
            End::Output => f.write_str("too much output"),
            End::Fault(message) => write!(f, "fault: {message}"),
        }
    }
}

/// What was seen of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// How it ended.
    pub end: End,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error; an error that ended the script stands there as `lua` prints it.
    pub stderr: Vec<u8>,
    /// From a new state to its close.
    pub wall: Duration,
    /// The most bytes that Lua had: in the sandbox all of its memory, natively what
    /// its allocator gave out.
    pub peak_memory: u64,
}
