//! One comparison: a case in a pair of targets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One case in all pairs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CaseRow {
    /// Its name: the path of the file without the extension.
    pub id: String,
    /// The result for each pair that it is meant for.
    pub cells: Vec<Cell>,
}

/// One case in one pair.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// The pair.
    pub pair: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was expected to differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The difference, unless there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
}

/// The result of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Both did the same.
    Same,
    /// They differed as expected.
    Known,
    /// They differed. Fails the run.
    Different,
    /// They were expected to differ and did not. Fails the run.
    UnexpectedPass,
    /// Both reached the same bound of time, memory or output, so that how far they came depends
    /// on the machine.
    Undecided,
}

impl Verdict {
    /// All verdicts, in the order of tables.
    pub const ALL: [Verdict; 5] = [
        Verdict::Same,
        Verdict::Known,
        Verdict::Different,
        Verdict::UnexpectedPass,
        Verdict::Undecided,
    ];

    /// Whether it fails the run.
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

/// A difference, with what is needed to understand and repeat it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// The parts that differ.
    pub fields: Vec<Field>,
    /// The reference, normalised.
    pub reference: Seen,
    /// The subject, normalised.
    pub subject: Seen,
    /// The script; for a generated program the smallest that shows the difference.
    pub script: String,
    /// The command that repeats this comparison.
    pub repeat: String,
}

impl Found {
    /// One part of both observations: of the reference and of the subject.
    pub fn sides(&self, field: Field) -> (&str, &str) {
        let (reference, subject) = (&self.reference, &self.subject);
        match field {
            Field::End => (&reference.end, &subject.end),
            Field::Stdout => (&reference.stdout, &subject.stdout),
            Field::Stderr => (&reference.stderr, &subject.stderr),
        }
    }
}

/// A part of an observation.
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

/// An observation after normalising.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// How it ended: `exit code 0`, `signal 11`, `out of time`.
    pub end: String,
    /// Standard output; bytes that are not UTF-8 are replaced.
    pub stdout: String,
    /// Standard error, in the same way.
    pub stderr: String,
}
