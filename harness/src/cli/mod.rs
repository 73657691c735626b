//! The command line: from arguments to an exit code.

mod args;
mod exit;
mod matrix;
mod output;
mod perf;
mod progress;
mod readme;
mod report_args;
mod reports;
mod shadow;
mod show;
mod targets;

use crate::render;
use args::{Cli, Command};
use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;

/// Carries out a command line.
pub fn main(raw: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(raw) {
        Ok(cli) => cli,
        Err(error) => return exit::of_parsing(&error),
    };
    exit::code(match cli.command {
        Command::Matrix(args) => matrix::run(args),
        Command::Perf(args) => perf::run(args),
        Command::Shadow(args) => shadow::run(args),
        Command::Merge(args) => reports::merge(args),
        Command::Readme(args) => readme::run(&args),
        Command::Show(args) => show::run(&args.case),
        Command::Schema => output::print(&render::schema()).map(|()| true),
    })
}
