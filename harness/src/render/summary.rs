//! The verdict of a report in a word and in a sentence.

use crate::report::{Report, Verdict};

/// The verdict of the whole in one word: `pass`, `fail`, or `none` if there is nothing to judge.
pub fn state(report: &Report) -> &'static str {
    let empty = report.matrix.is_none() && report.perf.is_none() && report.shadow.is_none();
    match report.is_as_expected() {
        true if empty => "none",
        true => "pass",
        false => "fail",
    }
}

/// The verdict of the whole in one sentence.
pub fn summary(report: &Report) -> String {
    let mut parts = Vec::new();
    if let Some(matrix) = &report.matrix {
        let programs: u64 = matrix.generated.iter().map(|row| row.programs).sum();
        let differ: u64 = matrix.generated.iter().map(|row| row.different).sum();
        let count = |verdict| matrix.cells().filter(|(_, cell)| cell.verdict == verdict).count();
        let cells = matrix.cells().count();
        let mut bad = Vec::new();
        if count(Verdict::Different) > 0 {
            bad.push(format!("{} different", count(Verdict::Different)));
        }
        if count(Verdict::UnexpectedPass) > 0 {
            bad.push(format!("{} unexpectedly the same", count(Verdict::UnexpectedPass)));
        }
        if differ > 0 {
            bad.push(format!("{differ} of {programs} generated programs different"));
        }
        if matrix.go_problems().next().is_some() {
            bad.push("scenarios with Go guests not run".to_string());
        }
        parts.push(match bad.is_empty() {
            true => format!("{cells} comparisons and {programs} generated programs as expected"),
            false => format!("{} ({cells} comparisons)", bad.join(", ")),
        });
    }
    if let Some(perf) = &report.perf {
        parts.push(match perf.regressions().count() {
            0 => "no program slower than its baseline allows".to_string(),
            1 => "1 program slower than its baseline allows".to_string(),
            many => format!("{many} programs slower than their baselines allow"),
        });
    }
    if let Some(shadow) = &report.shadow {
        parts.push(match shadow.passed {
            true => "rehearsal passed".to_string(),
            false => "rehearsal not passed".to_string(),
        });
    }
    let verdict = if report.is_as_expected() { "as expected" } else { "not as expected" };
    match parts.is_empty() {
        true => "nothing was compared".to_string(),
        false => format!("{verdict}: {}", parts.join("; ")),
    }
}
