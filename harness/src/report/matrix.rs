//! The comparison of behaviour.

use super::cell::{CaseRow, Cell, Found, Verdict};
use super::go::GoScenarios;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The comparison of behaviour.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Matrix {
    /// The pairs that were compared, as `native:5.4=sandbox:5.4`.
    pub pairs: Vec<String>,
    /// The cases, ordered by id.
    pub cases: Vec<CaseRow>,
    /// The generated programs, by pair.
    pub generated: Vec<GeneratedRow>,
    /// Scenarios with Go guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<GoScenarios>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Matrix {
    /// The number of cells and generated programs that fail the run.
    pub fn failures(&self) -> u64 {
        let cells = self.cells().filter(|(_, cell)| cell.verdict.is_failure()).count() as u64;
        cells + self.generated.iter().map(|row| row.different).sum::<u64>()
    }

    /// Every cell with the id of its case, including scenarios.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Cell)> {
        let scenarios = self.go.iter().flat_map(|go| &go.cases);
        let rows = self.cases.iter().chain(scenarios);
        rows.flat_map(|row| row.cells.iter().map(|cell| (row.id.as_str(), cell)))
    }

    /// Why scenarios were not run, for each version of Go that is missing.
    pub fn go_problems(&self) -> impl Iterator<Item = String> {
        self.go.iter().flat_map(GoScenarios::problems)
    }

    /// The number of cells of a pair with a verdict.
    pub fn count(&self, pair: &str, verdict: Verdict) -> usize {
        self.cells().filter(|(_, cell)| cell.pair == pair && cell.verdict == verdict).count()
    }

    /// All pairs, including those with generated programs or scenarios alone.
    pub fn all_pairs(&self) -> Vec<&str> {
        let mut pairs = self.pairs_without_go();
        pairs.extend(self.go.iter().flat_map(|go| &go.pairs).map(String::as_str));
        pairs
    }

    /// All pairs but those of scenarios.
    pub fn pairs_without_go(&self) -> Vec<&str> {
        let mut pairs: Vec<&str> = Vec::new();
        let generated = self.generated.iter().map(|row| &row.pair);
        for pair in self.pairs.iter().chain(generated) {
            if !pairs.contains(&pair.as_str()) {
                pairs.push(pair);
            }
        }
        pairs
    }
}

/// The generated programs of one pair.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedRow {
    /// The pair.
    pub pair: String,
    /// The number of programs.
    pub programs: u64,
    /// The number of undecided ones.
    pub undecided: u64,
    /// The number of those that differed.
    pub different: u64,
    /// The first of those that differed, each reduced to the smallest program that does.
    pub failures: Vec<GeneratedFailure>,
}

/// A generated program that differed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedFailure {
    /// Its name: `generated/LUA/SEED/INDEX`.
    pub id: String,
    /// The difference.
    pub found: Found,
}
