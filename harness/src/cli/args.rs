//! The raw command line.

use super::report_args::ReportArgs;
use crate::corpus::Vary;
use crate::lua::Lua;
use crate::report::Shard;
use crate::target::{GoChoice, Pair, Target};
use bytesize::ByteSize;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Compare Lua in the sandbox with native Lua.
///
/// Exit codes: 0 as expected, 1 differences, 2 a command line that cannot work, 3 the
/// harness itself failed.
#[derive(Debug, Parser)]
#[command(name = "luago-harness", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare the behaviour of scripts
    Matrix(MatrixArgs),
    /// Measure the cost of the sandbox
    Perf(PerfArgs),
    /// Mirror requests to a target that could replace another
    Shadow(ShadowArgs),
    /// Merge the reports of shards
    Merge(MergeArgs),
    /// Write the tables of the README and the documentation from reports
    Readme(ReadmeArgs),
    /// Print a case or a generated program
    Show(ShowArgs),
    /// Print the JSON schema of reports
    Schema,
}

/// Which functions are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompileWhen {
    /// None
    Off,
    /// Those that run again and again, beside the script
    Hot,
    /// All, before they are first run
    Eager,
}

impl From<CompileWhen> for luago::Compile {
    fn from(when: CompileWhen) -> luago::Compile {
        match when {
            CompileWhen::Off => luago::Compile::Off,
            CompileWhen::Hot => luago::Compile::Hot,
            CompileWhen::Eager => luago::Compile::Eager,
        }
    }
}

/// Builds, and the bounds of runs.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// The folder for native Lua and compiled interpreters [default: the target folder, or the
    /// user's cache]
    #[arg(long, value_name = "DIR")]
    pub builds: Option<PathBuf>,
    /// Another build of the interpreters, as `guests/build.sh DIR` leaves it
    #[arg(long, value_name = "DIR")]
    pub guests: Option<PathBuf>,
    /// Which functions of the scripts become machine code of their own in sandboxes
    #[arg(long, value_name = "WHEN", default_value = "off")]
    pub compile: CompileWhen,
    /// The time limit of each run of a script
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration, default_value = "10s")]
    pub timeout: Duration,
    /// The memory limit of Lua in each run
    #[arg(long, value_name = "SIZE", default_value = "256MiB")]
    pub memory: ByteSize,
}

#[derive(Debug, Args)]
pub struct MatrixArgs {
    /// Scripts, or folders of them [default: the corpus of the harness]
    pub paths: Vec<PathBuf>,
    /// Compare these targets, as in native:luajit=sandbox:5.1; can be repeated [default: every
    /// native Lua with the sandbox that could replace it]
    #[arg(long, value_name = "REFERENCE=SUBJECT")]
    pub pair: Vec<Pair>,
    /// Compare only these native Luas with the sandbox that could replace them, as in 5.4 or
    /// luajit; can be repeated
    #[arg(long, value_name = "LUA", conflicts_with = "pair")]
    pub lua: Vec<Lua>,
    /// Only the cases whose names match this pattern; can be repeated. A name of the form
    /// generated/LUA/SEED/INDEX is that generated program
    #[arg(long = "case", value_name = "GLOB")]
    pub cases: Vec<String>,
    /// Generate this many programs for each version of PUC Lua
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub generated: u64,
    /// No cases, only generated programs
    #[arg(long, conflicts_with = "paths")]
    pub no_cases: bool,
    /// Build the guests of scenarios with these versions of Go, as in own,1.24: the machine's, and
    /// one that is downloaded if needed [default: the machine's, and 1.24 if it is there]
    #[arg(
        long,
        value_name = "VERSION",
        value_delimiter = ',',
        conflicts_with_all = ["paths", "pair", "no_cases"]
    )]
    pub go: Vec<GoChoice>,
    /// Leave out scenarios, which are scripts with Go guests
    #[arg(long, conflicts_with = "go")]
    pub no_go: bool,
    /// Run the scenarios of this folder instead of the harness's: scripts NAME.lua with their
    /// transcripts NAME.out
    #[arg(long, value_name = "DIR", conflicts_with = "no_go")]
    pub scenarios: Option<PathBuf>,
    /// Write the output of each of those scenarios as its transcript. Review it before you keep it
    #[arg(long, requires = "scenarios")]
    pub bless: bool,
    /// The seed of generated programs
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only a part of the work, as in 1/4
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// What may differ between two runs: order, clock, random, memory, addresses; can be
    /// repeated. Headers of scripts can declare it too
    #[arg(long, value_name = "WHAT")]
    pub varies: Vec<Vary>,
    /// A file of known differences, in the format of the harness's own [default: those of the
    /// corpus; none for other scripts]
    #[arg(long, value_name = "FILE")]
    pub expectations: Option<PathBuf>,
    /// The number of threads [default: one for each processor]
    #[arg(long, value_name = "COUNT")]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

