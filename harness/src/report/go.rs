//! What was found of scenarios, which are scripts that work with Go guests.

use super::cell::{CaseRow, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Scenarios by the version of Lua and that of Go. What is right stands in a transcript, as
/// there is no Lua natively that has Go guests.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct GoScenarios {
    /// The versions of Go that were asked for.
    pub toolchains: Vec<GoToolchain>,
    /// The pairs that were compared, as `transcript=sandbox:5.4+go1.26.8`.
    pub pairs: Vec<String>,
    /// The scenarios, ordered by id. They have no cells for a version of Go that is not there.
    pub cases: Vec<CaseRow>,
}

/// One version of Go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GoToolchain {
    /// What was asked for: `own`, the machine's, or a version such as `1.24`.
    pub asked: String,
    /// The version that its guests were built with, such as `go1.26.8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why no scenario was run with it, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// All scenarios in one version of Go and each of Lua.
pub struct GoVersion<'a> {
    /// The version of Go without its last number: `1.26`.
    pub go: &'a str,
    /// The versions of Lua with what they gave.
    pub luas: Vec<(&'a str, GoTally)>,
}

/// How many scenarios do what their transcripts say.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct GoTally {
    /// Those that do.
    pub same: usize,
    /// All of them.
    pub all: usize,
    /// Those that fail the run.
    pub failures: usize,
}

impl GoScenarios {
    /// Why scenarios were not run, for each version of Go that was asked for in vain.
    pub fn problems(&self) -> impl Iterator<Item = String> {
        self.toolchains.iter().filter_map(|toolchain| {
            let problem = toolchain.problem.as_ref()?;
            let count = self.cases.len();
            Some(match toolchain.asked.as_str() {
                "own" => format!("{count} scenarios were not run with the machine's Go: {problem}"),
                asked => format!("{count} scenarios were not run with Go {asked}: {problem}"),
            })
        })
    }

    /// The counts of every pair, by the version of Go.
    pub fn by_version(&self) -> Vec<GoVersion<'_>> {
        let mut versions: Vec<GoVersion<'_>> = Vec::new();
        for pair in &self.pairs {
            let (lua, go) = lua_and_go(pair);
            let tally = self.tally(pair);
            match versions.iter_mut().find(|version| version.go == go) {
                Some(version) => version.luas.push((lua, tally)),
                None => versions.push(GoVersion { go, luas: vec![(lua, tally)] }),
            }
        }
        versions
    }

    fn tally(&self, pair: &str) -> GoTally {
        let cells = self.cases.iter().flat_map(|row| &row.cells).filter(|cell| cell.pair == pair);
        cells.fold(GoTally::default(), |tally, cell| GoTally {
            same: tally.same + usize::from(cell.verdict == Verdict::Same),
            all: tally.all + 1,
            failures: tally.failures + usize::from(cell.verdict.is_failure()),
        })
    }
}

/// The versions in the name of a pair: `5.4` and `1.26` in `transcript=sandbox:5.4+go1.26.8`.
fn lua_and_go(pair: &str) -> (&str, &str) {
    let subject = pair.rsplit_once(':').map_or(pair, |(_, subject)| subject);
    let (lua, go) = subject.split_once("+go").unwrap_or((subject, ""));
    let minor = go.match_indices('.').nth(1).and_then(|(end, _)| go.get(..end));
    (lua, minor.unwrap_or(go))
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::*;

    fn scenarios() -> GoScenarios {
        let pairs = ["5.1+go1.26.8", "5.4+go1.26.8", "5.1+go1.24.11"]
            .map(|subject| format!("transcript=sandbox:{subject}"));
        let cell = |pair: &String, verdict| Cell {
            pair: pair.clone(),
            verdict,
            reason: None,
            found: None,
        };
        let row = |id: &str, verdict| CaseRow {
            id: id.to_string(),
            cells: pairs.iter().map(|pair| cell(pair, verdict)).collect(),
        };
        GoScenarios {
            toolchains: Vec::new(),
            cases: vec![row("go/a", Verdict::Same), row("go/b", Verdict::Different)],
            pairs: pairs.to_vec(),
        }
    }

    #[test]
    fn counts_are_by_the_version_of_go_and_then_of_lua() {
        let scenarios = scenarios();
        let tally = GoTally { same: 1, all: 2, failures: 1 };
        let lines: Vec<(&str, Vec<(&str, GoTally)>)> =
            scenarios.by_version().into_iter().map(|line| (line.go, line.luas)).collect();
        assert_eq!(
            lines,
            [("1.26", vec![("5.1", tally), ("5.4", tally)]), ("1.24", vec![("5.1", tally)])]
        );
    }

    #[test]
    fn a_version_of_go_that_is_not_there_is_a_problem_that_says_what_was_not_run() {
        let mut scenarios = scenarios();
        let problem = Some("there is none".to_string());
        scenarios.toolchains.push(GoToolchain { asked: "own".into(), version: None, problem });
        let problems: Vec<String> = scenarios.problems().collect();
        assert_eq!(problems, ["2 scenarios were not run with the machine's Go: there is none"]);
    }
}
