//! One comparison: what was found of a script in a pair of targets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// All of them, in the order of tables.
    pub const ALL: [Verdict; 5] = [
        Verdict::Same,
        Verdict::Known,
        Verdict::Different,
        Verdict::UnexpectedPass,
        Verdict::Undecided,
    ];

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

impl Found {
    /// One part of what was seen of the reference and of the subject.
    pub fn sides(&self, field: Field) -> (&str, &str) {
        let (reference, subject) = (&self.reference, &self.subject);
        match field {
            Field::End => (&reference.end, &subject.end),
            Field::Stdout => (&reference.stdout, &subject.stdout),
            Field::Stderr => (&reference.stderr, &subject.stderr),
        }
    }
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
