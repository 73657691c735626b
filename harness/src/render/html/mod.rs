//! A report as one HTML page that needs nothing else. What scripts print is hostile: it is
//! escaped here and inserted as text by the page's script, and the page's policy forbids any
//! script but that one and any address.

mod chart;
mod escape;

use super::renderer::Renderer;
use super::summary::{state, summary};
use crate::report::{GeneratedRow, Perf, Report, Shadow, Verdict};
use anyhow::{Context, Result, bail};
use chart::{COLOURS, Chart};
use escape::escape;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// One HTML page that needs nothing else.
pub struct Html;

impl Renderer for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn description(&self) -> &'static str {
        "one HTML page"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write) -> Result<()> {
        Ok(out.write_all(page(report)?.as_bytes())?)
    }
}

fn page(report: &Report) -> Result<String> {
    let style = with_unix_lines(STYLE);
    let script = with_unix_lines(SCRIPT);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(&style),
        hash(&script)
    );
    let mut perf_charts = String::new();
    if let Some(perf) = &report.perf {
        write_perf_charts(&mut perf_charts, perf)?;
    }
    let mut shadow_charts = String::new();
    if let Some(shadow) = &report.shadow {
        write_shadow_charts(&mut shadow_charts, shadow)?;
    }
    let (verdict, mark) = match state(report) {
        "pass" => ("pass", "✓"),
        "fail" => ("fail", "✗"),
        other => (other, "–"),
    };
    let data = data(report)?;
    fill(PAGE, &|name| {
        Some(match name {
            "policy" => policy.clone(),
            "title" => escape(&summary(report)),
            "style" => style.clone(),
            "verdict" => verdict.to_string(),
            "mark" => mark.to_string(),
            "summary" => escape(&sentence(&summary(report))),
            "totals" => totals(report),
            "about" => about(report),
            "perf-charts" => perf_charts.clone(),
            "shadow-charts" => shadow_charts.clone(),
            "data" => data.clone(),
            "script" => script.clone(),
            _ => return None,
        })
    })
}

/// A checkout may have other line ends, but a browser turns them to these before it computes
/// the hash.
fn with_unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The SHA-256 of a text in Base64, as policies name it.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::new();
    for three in digest.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            out.push(if digit <= three.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    out
}

/// Puts values in the place of `{{name}}`. What is put in is not searched again.
fn fill(template: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("the page has an open place")?;
        let Some(value) = value(name) else { bail!("the page has an unknown place: {name}") };
        out.push_str(before);
        out.push_str(&value);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The report as JSON that cannot end the script element it is in.
fn data(report: &Report) -> Result<String> {
    let json = serde_json::to_string(report).context("cannot write the report as JSON")?;
    Ok(json.replace('<', "\\u003c"))
}

/// A text that begins and ends like a sentence.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), rest.as_str())
}

/// The counts of the matrix.
fn totals(report: &Report) -> String {
    let Some(matrix) = &report.matrix else { return String::new() };
    let mut out = String::from("<dl class=\"totals\">");
    let mut total = |class: &str, name: &str, count: u64| {
        let quiet = if count == 0 { " zero" } else { "" };
        let _ = write!(
            out,
            "<div class=\"{class}{quiet}\"><dt>{}</dt><dd>{}</dd></div>",
            escape(name),
            grouped(count)
        );
    };
    for verdict in Verdict::ALL {
        let count = matrix.cells().filter(|(_, cell)| cell.verdict == verdict).count();
        total(&verdict.name().replace(' ', "-"), verdict.name(), count as u64);
    }
    let sum = |count: fn(&GeneratedRow) -> u64| matrix.generated.iter().map(count).sum();
    if !matrix.generated.is_empty() {
        total("generated", "generated programs", sum(|row| row.programs));
        total("different", "generated, different", sum(|row| row.different));
    }
    out.push_str("</dl>");
    out
}

/// A number with its digits in groups of three.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// Where the report comes from.
fn about(report: &Report) -> String {
    let machine = &report.machine;
    let command = report.command.join(" ");
    let mut rows = vec![
        ("Created", report.created.clone()),
        ("Command", format!("luago-harness {command}")),
        ("Seed", report.seed.to_string()),
        ("Machine", format!("{} {}, {} cores", machine.os, machine.arch, machine.cores)),
        ("Host triple", machine.triple.clone()),
        ("Processor", machine.processor.clone()),
        ("Harness", report.harness.clone()),
    ];
    if let Some(shard) = report.shard {
        rows.push(("Part", format!("{} of {}", shard.index, shard.count)));
    }
    if let Some(matrix) = &report.matrix {
        rows.push(("Comparison took", format!("{:.1} s", matrix.seconds)));
    }
    let mut out = String::from("<dl class=\"about\">");
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(value));
    }
    out.push_str("</dl>");
    out
}

