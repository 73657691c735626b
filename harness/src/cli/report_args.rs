//! The options that say where reports go.

use crate::render::{FILES, Renderer};
use clap::{Arg, ArgMatches, Args, FromArgMatches, value_parser};
use std::path::{Path, PathBuf};

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

impl ReportArgs {
    /// The file that was named for a format.
    pub fn file(&self, format: &dyn Renderer) -> Option<&Path> {
        let mut files = self.files.iter();
        files.find(|(name, _)| *name == format.name()).map(|(_, path)| path.as_path())
    }
}
