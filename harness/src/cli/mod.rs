//! The command line: from arguments to an exit code.

mod args;
mod matrix;
mod perf;
mod progress;
mod reports;
mod shadow;

use crate::corpus::Case;
use crate::generate;
use crate::render::{self, readme};
use crate::run::generated::Id;
use crate::target::{Bounds, Targets};
use anyhow::{Context, Result, anyhow};
use args::{Cli, Command, ReadmeArgs, TargetArgs};
use clap::Parser;
use std::ffi::OsString;
use std::io::Write;
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
fn usage<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| anyhow!(Usage(error)))
}

/// Carries out a command line.
pub fn main(raw: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(raw) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { SUCCESS });
        }
    };
    let as_expected = match cli.command {
        Command::Matrix(args) => matrix::run(args),
        Command::Perf(args) => perf::run(args),
        Command::Shadow(args) => shadow::run(args),
        Command::Merge(args) => reports::merge(args),
        Command::Readme(args) => write_readme(&args),
        Command::Show(args) => show(&args.case),
        Command::Schema => print(&render::schema()).map(|()| true),
    };
    match as_expected {
        Ok(true) => ExitCode::from(SUCCESS),
        Ok(false) => ExitCode::from(DIFFERENCES),
        Err(error) => {
            eprintln!("luago-harness: {error:#}");
            ExitCode::from(if error.is::<Usage>() { USAGE } else { FAULT })
        }
    }
}

fn targets(args: &TargetArgs) -> Result<Targets> {
    let builds = match &args.builds {
        Some(folder) => folder.clone(),
        None => Targets::default_folder()?,
    };
    if let Some(guests) = &args.guests
        && !guests.is_dir()
    {
        return usage(Err(anyhow!("--guests: {} is not a folder", guests.display())));
    }
    Targets::new(builds, args.guests.as_deref())
}

fn bounds(args: &TargetArgs) -> Bounds {
    Bounds { time: args.timeout, memory: Some(args.memory.as_u64()), ..Bounds::default() }
}

/// The options that a run differs by from one without them, to repeat it.
fn target_words(args: &TargetArgs) -> Vec<String> {
    let mut words = Vec::new();
    let usual = Bounds::default();
    if let Some(guests) = &args.guests {
        words.extend(["--guests".to_string(), guests.to_string_lossy().into_owned()]);
    }
    if args.timeout != usual.time {
        words.push("--timeout".to_string());
        words.push(humantime::format_duration(args.timeout).to_string().replace(' ', ""));
    }
    if Some(args.memory.as_u64()) != usual.memory {
        words.extend(["--memory".to_string(), args.memory.as_u64().to_string()]);
    }
    words
}

/// The words of a command, quoted for a shell where they need it.
fn quoted(words: impl IntoIterator<Item = String>) -> String {
    let quote = |word: String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=+%,@".contains(&byte);
        if !word.is_empty() && word.bytes().all(plain) {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

fn show(id: &str) -> Result<bool> {
    if let Some(id) = Id::parse(id) {
        let id = usage(id)?;
        let tree = generate::tree(id.lua, id.seed, id.index).map_err(anyhow::Error::msg)?;
        print(&tree.current().source())?;
        return Ok(true);
    }
    match Case::embedded()?.iter().find(|case| case.id == id) {
        Some(case) => print(&String::from_utf8_lossy(&case.code))?,
        None => usage(Err(anyhow!("no case is called {id:?}")))?,
    }
    Ok(true)
}

fn write_readme(args: &ReadmeArgs) -> Result<bool> {
    let reports = args.reports.iter().map(|path| usage(render::read(path)));
    let reports = reports.collect::<Result<Vec<_>>>()?;
    let path = args.readme.display();
    let old = usage(
        std::fs::read_to_string(&args.readme).with_context(|| format!("cannot read {path}")),
    )?;
    let new = usage(readme::update(&old, &reports).with_context(|| format!("{path}")))?;
    if new == old {
        return Ok(true);
    }
    if args.check {
        eprintln!("luago-harness: {path} is not what the reports give; run `make readme`");
        return Ok(false);
    }
    std::fs::write(&args.readme, new).with_context(|| format!("cannot write {path}"))?;
    Ok(true)
}
