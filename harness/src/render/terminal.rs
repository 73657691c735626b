//! Reports for people at a terminal.

use super::renderer::Renderer;
use super::text::printable;
use crate::report::{Found, GoScenarios, GoTally, Matrix, Perf, Report, Shadow, Verdict};
use anyhow::Result;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use std::fmt::Write;
use std::io;

/// How many failures are shown; reports in files have them all.
const SHOWN: usize = 10;
/// How many lines of each output are shown.
const LINES: usize = 12;

/// Text for a terminal: where it ran, failures, tables, and the verdict.
pub struct Terminal;

impl Renderer for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn description(&self) -> &'static str {
        "text for a terminal"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write) -> Result<()> {
        Ok(out.write_all(shown(report).as_bytes())?)
    }
}

fn shown(report: &Report) -> String {
    let mut text = String::new();
    if !report.machine.triple.is_empty() {
        let (version, triple) = (printable(&report.harness), printable(&report.machine.triple));
        line(&mut text, format_args!("luago-harness {version} on {triple}"));
    }
    if let Some(matrix) = &report.matrix {
        show_matrix(&mut text, matrix);
    }
    if let Some(perf) = &report.perf {
        show_perf(&mut text, perf);
    }
    if let Some(shadow) = &report.shadow {
        show_shadow(&mut text, shadow);
    }
    text
}

/// A table whose first column is text, and the others numbers.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn line(text: &mut String, line: impl std::fmt::Display) {
    let _ = writeln!(text, "{line}"); // a String takes everything
}

fn show_matrix(text: &mut String, matrix: &Matrix) {
    let cells = matrix.cells().filter(|(_, cell)| cell.verdict.is_failure());
    let failures = cells.map(|(id, cell)| (id, cell.verdict, cell.reason.as_deref(), &cell.found));
    for (id, verdict, reason, found) in failures.take(SHOWN) {
        line(text, format_args!("{id}: {}", verdict.name()));
        if let Some(reason) = reason {
            line(text, format_args!("  expected to differ: {reason}"));
        }
        if let Some(found) = found {
            show_found(text, found, false);
        }
        line(text, "");
    }
    for failure in matrix.generated.iter().flat_map(|row| &row.failures).take(SHOWN) {
        line(text, format_args!("{}: different", failure.id));
        show_found(text, &failure.found, true);
        line(text, "");
    }
    let mut counts = table(&[
        "pair",
        "same",
        "known",
        "undecided",
        "different",
        "passed",
        "generated",
        "undecided",
        "different",
    ]);
    for pair in &matrix.pairs {
        let count = |verdict| matrix.count(pair, verdict).to_string();
        let generated = matrix.generated.iter().find(|row| &row.pair == pair);
        let of_generated = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
        counts.add_row([
            pair.clone(),
            count(Verdict::Same),
            count(Verdict::Known),
            count(Verdict::Undecided),
            count(Verdict::Different),
            count(Verdict::UnexpectedPass),
            of_generated(generated.map(|row| row.programs)),
            of_generated(generated.map(|row| row.undecided)),
            of_generated(generated.map(|row| row.different)),
        ]);
    }
    if !matrix.cases.is_empty() || !matrix.generated.is_empty() {
        line(text, counts.trim_fmt());
    }
    if let Some(go) = &matrix.go {
        show_go(text, go);
    }
    let failures = matrix.failures();
    let comparisons = matrix.cells().count() as u64
        + matrix.generated.iter().map(|row| row.programs).sum::<u64>();
    let seconds = matrix.seconds;
    match failures {
        0 => line(text, format_args!("{comparisons} comparisons as expected, in {seconds:.1} s")),
        _ => line(
            text,
            format_args!(
                "{failures} of {comparisons} comparisons not as expected, in {seconds:.1} s"
            ),
        ),
    }
}

/// Scenarios, a line for each version of Go.
fn show_go(text: &mut String, go: &GoScenarios) {
    let lines = go.by_version();
    for (index, of_go) in lines.iter().enumerate() {
        let shown = of_go.luas.iter().map(|(lua, tally)| {
            let GoTally { same, all, failures } = tally;
            let bad =
                if *failures > 0 { format!(", {failures} not as expected") } else { String::new() };
            format!("Lua {lua}: {same} of {all}{bad}")
        });
        let shown: Vec<String> = shown.collect();
        let name = if index == 0 { "scenarios with Go" } else { "               Go" };
        line(text, format_args!(" {name} {}  {}", of_go.go, shown.join("  ")));
    }
    for problem in go.problems() {
        line(text, problem);
    }
}

