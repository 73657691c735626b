//! What a run of the harness found, as data. The other modules here show it.

pub mod go;

use go::GoScenarios;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of this format. It changes when a reader of the old one could
/// misunderstand the new one.
pub const SCHEMA: &str = "luago-harness-report/1";

/// Everything that one run of the harness found.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `luago-harness-report/1`.
    pub schema: String,
    /// The version of the harness.
    pub harness: String,
    /// When the run began, in UTC, as in RFC 3339.
    pub created: String,
    /// The command line, without the program.
    pub command: Vec<String>,
    /// Where it ran.
    pub machine: Machine,
    /// The seed of everything random.
    pub seed: u64,
    /// Which part of the whole this is, if it is a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Do scripts behave the same?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix: Option<Matrix>,
    /// What does the sandbox cost?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perf: Option<Perf>,
    /// Can one target take the place of another?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Shadow>,
}

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Machine {
    /// The operating system, such as `linux`.
    pub os: String,
    /// The architecture, such as `x86_64`.
    pub arch: String,
    /// The processor's name, where the system tells it.
    pub processor: String,
    /// How many threads run at once.
    pub cores: usize,
}

/// One of several parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// Which part, from 1.
    pub index: u64,
    /// How many parts there are.
    pub count: u64,
}

/// The comparison of what scripts do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Matrix {
    /// The pairs that were compared, as `native:5.4=sandbox:5.4`.
    pub pairs: Vec<String>,
    /// The cases, ordered by id.
    pub cases: Vec<CaseRow>,
    /// The generated programs, by pair.
    pub generated: Vec<GeneratedRow>,
    /// Scripts that work with Go guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<GoScenarios>,
    /// How long it took.
    pub seconds: f64,
}

/// One case in all pairs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CaseRow {
    /// Its name: the path of the file, without the ending.
    pub id: String,
    /// What was found for each pair that it is meant for.
    pub cells: Vec<Cell>,
}

/// One case in one pair.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// The pair.
    pub pair: String,
    /// What was found.
    pub verdict: Verdict,
    /// Why it was expected to differ, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was different, unless all was the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
}

/// What a comparison gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Both did the same.
    Same,
    /// They did what is known to be different.
    Known,
    /// They did not do the same. Fails the run.
    Different,
    /// They should have done something different and did not. Fails the run.
    UnexpectedPass,
    /// Both ran into the same bound of time, memory or output, so where they were depends on
    /// the machine.
    Undecided,
}

impl Verdict {
    /// Does it fail the run?
    pub fn is_failure(self) -> bool {
        matches!(self, Verdict::Different | Verdict::UnexpectedPass)
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::Known => "known difference",
            Verdict::Different => "different",
            Verdict::UnexpectedPass => "unexpected pass",
            Verdict::Undecided => "undecided",
        }
    }
}

/// A difference, with all that is needed to understand and repeat it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// What differs.
    pub fields: Vec<Field>,
    /// What the reference did, normalised.
    pub reference: Seen,
    /// What the subject did, normalised.
    pub subject: Seen,
    /// The script; of a generated program the smallest that shows it.
    pub script: String,
    /// The command that repeats just this.
    pub repeat: String,
}

/// A part of what can be seen of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// How it ended, with its exit code.
    End,
    /// Standard output.
    Stdout,
    /// Standard error, with the error's message and traceback.
    Stderr,
}

impl Field {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Field::End => "end",
            Field::Stdout => "stdout",
            Field::Stderr => "stderr",
        }
    }
}

/// What was seen of a run, after normalising.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// How it ended: `exit code 0`, `signal 11`, `out of time`.
    pub end: String,
    /// Standard output; bytes that are not UTF-8 are replaced.
    pub stdout: String,
    /// Standard error, in the same way.
    pub stderr: String,
}

/// The generated programs of one pair.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedRow {
    /// The pair.
    pub pair: String,
    /// How many were run.
    pub programs: u64,
    /// How many of them were undecided.
    pub undecided: u64,
    /// How many of them differed.
    pub different: u64,
    /// The first of those that differed, each reduced to the smallest program that shows it.
    pub failures: Vec<GeneratedFailure>,
}

/// A generated program that differed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedFailure {
    /// Its name: `generated/LUA/SEED/INDEX`.
    pub id: String,
    /// What was different.
    pub found: Found,
}

/// A measured figure: the median, and the interval that holds it with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// The median.
    pub median: f64,
    /// The low end of the interval.
    pub low: f64,
    /// The high end of the interval.
    pub high: f64,
}

/// The comparison of what scripts cost.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Perf {
    /// The rounds that were measured of each program, after warming up.
    pub rounds: u64,
    /// One row a program and reference.
    pub rows: Vec<PerfRow>,
    /// The geometric mean of the ratios of each pair, over the programs that are not start-up.
    pub means: Vec<PerfMean>,
}

/// One program, natively and in sandboxes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PerfRow {
    /// The program's name; `start-up` is an empty script from a new state to its close.
    pub program: String,
    /// The target that the others are compared with.
    pub reference: String,
    /// Its time in milliseconds.
    pub milliseconds: Figure,
    /// The most memory its Lua had, in bytes.
    pub peak_memory: u64,
    /// The others.
    pub subjects: Vec<PerfSubject>,
}

