//! Comparing two observations of a script.

use super::normalise::normalise;
use crate::corpus::Vary;
use crate::report::{Field, Found, Seen};
use crate::target::{End, Observation, Pair};
use std::time::Duration;

/// The result of running a script in a pair of targets.
pub enum Comparison {
    /// Both behaved the same.
    Same,
    /// Both reached the same bound.
    Undecided,
    /// They differed. The script and the command are left empty.
    Different(Box<Found>),
}

/// Compares the observations of a script in a pair of targets.
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

/// Whether exactly one of two ran out of time.
pub fn only_one_timed_out(both: &[Observation; 2]) -> bool {
    let late = both.iter().filter(|seen| seen.end == End::Time).count();
    late == 1
}

/// The time limit of a second try.
pub fn retry_time(time: Duration) -> Duration {
    time.saturating_mul(5)
}

/// The parts that differ between two observations.
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