#[derive(Debug, Args)]
pub struct PerfArgs {
    /// Scripts, or folders of them [default: the programs of the harness]
    pub paths: Vec<PathBuf>,
    /// Compare these targets; can be repeated [default: native:5.4 with sandbox:5.4 and
    /// sandbox:5.4+fuel]
    #[arg(long, value_name = "REFERENCE=SUBJECT")]
    pub pair: Vec<Pair>,
    /// The number of measured rounds
    #[arg(long, value_name = "COUNT", default_value_t = 25, value_parser = clap::value_parser!(u64).range(1..))]
    pub rounds: u64,
    /// The number of rounds before them, to warm up
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    pub warm_up: u64,
    /// Fail if a ratio is worse than in this JSON report
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// How much worse a ratio may be than the baseline's
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "5%")]
    pub tolerance: Percent,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

#[derive(Debug, Args)]
pub struct ShadowArgs {
    /// The script that answers requests
    pub script: PathBuf,
    /// The target in use, as in native:luajit
    #[arg(long, value_name = "TARGET")]
    pub old: Target,
    /// The target that could replace it, as in sandbox:5.1
    #[arg(long, value_name = "TARGET")]
    pub new: Target,
    /// A folder with a request in each file
    #[arg(long, value_name = "DIR")]
    pub inputs: PathBuf,
    /// How the script receives a request
    #[arg(long, value_enum, default_value = "stdin")]
    pub input_as: InputAs,
    /// The share of requests mirrored in the first step; it doubles with each step
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "10%")]
    pub fraction: Percent,
    /// The number of requests in each step [default: 200, or each input once if there are more]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub requests: Option<u64>,
    /// The share of mirrored requests that may differ
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "0%")]
    pub max_diff: Percent,
    /// The largest ratio of the new target's 99th percentile of latency to the old one's
    #[arg(long, value_name = "RATIO")]
    pub max_p99: Option<f64>,
    /// The largest peak memory of a request in the new target
    #[arg(long, value_name = "SIZE")]
    pub max_memory: Option<ByteSize>,
    /// What may differ between two runs, as for the matrix
    #[arg(long, value_name = "WHAT")]
    pub varies: Vec<Vary>,
    /// The seed that selects mirrored requests
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// How a script receives a request.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum InputAs {
    /// As its standard input
    Stdin,
    /// As its first argument
    Argument,
}

#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The JSON reports of all shards
    #[arg(required = true)]
    pub reports: Vec<PathBuf>,
    #[command(flatten)]
    pub report: ReportArgs,
}

#[derive(Debug, Args)]
pub struct ReadmeArgs {
    /// JSON reports of a matrix, of perf, or of both
    #[arg(required = true)]
    pub reports: Vec<PathBuf>,
    /// The only file with the tables between markers [default: README.md, and the Markdown files
    /// in docs/src]
    #[arg(long, value_name = "FILE")]
    pub readme: Option<PathBuf>,
    /// Write nothing; fail if something would change
    #[arg(long, action = ArgAction::SetTrue)]
    pub check: bool,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The name of a case, or generated/LUA/SEED/INDEX
    pub case: String,
}

/// A share, from 0 to 1, written in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(pub f64);

fn percent(text: &str) -> Result<Percent, String> {
    let number = text.strip_suffix('%').ok_or("write it in percent, as in 5%")?;
    match number.parse::<f64>() {
        Ok(number) if (0.0..=100.0).contains(&number) => Ok(Percent(number / 100.0)),
        _ => Err(format!("{text} is not from 0% to 100%")),
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let help = "write it as I/N, from 1/N to N/N";
    let (index, count) = text.split_once('/').ok_or(help)?;
    match (index.parse(), count.parse()) {
        (Ok(index), Ok(count)) if (1..=count).contains(&index) => Ok(Shard { index, count }),
        _ => Err(help.to_string()),
    }
}
