//! What two runs of a script have in common.

use super::normalise::normalise;
use crate::corpus::Vary;
use crate::report::{Field, Found, Seen};
use crate::target::{End, Observation, Pair};
use std::time::Duration;

/// What came of running a script twice.
pub enum Comparison {
    /// Both did the same.
    Same,
    /// Both ran into the same bound.
    Undecided,
    /// They did not do the same. The script and the command are yet to be filled in.
    Different(Box<Found>),
}

/// Compares what was seen of a script in a pair of targets.
pub fn compare(pair: Pair, both: &[Observation; 2], varies: &[Vary]) -> Comparison {
    let [reference, subject] = both;
    if reference.end == subject.end && reference.end.is_bound() {
        return Comparison::Undecided;
    }
    let reference = normalise(reference, varies, pair.reference.lua);
    let subject = normalise(subject, varies, pair.subject.lua);
    let fields = difference(&reference, &subject);
    if fields.is_empty() {
        return Comparison::Same;
    }
    Comparison::Different(Box::new(Found {
        fields,
        reference,
        subject,
        script: String::new(),
        repeat: String::new(),
    }))
}

/// Did just one of two run out of time?
pub fn only_one_is_late(both: &[Observation; 2]) -> bool {
    let late = both.iter().filter(|seen| seen.end == End::Time).count();
    late == 1
}

/// The time for a second try.
pub fn patient(time: Duration) -> Duration {
    time.saturating_mul(5)
}

/// What differs between two runs.
pub fn difference(reference: &Seen, subject: &Seen) -> Vec<Field> {
    let mut fields = Vec::new();
    if reference.end != subject.end {
        fields.push(Field::End);
    }
    if reference.stdout != subject.stdout {
        fields.push(Field::Stdout);
    }
    if reference.stderr != subject.stderr {
        fields.push(Field::Stderr);
    }
    fields
}
