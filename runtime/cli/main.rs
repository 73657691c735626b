//! `luago-run`: runs a Lua script in a sandbox.

mod args;
mod completion;
mod destination;
mod exit_code;
mod go;
mod inspect;
mod places;
mod plan;
mod platform;
mod programs;
mod reading;
mod repl;
mod report;
mod run;
mod terminal;
mod trace;

use std::process::ExitCode;

fn main() -> ExitCode {
    run::main(std::env::args_os().collect())
}