/// One program in one target.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PerfSubject {
    /// The target.
    pub target: String,
    /// Its time in milliseconds.
    pub milliseconds: Figure,
    /// Its time divided by the reference's in the same round.
    pub ratio: Figure,
    /// The most memory its Lua had, in bytes.
    pub peak_memory: u64,
    /// The times of all rounds in milliseconds, in the order they were measured.
    pub samples: Vec<f64>,
    /// The ratio of the baseline, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// Is the ratio worse than the baseline's by more than the tolerance?
    #[serde(default)]
    pub regressed: bool,
}

/// The mean of one pair.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PerfMean {
    /// The reference.
    pub reference: String,
    /// The target that is compared with it.
    pub target: String,
    /// The geometric mean of the ratios' medians.
    pub ratio: f64,
}

/// The rehearsal of one target in the place of another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Shadow {
    /// The script.
    pub script: String,
    /// The target in use.
    pub old: String,
    /// The target that could take its place.
    pub new: String,
    /// The steps that were taken, in order; the last may have been broken off.
    pub steps: Vec<ShadowStep>,
    /// Did every step stay within its bounds, so that the new target can take over?
    pub passed: bool,
    /// Which bound was broken, and how; empty if none was.
    pub breaches: Vec<String>,
    /// The inputs on which the targets differed, at most 100 of them.
    pub different_inputs: Vec<String>,
    /// The smallest input that shows a difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<ShadowInput>,
}

/// An input on which two targets differ.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ShadowInput {
    /// The file that it comes from.
    pub file: String,
    /// The bytes in the file.
    pub original_bytes: u64,
    /// The input, reduced as far as the difference allows; bytes that are not UTF-8 are replaced.
    pub input: String,
    /// What was different.
    pub found: Found,
}

/// A part of the rehearsal with one share of the requests mirrored.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ShadowStep {
    /// The share of requests that ran in both targets, from 0 to 1.
    pub fraction: f64,
    /// The requests that the old target answered.
    pub requests: u64,
    /// Those that the new target answered too.
    pub mirrored: u64,
    /// Those of them in which it did something different.
    pub different: u64,
    /// What the old target took.
    pub old: Cost,
    /// What the new target took.
    pub new: Cost,
}

/// What requests took.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// The median of the latency, in milliseconds.
    pub p50: f64,
    /// The latency that 99 of 100 requests stayed under, in milliseconds.
    pub p99: f64,
    /// The most memory that one of them had, in bytes.
    pub peak_memory: u64,
    /// Latencies in milliseconds at 0, 1, 2, … 100 percent of the requests; empty without requests.
    pub percentiles: Vec<f64>,
}

impl Report {
    /// An empty report of this moment and machine.
    pub fn new(seed: u64) -> Report {
        Report {
            schema: SCHEMA.to_string(),
            harness: env!("CARGO_PKG_VERSION").to_string(),
            created: humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string(),
            command: std::env::args().skip(1).collect(),
            machine: Machine::here(),
            seed,
            shard: None,
            matrix: None,
            perf: None,
            shadow: None,
        }
    }

    /// Did everything go as expected?
    pub fn is_as_expected(&self) -> bool {
        let matrix = self
            .matrix
            .as_ref()
            .is_none_or(|matrix| matrix.failures() == 0 && matrix.go_problems().next().is_none());
        let perf = self.perf.as_ref().is_none_or(|perf| perf.regressions().next().is_none());
        let shadow = self.shadow.as_ref().is_none_or(|shadow| shadow.passed);
        matrix && perf && shadow
    }
}

impl Machine {
    /// The machine that this runs on.
    pub fn here() -> Machine {
        let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("model name"))?;
            Some(line.trim_start_matches([' ', '\t', ':']).to_string())
        });
        Machine {
            os: std::env::consts::OS.to_string(),
            arch: std::env::consts::ARCH.to_string(),
            processor: processor.unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

impl Matrix {
    /// How many cells and generated programs fail the run.
    pub fn failures(&self) -> u64 {
        let cells = self.cells().filter(|(_, cell)| cell.verdict.is_failure()).count() as u64;
        cells + self.generated.iter().map(|row| row.different).sum::<u64>()
    }

    /// Every cell with the id of its case, those of scenarios too.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Cell)> {
        let scenarios = self.go.iter().flat_map(|go| &go.cases);
        let rows = self.cases.iter().chain(scenarios);
        rows.flat_map(|row| row.cells.iter().map(|cell| (row.id.as_str(), cell)))
    }

    /// Why scenarios were not run, for each version of Go that was asked for in vain.
    pub fn go_problems(&self) -> impl Iterator<Item = String> {
        self.go.iter().flat_map(GoScenarios::problems)
    }

    /// How many cells of a pair have a verdict.
    pub fn count(&self, pair: &str, verdict: Verdict) -> usize {
        self.cells().filter(|(_, cell)| cell.pair == pair && cell.verdict == verdict).count()
    }
}

impl Perf {
    /// The programs that have become slower than the baseline allows.
    pub fn regressions(&self) -> impl Iterator<Item = (&str, &PerfSubject)> {
        self.rows.iter().flat_map(|row| {
            let slower = row.subjects.iter().filter(|subject| subject.regressed);
            slower.map(|subject| (row.program.as_str(), subject))
        })
    }
}
