//! Shows reports and writes them to files.

use super::args::MergeArgs;
use super::{print, usage};
use crate::render::{self, FILES, Renderer, Terminal};
use crate::report::{self, Report};
use anyhow::{Context, Result};
use clap::{Arg, ArgMatches, Args, FromArgMatches, value_parser};
use std::path::PathBuf;

/// Where reports go, besides the terminal: an option for each format.
#[derive(Debug, Default)]
pub struct ReportArgs {
    /// Files by the names of their formats.
    files: Vec<(&'static str, PathBuf)>,
}

impl Args for ReportArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        FILES.iter().fold(command, |command, format| {
            command.arg(
                Arg::new(format.name())
                    .long(format.name())
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .help(format!("Write the report as {}", format.description())),
            )
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ReportArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ReportArgs, clap::Error> {
        let mut args = ReportArgs::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let file = |name| Some((name, matches.get_one::<PathBuf>(name)?.clone()));
        self.files = FILES.iter().filter_map(|format| file(format.name())).collect();
        Ok(())
    }
}

/// Shows a report and writes it where it should go. Was everything as expected?
pub fn deliver(report: &Report, args: &ReportArgs) -> Result<bool> {
    // First, so that a file that cannot be written loses nothing.
    print(&Terminal.text(report)?)?;
    for format in FILES {
        for (_, path) in args.files.iter().filter(|(name, _)| *name == format.name()) {
            std::fs::write(path, format.text(report)?)
                .with_context(|| format!("cannot write the report to {}", path.display()))?;
        }
    }
    Ok(report.is_as_expected())
}

/// Puts the reports of shards together.
pub fn merge(args: MergeArgs) -> Result<bool> {
    let parts = args.reports.iter().map(|path| usage(render::read(path)));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    deliver(&usage(report::merge(parts))?, &args.report)
}
