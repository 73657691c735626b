//! What comparing scripts gave.

use super::cell::{CaseRow, Cell, Found, Verdict};
use super::go::GoScenarios;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

    /// The pairs, those too that have generated programs or scenarios only.
    pub fn all_pairs(&self) -> Vec<&str> {
        let mut pairs = self.pairs_without_go();
        pairs.extend(self.go.iter().flat_map(|go| &go.pairs).map(String::as_str));
        pairs
    }

    /// The pairs without those of scenarios.
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
