//! A report as JUnit XML, which CI systems read.

use super::figures::{bytes, decimal, interval, short};
use super::renderer::Renderer;
use super::text::{excerpt, printable};
use crate::report::{
    Cell, Found, GeneratedRow, GoScenarios, Matrix, Perf, PerfRow, Report, Shadow, Verdict,
};
use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Property, Report as Xml, TestCase, TestCaseStatus, TestSuite};
use std::fmt::Write;
use std::io;

/// How many generated programs that differ are shown whole.
const SHOWN: usize = 20;
/// How many characters of an output are shown; readers of these files take all into memory.
const LONGEST: usize = 10_000;

/// JUnit XML.
pub struct Junit;

impl Renderer for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn description(&self) -> &'static str {
        "JUnit XML"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write) -> Result<()> {
        Ok(out.write_all(xml(report)?.as_bytes())?)
    }
}

fn xml(report: &Report) -> Result<String> {
    let mut xml = Xml::new("luago-harness");
    if let Some(matrix) = &report.matrix {
        for pair in matrix.all_pairs() {
            xml.add_test_suite(matrix_suite(matrix, pair));
        }
        xml.add_test_suites(matrix.go.iter().flat_map(missing_suites));
    }
    if let Some(perf) = &report.perf {
        xml.add_test_suite(perf_suite(perf));
    }
    if let Some(shadow) = &report.shadow {
        xml.add_test_suite(shadow_suite(shadow));
    }
    let machine = &report.machine;
    for suite in &mut xml.test_suites {
        suite.add_property(Property::new("created", printable(&report.created)));
        suite.add_property(Property::new("seed", report.seed.to_string()));
        suite.add_property(Property::new(
            "machine",
            printable(&format!("{} {}", machine.os, machine.arch)),
        ));
        if !machine.triple.is_empty() {
            suite.add_property(Property::new("host-triple", printable(&machine.triple)));
        }
        suite.add_property(Property::new("processor", printable(&machine.processor)));
        if let Some(shard) = report.shard {
            suite.add_property(Property::new("shard", format!("{}/{}", shard.index, shard.count)));
        }
    }
    xml.to_string().context("cannot write the report as XML")
}

fn failure(kind: &str, message: &str, description: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(printable(message));
    if !description.is_empty() {
        status.set_description(printable(description));
    }
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(printable(message));
    status
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(printable(name), status);
    case.set_classname(printable(class));
    case
}

fn matrix_suite(matrix: &Matrix, pair: &str) -> TestSuite {
    let mut suite = TestSuite::new(printable(pair));
    for (id, cell) in matrix.cells().filter(|(_, cell)| cell.pair == pair) {
        let chapter = id.rsplit_once('/').map_or("cases", |(chapter, _)| chapter);
        suite.add_test_case(case(chapter, id, cell_status(cell)));
    }
    for row in matrix.generated.iter().filter(|row| row.pair == pair) {
        suite.add_test_case(generated_case(row));
    }
    suite
}

/// The scenarios that were not run, for each version of Go that is not there.
fn missing_suites(go: &GoScenarios) -> Vec<TestSuite> {
    let missing = go.toolchains.iter().filter_map(|toolchain| {
        let problem = toolchain.problem.as_ref()?;
        let mut suite = TestSuite::new(printable(&format!("Go {}", toolchain.asked)));
        for row in &go.cases {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("not run").set_message(printable(problem));
            suite.add_test_case(case("go", &row.id, status));
        }
        Some(suite)
    });
    missing.collect()
}

fn cell_status(cell: &Cell) -> TestCaseStatus {
    let reason = cell.reason.as_deref();
    let description = cell.found.as_ref().map(describe).unwrap_or_default();
    match cell.verdict {
        Verdict::Same => TestCaseStatus::success(),
        Verdict::Known => skipped(&format!("known difference: {}", reason.unwrap_or("no reason"))),
        Verdict::Undecided => skipped("undecided: both ran into the same bound"),
        Verdict::Different => {
            let message = cell.found.as_ref().map_or("different".to_string(), differing);
            failure(cell.verdict.name(), &message, &description)
        }
        Verdict::UnexpectedPass => {
            let message = format!("known difference is gone: {}", reason.unwrap_or("no reason"));
            failure(cell.verdict.name(), &message, &description)
        }
    }
}

/// What differs, in a few words.
fn differing(found: &Found) -> String {
    let names: Vec<&str> = found.fields.iter().map(|field| field.name()).collect();
    format!("different: {}", names.join(", "))
}

/// A difference with all that is needed to understand it.
fn describe(found: &Found) -> String {
    let mut out = String::new();
    for field in &found.fields {
        let (reference, subject) = found.sides(*field);
        for (who, seen, other) in
            [("reference", reference, subject), ("subject", subject, reference)]
        {
            let _ = writeln!(
                out,
                "--- {who}, {}\n{}",
                field.name(),
                excerpt(seen, other, LONGEST).trim_end()
            );
        }
    }
    let _ = write!(
        out,
        "--- script\n{}\n--- repeat\n{}",
        excerpt(found.script.trim_end(), "", LONGEST),
        found.repeat
    );
    out
}

