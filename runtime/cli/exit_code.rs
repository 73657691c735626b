//! The exit codes, all in one place.

use luago::{End, Stop};

/// The script ran to its end.
pub const SUCCESS: u8 = 0;
/// The script raised an error.
pub const LUA_ERROR: u8 = 1;
/// The command line asks for something that cannot be done. It is found before the script
/// runs, but for a report or a trace whose disk is full in the end.
pub const USAGE: u8 = 2;
/// The guest broke a rule of WebAssembly, or wrote to a segment that is read-only for it.
pub const FAULT: u8 = 120;
/// The fuel was used up.
pub const FUEL: u8 = 121;
/// The memory limit was reached.
pub const MEMORY: u8 = 122;
/// The output limit was reached.
pub const OUTPUT: u8 = 123;
/// The deadline passed.
pub const DEADLINE: u8 = 124;
/// Somebody pressed Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// The table for `--help` and the manual.
pub const TABLE: &str = "\
Exit codes:
    0  the script ran to its end
    1  the script raised an error; message and traceback are on standard error
    2  the command line asks for something that cannot be done, and nothing was run;
       or there was no room to write the report or the trace
    n  the script called os.exit(n)
  120  the guest broke a rule of WebAssembly, or wrote to what it may only read
  121  the fuel was used up            (--fuel)
  122  the memory limit was reached    (--memory)
  123  the output limit was reached    (--max-output)
  124  the deadline passed             (--timeout)
  130  the script was interrupted by Ctrl-C";

/// The exit code for an end.
pub fn of(end: &End) -> u8 {
    match end {
        End::Returned | End::OutputClosed => SUCCESS,
        // As the system truncates it for any program.
        End::Exited(code) => (*code & 0xff) as u8,
        End::Error(_) => LUA_ERROR,
        End::Stopped(stopped) => match stopped.stop {
            Stop::Deadline { .. } => DEADLINE,
            Stop::Fuel { .. } => FUEL,
            Stop::Memory { .. } => MEMORY,
            Stop::Output { .. } => OUTPUT,
            Stop::Interrupted => INTERRUPTED,
            _ => FAULT,
        },
        _ => FAULT,
    }
}
