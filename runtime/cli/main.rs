//! `luago-run`: runs a Lua script in a sandbox. From a command line to an exit code.

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

use args::Args;
use clap::{CommandFactory, FromArgMatches};
use plan::Plan;
use reading::TooLarge;
use run::CannotOpen;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;

fn main() -> ExitCode {
    execute(std::env::args_os().collect())
}

/// Carries out a command line.
fn execute(raw: Vec<OsString>) -> ExitCode {
    let matches = match Args::command().try_get_matches_from(&raw) {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            let is_help = !error.use_stderr();
            return ExitCode::from(if is_help { exit_code::SUCCESS } else { exit_code::USAGE });
        }
    };
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(exit_code::USAGE);
        }
    };
    if let Some(shell) = args.completions {
        let mut command = Args::command();
        clap_complete::generate(shell, &mut command, terminal::NAME, &mut std::io::stdout());
        return ExitCode::SUCCESS;
    }
    if args.man_page {
        let _ = clap_mangen::Man::new(Args::command()).render(&mut std::io::stdout());
        return ExitCode::SUCCESS;
    }
    let done = match &args.inspect {
        Some(guest) => inspect::run(guest, args.json),
        None => {
            Plan::new(args, &matches, &raw, std::io::stdin().is_terminal()).and_then(run::carry_out)
        }
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            say_error(&error);
            let is_too_large = error.chain().any(|cause| cause.is::<TooLarge>());
            ExitCode::from(if is_too_large { exit_code::MEMORY } else { exit_code::USAGE })
        }
    }
}

/// Says what keeps a command line from being carried out.
fn say_error(error: &anyhow::Error) {
    let Some(CannotOpen(path)) = error.downcast_ref() else {
        // Some errors have their cause in what they say.
        let add = |said: String, cause: String| match said.ends_with(&cause) {
            true => said,
            false => format!("{said}: {cause}"),
        };
        let causes = error.chain().skip(1).map(ToString::to_string);
        return terminal::say(&causes.fold(error.to_string(), add));
    };
    let causes: String = error.chain().skip(1).map(|cause| format!(": {cause}")).collect();
    terminal::say_bytes(&[b"cannot open ", path.as_os_str().as_encoded_bytes(), causes.as_bytes()]);
}