fn generated_case(row: &GeneratedRow) -> TestCase {
    let status = if row.different > 0 {
        let message = format!("{} of {} programs are different", row.different, row.programs);
        let mut list = String::new();
        for failure in row.failures.iter().take(SHOWN) {
            let _ = writeln!(list, "=== {}\n{}\n", failure.id, describe(&failure.found));
        }
        let more = row.different.saturating_sub(row.failures.len().min(SHOWN) as u64);
        if more > 0 {
            let _ = writeln!(list, "… and {more} more");
        }
        failure(Verdict::Different.name(), &message, list.trim_end())
    } else {
        TestCaseStatus::success()
    };
    let mut case = case("generated", "generated programs", status);
    case.set_system_out(format!("{} programs, {} undecided", row.programs, row.undecided));
    case
}

fn perf_suite(perf: &Perf) -> TestSuite {
    let mut suite = TestSuite::new("performance");
    suite.add_property(Property::new("rounds", perf.rounds.to_string()));
    for row in &perf.rows {
        suite.add_test_case(perf_case(row));
    }
    suite
}

fn perf_case(row: &PerfRow) -> TestCase {
    let mut worse = Vec::new();
    let mut out = String::new();
    for subject in &row.subjects {
        let target = &subject.target;
        let memory = bytes(subject.peak_memory);
        let ratio = interval(subject.ratio);
        let _ = writeln!(out, "{target}: {ratio} times {}, memory {memory}", row.reference);
        if subject.regressed {
            let baseline = subject.baseline.map_or("none".to_string(), decimal);
            worse.push(format!("{target}: ratio {ratio}, baseline {baseline}"));
        }
    }
    let status = match worse.is_empty() {
        true => TestCaseStatus::success(),
        false => failure("regressed", &worse.join("; "), ""),
    };
    let mut case = case(&format!("performance/{}", row.reference), &row.program, status);
    case.set_system_out(printable(out.trim_end()));
    case
}

fn shadow_suite(shadow: &Shadow) -> TestSuite {
    let pair = format!("{} → {}", shadow.old, shadow.new);
    let mut suite = TestSuite::new("shadow");
    suite.add_property(Property::new("script", printable(&shadow.script)));
    let breaches = || {
        let found = shadow.smallest.as_ref().map(|smallest| {
            format!(
                "--- smallest input\n{}\n{}",
                excerpt(&smallest.input, "", LONGEST),
                describe(&smallest.found)
            )
        });
        let message = match shadow.breaches.is_empty() {
            true => "not passed".to_string(),
            false => shadow.breaches.join("; "),
        };
        failure("breach", &message, &found.unwrap_or_default())
    };
    let last = shadow.steps.len().saturating_sub(1);
    for (index, step) in shadow.steps.iter().enumerate() {
        // A rehearsal ends with the step that breaks a bound.
        let failed = index == last && !shadow.passed;
        let status = if failed { breaches() } else { TestCaseStatus::success() };
        let name = format!("{} % mirrored", short(step.fraction * 100.0));
        let mut case = case(&pair, &name, status);
        case.set_system_out(format!(
            "{} of {} requests mirrored, {} different, p50 {} → {} ms, p99 {} → {} ms",
            step.mirrored,
            step.requests,
            step.different,
            decimal(step.old.p50),
            decimal(step.new.p50),
            decimal(step.old.p99),
            decimal(step.new.p99)
        ));
        suite.add_test_case(case);
    }
    if shadow.steps.is_empty() && !shadow.passed {
        suite.add_test_case(case(&pair, "rehearsal", breaches()));
    }
    suite
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CaseRow, Field, Seen};

    fn report(output: &str) -> Report {
        let seen = |text: &str| Seen {
            end: "exit code 0".to_string(),
            stdout: text.to_string(),
            stderr: String::new(),
        };
        let found = Found {
            fields: vec![Field::Stdout],
            reference: seen(output),
            subject: seen("other"),
            script: output.to_string(),
            repeat: output.to_string(),
        };
        let cell = |verdict, reason: Option<&str>| Cell {
            pair: "a=b".to_string(),
            verdict,
            reason: reason.map(str::to_string),
            found: Some(found.clone()),
        };
        let cells = vec![
            cell(Verdict::Different, None),
            cell(Verdict::Known, Some(output)),
            cell(Verdict::UnexpectedPass, None),
            cell(Verdict::Undecided, None),
        ];
        let mut report = Report::new(1);
        let case = CaseRow { id: format!("6.8-io/{output}"), cells };
        report.matrix =
            Some(Matrix { pairs: vec!["a=b".to_string()], cases: vec![case], ..Matrix::default() });
        report
    }

    #[test]
    fn a_report_with_control_characters_can_be_read() {
        let all: String =
            (0..0xa0).chain([0x202e, 0xfffe, 0xffff]).filter_map(char::from_u32).collect();
        let xml = xml(&report(&format!("{all}]]></failure>"))).unwrap();
        let read = junit_parser::from_reader(xml.as_bytes()).unwrap();
        let suite = &read.suites[0];
        assert_eq!((suite.tests, suite.failures, suite.skipped), (4, 2, 2));
        let text = format!("{:?}", suite.cases[0].status);
        assert!(text.contains("␀") && text.contains("␛"), "{text}");
        let legal =
            |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}');
        assert!(xml.chars().all(legal));
    }

    #[test]
    fn an_empty_report_can_be_read() {
        let mut report = report("");
        report.matrix = None;
        let xml = xml(&report).unwrap();
        assert!(junit_parser::from_reader(xml.as_bytes()).unwrap().suites.is_empty());
    }
}
