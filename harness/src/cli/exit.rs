//! Exit codes, and whose mistake an error is.

use anyhow::{Result, anyhow};
use std::process::ExitCode;

/// All was as expected.
const SUCCESS: u8 = 0;
/// Something differed that should not, or became slower than allowed.
const DIFFERENCES: u8 = 1;
/// The command line cannot work.
const USAGE: u8 = 2;
/// The harness itself failed: nothing is known about the scripts.
const FAULT: u8 = 3;

/// A mistake in the command line, or in a file that it names.
#[derive(Debug)]
struct Usage(anyhow::Error);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Usage {}

/// Marks an error as a mistake of the user.
pub fn usage<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| anyhow!(Usage(error)))
}

/// The exit code of a command that says whether all was as expected. An error is printed.
pub fn code(as_expected: Result<bool>) -> ExitCode {
    ExitCode::from(match as_expected {
        Ok(true) => SUCCESS,
        Ok(false) => DIFFERENCES,
        Err(error) => {
            eprintln!("luago-harness: {error:#}");
            if error.is::<Usage>() { USAGE } else { FAULT }
        }
    })
}

/// The exit code of a command line that was not understood, or that asks for help. What clap
/// has to say is printed.
pub fn of_parsing(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { USAGE } else { SUCCESS })
}