fn write_perf_charts(out: &mut String, perf: &Perf) -> Result<()> {
    let ratios = chart::ratios(perf)?;
    if ratios.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<p class=\"note\">Time divided by the reference's in the same round: the median and \
         the interval that holds it with 95\u{a0}% confidence. Left of 1× is faster. An upright bar is \
         the baseline; ▲ is slower than the baseline allows.</p>",
    );
    write_figures(out, &ratios);
    let samples = chart::samples(perf)?;
    if !samples.is_empty() {
        out.push_str("<details><summary>Distribution of the measured times</summary>");
        out.push_str("<p class=\"note\">Across: the share of rounds that took no longer.</p>");
        write_figures(out, &samples);
        out.push_str("</details>");
    }
    Ok(())
}

fn write_shadow_charts(out: &mut String, shadow: &Shadow) -> Result<()> {
    let latencies = chart::latencies(shadow)?;
    if !latencies.is_empty() {
        out.push_str("<h3>Latency</h3>");
        out.push_str("<p class=\"note\">Across: the share of requests that took no longer.</p>");
        write_figures(out, &latencies);
    }
    Ok(())
}

fn write_figures(out: &mut String, charts: &[Chart]) {
    out.push_str("<div class=\"figures\">");
    for chart in charts {
        let _ = write!(out, "<figure><figcaption>{}", escape(&chart.title));
        if !chart.lines.is_empty() {
            out.push_str("<ul class=\"legend\">");
            for (index, line) in chart.lines.iter().enumerate() {
                let colour = index % COLOURS;
                let _ = write!(out, "<li class=\"series-{colour}\">{}</li>", escape(line));
            }
            out.push_str("</ul>");
        }
        let _ = write!(out, "</figcaption>{}{}</figure>", chart.wide, chart.narrow);
    }
    out.push_str("</div>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CaseRow, Cell, Found, Matrix, Seen};

    #[test]
    fn script_output_cannot_end_the_data_block() {
        let hostile = "</script><img src=x onerror=alert(1)><!--<script>{{script}}";
        let seen = Seen { end: hostile.into(), stdout: hostile.into(), stderr: hostile.into() };
        let found = Found {
            fields: Vec::new(),
            reference: seen.clone(),
            subject: seen,
            script: hostile.into(),
            repeat: hostile.into(),
        };
        let cell = Cell {
            pair: hostile.into(),
            verdict: Verdict::Different,
            reason: Some(hostile.into()),
            found: Some(found),
        };
        let case = CaseRow { id: hostile.into(), cells: vec![cell] };
        let mut report = Report::new(1);
        report.command = vec![hostile.into()];
        report.machine.processor = hostile.into();
        report.matrix =
            Some(Matrix { pairs: vec![hostile.into()], cases: vec![case], ..Matrix::default() });
        let page = page(&report).unwrap();
        assert!(!page.contains("<img"));
        assert_eq!(page.matches("</script>").count(), 2);
        let (_, after) = page.split_once("type=\"application/json\" id=\"data\">").unwrap();
        let (json, _) = after.split_once("</script>").unwrap();
        let read: Report = serde_json::from_str(json).unwrap();
        assert_eq!(read.matrix.unwrap().cases[0].id, hostile);
    }

    #[test]
    fn hashes_are_those_of_the_content_security_policy() {
        assert_eq!(hash("alert(1)"), "bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=");
    }

    #[test]
    fn an_empty_report_is_a_page() {
        let page = page(&Report::new(1)).unwrap();
        assert!(page.contains("Nothing was compared."));
    }

    #[test]
    fn a_page_with_an_unknown_place_is_refused() {
        assert!(fill("{{x}}", &|_| None).is_err());
        assert_eq!(fill("a{{x}}b", &|_| Some("{{x}}".to_string())).unwrap(), "a{{x}}b");
    }

    #[test]
    fn great_numbers_are_grouped() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
