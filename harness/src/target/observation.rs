//! The outcome of a run.

use std::fmt;
use std::time::Duration;

/// How a script ended, in terms that all targets share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With an exit code: 0 at its end, 1 after an error.
    Exit(i32),
    /// A signal ended the process of native Lua.
    Signal(i32),
    /// It ran out of time.
    Time,
    /// It ran out of memory and did not catch the error.
    Memory,
    /// It wrote too much.
    Output,
    /// The sandbox itself failed.
    Fault(String),
}

impl End {
    /// Whether a bound ended the script, so that how far it came depends on the machine.
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

/// The observed behaviour and cost of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// How it ended.
    pub end: End,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error, with the error that ended the script as `lua` prints it.
    pub stderr: Vec<u8>,
    /// The time from creating the state to closing it.
    pub wall: Duration,
    /// Peak memory in bytes: in the sandbox all of the guest's memory, natively what Lua's
    /// allocator gave out.
    pub peak_memory: u64,
}