fn show_found(text: &mut String, found: &Found, with_script: bool) {
    if with_script {
        show_text(text, "script", &found.script, usize::MAX);
    }
    for field in &found.fields {
        let (reference, subject) = found.sides(*field);
        // Long outputs begin where they part.
        let same = reference.lines().zip(subject.lines()).take_while(|(a, b)| a == b).count();
        let skip = same.saturating_sub(2);
        let rest = |text: &str| text.lines().skip(skip).collect::<Vec<_>>().join("\n");
        let from = if skip > 0 { format!(", from line {}", skip + 1) } else { String::new() };
        show_text(
            text,
            &format!("{} of the reference{from}", field.name()),
            &rest(reference),
            LINES,
        );
        show_text(text, &format!("{} of the subject{from}", field.name()), &rest(subject), LINES);
    }
    line(text, format_args!("  repeat with: {}", found.repeat));
}

/// Text of a script, in which nothing can steer the terminal.
fn show_text(text: &mut String, title: &str, shown: &str, most: usize) {
    line(text, format_args!("  {title}"));
    let count = shown.lines().count();
    for shown in shown.lines().take(most) {
        let safe: String = shown
            .chars()
            .flat_map(|c| match c {
                '\t' => vec![c],
                c if c.is_control() => c.escape_default().collect(),
                c => vec![c],
            })
            .collect();
        line(text, format_args!("    {safe}"));
    }
    if count > most {
        line(text, format_args!("    … {} more lines", count - most));
    }
}

fn show_perf(text: &mut String, perf: &Perf) {
    let mut figures =
        table(&["program", "reference", "ms", "target", "ratio", "interval", "memory", "baseline"]);
    for row in &perf.rows {
        for subject in &row.subjects {
            let (low, high) = (subject.ratio.low, subject.ratio.high);
            let memory = subject.peak_memory as f64 / row.peak_memory.max(1) as f64;
            let baseline = subject.baseline.map_or_else(String::new, |baseline| {
                format!("{baseline:.2}{}", if subject.regressed { " WORSE" } else { "" })
            });
            figures.add_row([
                row.program.clone(),
                row.reference.clone(),
                format!("{:.3}", row.milliseconds.median),
                subject.target.clone(),
                format!("{:.2}", subject.ratio.median),
                format!("{low:.2}-{high:.2}"),
                format!("{memory:.1}"),
                baseline,
            ]);
        }
    }
    line(text, figures.trim_fmt());
    for mean in &perf.means {
        let (reference, target) = (&mean.reference, &mean.target);
        line(text, format_args!("{target}: {:.2} of {reference}, geometric mean", mean.ratio));
    }
    let regressions = perf.regressions().count();
    if regressions > 0 {
        line(text, format_args!("{regressions} ratios are worse than the baseline allows"));
    }
}

fn show_shadow(text: &mut String, shadow: &Shadow) {
    let (old, new) = (&shadow.old, &shadow.new);
    let mut steps = table(&[
        "mirrored",
        "requests",
        "in both",
        "different",
        "old P50 ms",
        "P99",
        "new P50 ms",
        "P99",
        "old memory",
        "new memory",
    ]);
    for step in &shadow.steps {
        let memory = |bytes: u64| bytesize::ByteSize(bytes).to_string();
        steps.add_row([
            format!("{:.0} %", step.fraction * 100.0),
            step.requests.to_string(),
            step.mirrored.to_string(),
            step.different.to_string(),
            format!("{:.3}", step.old.p50),
            format!("{:.3}", step.old.p99),
            format!("{:.3}", step.new.p50),
            format!("{:.3}", step.new.p99),
            memory(step.old.peak_memory),
            memory(step.new.peak_memory),
        ]);
    }
    line(text, steps.trim_fmt());
    if let Some(smallest) = &shadow.smallest {
        line(text, format_args!("smallest input that differs, from {}", smallest.file));
        show_text(text, "input", &smallest.input, LINES);
        show_found(text, &smallest.found, false);
    }
    for breach in &shadow.breaches {
        line(text, format_args!("stopped: {breach}"));
    }
    if shadow.passed {
        line(text, format_args!("{new} can take the place of {old}"));
    } else {
        line(text, format_args!("stay with {old}"));
    }
}
