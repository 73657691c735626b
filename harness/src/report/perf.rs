//! What measuring gave.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the row that measures an empty script.
pub const START_UP: &str = "start-up";

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

impl Perf {
    /// The programs that have become slower than the baseline allows.
    pub fn regressions(&self) -> impl Iterator<Item = (&str, &PerfSubject)> {
        self.rows.iter().flat_map(|row| {
            let slower = row.subjects.iter().filter(|subject| subject.regressed);
            slower.map(|subject| (row.program.as_str(), subject))
        })
    }
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
