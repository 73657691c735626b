//! What a run of the harness found, as data. It knows nothing of how it is shown.

mod cell;
mod go;
mod machine;
mod matrix;
mod merge;
mod perf;
mod shadow;
mod shard;

pub use cell::{CaseRow, Cell, Field, Found, Seen, Verdict};
pub use go::{GoScenarios, GoTally, GoToolchain, GoVersion};
pub use machine::Machine;
pub use matrix::{GeneratedFailure, GeneratedRow, Matrix};
pub use merge::merge;
pub use perf::{Figure, Perf, PerfMean, PerfRow, PerfSubject, START_UP};
pub use shadow::{Cost, Shadow, ShadowInput, ShadowStep};
pub use shard::Shard;

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
