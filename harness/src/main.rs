//! The program `luago-harness`.

use std::process::ExitCode;

fn main() -> ExitCode {
    luago_harness::cli::main(std::env::args_os())
}
