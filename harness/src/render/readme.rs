//! The tables of a README and of pages of documentation, written from reports.
//!
//! A table stands between two comments of HTML, on any page:
//!
//! ```text
//! <!-- luago-harness: compatibility -->
//! …
//! <!-- luago-harness: end -->
//! ```

use super::markdown::go_table;
use crate::corpus::Expectations;
use crate::lua::Lua;
use crate::report::{Matrix, Perf, Report, START_UP, Verdict};
use crate::target::Pair;
use anyhow::{Context, Result, bail};
use std::fmt::Write;

const END: &str = "<!-- luago-harness: end -->";

/// A table, and the name of the part it belongs into.
struct Part {
    name: &'static str,
    text: String,
}

/// The texts of pages, given with their names, with their tables made anew from the reports. A
/// part without a report stays as it is; a part that a report fills is on one page at least.
///
/// | part | is made from |
/// |---|---|
/// | `differences` | what is known to differ, with no report |
/// | `compatibility` | a matrix |
/// | `scenarios` | a matrix with scenarios |
/// | `performance` | perf |
pub fn update(pages: &[(String, &str)], reports: &[Report]) -> Result<Vec<String>> {
    let mut texts: Vec<String> = pages.iter().map(|(_, text)| text.to_string()).collect();
    let mut missing = Vec::new();
    for part in parts(reports)? {
        let mut is_missing = true;
        for ((name, _), text) in pages.iter().zip(&mut texts) {
            if let Some(new) = replace(text, &part).with_context(|| name.clone())? {
                (*text, is_missing) = (new, false);
            }
        }
        if is_missing && !missing.contains(&part.name) {
            missing.push(part.name);
        }
    }
    if !missing.is_empty() {
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        let marks: Vec<String> = missing.iter().map(|name| begin(name)).collect();
        bail!("there is no {} in {}", marks.join(" and no "), names.join(", "));
    }
    Ok(texts)
}

/// What the reports give, in the order of the reports.
fn parts(reports: &[Report]) -> Result<Vec<Part>> {
    let known = Expectations::known()?;
    let mut parts = vec![Part { name: "differences", text: differences(&known) }];
    for report in reports {
        if let Some(matrix) = &report.matrix {
            parts.push(Part { name: "compatibility", text: compatibility(matrix) });
        }
        if let Some(go) = report.matrix.as_ref().and_then(|matrix| matrix.go.as_ref()) {
            if let Some(problem) = go.problems().next() {
                bail!("a report has no figures for the part \"scenarios\": {problem}");
            }
            parts.push(Part { name: "scenarios", text: go_table(go) });
        }
        if let Some(perf) = &report.perf {
            parts.push(Part { name: "performance", text: performance(report, perf) });
        }
    }
    Ok(parts)
}

fn begin(name: &str) -> String {
    format!("<!-- luago-harness: {name} -->")
}

/// A text with a part put between its marks; `None` if it has no such marks.
fn replace(text: &str, part: &Part) -> Result<Option<String>> {
    let begin = begin(part.name);
    let Some((before, rest)) = text.split_once(&begin) else { return Ok(None) };
    let Some((_, after)) = rest.split_once(END) else { bail!("no {END} comes after {begin}") };
    if after.contains(&begin) {
        bail!("it has {begin} twice");
    }
    Ok(Some(format!("{before}{begin}\n{}{END}{after}", part.text)))
}

fn differences(known: &Expectations) -> String {
    let mut text = "| | in the sandbox |\n|---|---|\n".to_string();
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for difference in known.differences() {
        if let Some((topic, what)) = &difference.readme {
            rows.push((topic, what));
        }
    }
    for (topic, what) in rows {
        let _ = writeln!(text, "| {topic} | {what} |");
    }
    text
}

fn compatibility(matrix: &Matrix) -> String {
    let mut text =
        "| native | sandbox | cases | the same | known to differ | generated programs | \
                    the same |\n|---|---|---|---|---|---|---|\n"
            .to_string();
    for name in &matrix.pairs {
        let cases = matrix.cells().filter(|(_, cell)| &cell.pair == name).count();
        let same = matrix.count(name, Verdict::Same);
        let known = matrix.count(name, Verdict::Known);
        let generated = matrix.generated.iter().find(|row| &row.pair == name);
        let (programs, equal) = generated.map_or_else(Default::default, |row| {
            let equal = row.programs.saturating_sub(row.undecided).saturating_sub(row.different);
            (row.programs.to_string(), equal.to_string())
        });
        let (native, sandbox) = match name.parse::<Pair>() {
            Ok(pair) => (long_name(pair.reference.lua), pair.subject.lua.to_string()),
            Err(_) => name.split_once('=').map_or_else(Default::default, |(reference, subject)| {
                (reference.to_string(), subject.to_string())
            }),
        };
        let _ = writeln!(
            text,
            "| {native} | {sandbox} | {cases} | {same} | {known} | {programs} | {equal} |"
        );
    }
    text
}

fn long_name(lua: Lua) -> String {
    match lua {
        Lua::Jit => "LuaJIT".to_string(),
        Lua::Luau => "Luau".to_string(),
        puc => format!("PUC Lua {puc}"),
    }
}

fn performance(report: &Report, perf: &Perf) -> String {
    let machine = &report.machine;
    let date = report.created.split('T').next().unwrap_or_default();
    let mut text = format!(
        "Measured on {date} on {} threads of {}, {}: the median of {} interleaved rounds, as a\n\
         ratio to native Lua in the same round, with its 95 % interval.\n\n",
        machine.cores,
        if machine.processor.is_empty() { &machine.arch } else { &machine.processor },
        machine.os,
        perf.rounds,
    );
    let mut references: Vec<&str> = Vec::new();
    for row in &perf.rows {
        if !references.contains(&row.reference.as_str()) {
            references.push(&row.reference);
        }
    }
    for reference in references {
        performance_of(&mut text, perf, reference);
    }
    text
}

fn performance_of(text: &mut String, perf: &Perf, reference: &str) {
    let rows: Vec<_> = perf.rows.iter().filter(|row| row.reference == reference).collect();
    let Some(first) = rows.first() else { return };
    let targets: Vec<&str> = first.subjects.iter().map(|one| one.target.as_str()).collect();
    let head: String = targets.iter().map(|target| format!(" `{target}` |")).collect();
    let _ = writeln!(text, "| program | `{reference}`, ms |{head} memory |");
    let _ = writeln!(text, "|---|---|{}---|", "---|".repeat(targets.len()));
    for row in &rows {
        let ratios: String = row
            .subjects
            .iter()
            .map(|subject| {
                let ratio = subject.ratio;
                format!(" {:.2} [{:.2}, {:.2}] |", ratio.median, ratio.low, ratio.high)
            })
            .collect();
        let memory = row.subjects.first().map_or(0, |subject| subject.peak_memory);
        let memory = memory as f64 / row.peak_memory.max(1) as f64;
        let time = row.milliseconds.median;
        let time =
            if row.program == START_UP { format!("{time:.4}") } else { format!("{time:.1}") };
        let _ = writeln!(text, "| {} | {time} |{ratios} {memory:.1} |", row.program);
    }
    let means: String = targets
        .iter()
        .map(|target| {
            let mean = perf
                .means
                .iter()
                .find(|mean| mean.reference == reference && mean.target == **target);
            mean.map_or_else(|| " |".to_string(), |mean| format!(" {:.2} |", mean.ratio))
        })
        .collect();
    let _ = writeln!(text, "| geometric mean without {START_UP} | |{means} |");
}
