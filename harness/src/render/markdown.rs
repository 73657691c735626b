//! A report as Markdown, for the summary of a CI job. What scripts print is hostile: it must not
//! break out of tables, fences or folded parts.

use super::figures::{bytes, decimal, interval, short};
use super::renderer::Renderer;
use super::summary::{state, summary};
use super::text::{excerpt, printable};
use crate::report::{Found, GoScenarios, GoTally, Matrix, Perf, Report, Shadow, Verdict};
use anyhow::Result;
use std::fmt::Write;
use std::io;

/// How many failures are shown whole. CI systems cut summaries off, so it is better to say it.
const SHOWN: usize = 20;
/// How many characters of an output are shown.
const LONGEST: usize = 2000;

/// Markdown, for the summary of a CI.
pub struct Markdown;

impl Renderer for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn description(&self) -> &'static str {
        "Markdown, for the summary of a CI"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write) -> Result<()> {
        Ok(out.write_all(markdown(report).as_bytes())?)
    }
}

fn markdown(report: &Report) -> String {
    let mark = match state(report) {
        "pass" => "✅",
        "fail" => "❌",
        _ => "➖",
    };
    let mut out = format!("{mark} **luago-harness**: {}\n", text(&summary(report)));
    if let Some(shard) = report.shard {
        let _ = writeln!(out, "\nThis is part {} of {}.", shard.index, shard.count);
    }
    if let Some(matrix) = &report.matrix {
        write_matrix(&mut out, matrix);
    }
    if let Some(perf) = &report.perf {
        write_perf(&mut out, perf);
    }
    if let Some(shadow) = &report.shadow {
        write_shadow(&mut out, shadow);
    }
    let machine = &report.machine;
    let mut place = format!("{}, {} {}", machine.processor, machine.os, machine.arch);
    if !machine.triple.is_empty() {
        let _ = write!(place, " ({})", machine.triple);
    }
    let _ = writeln!(
        out,
        "\n{} · {} cores · seed {} · harness {} · {}",
        text(&place),
        machine.cores,
        report.seed,
        text(&report.harness),
        text(&report.created)
    );
    out
}

fn write_matrix(out: &mut String, matrix: &Matrix) {
    let _ = writeln!(out, "\n### Behaviour\n");
    let names: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.name()).collect();
    let _ = writeln!(out, "| pair | {} | generated |", names.join(" | "));
    let _ = writeln!(out, "|:--|{}--:|", "--:|".repeat(Verdict::ALL.len()));
    for pair in matrix.pairs_without_go() {
        let _ = write!(out, "| {} |", code(pair));
        for verdict in Verdict::ALL {
            let count = matrix.count(pair, verdict);
            let strong = if verdict.is_failure() && count > 0 { "**" } else { "" };
            let _ = write!(out, " {strong}{count}{strong} |");
        }
        let generated = matrix.generated.iter().find(|row| row.pair == pair);
        let cell =
            generated.map_or("–".to_string(), |row| match (row.different, row.undecided) {
                (0, 0) => row.programs.to_string(),
                (0, undecided) => format!("{} ({undecided} undecided)", row.programs),
                (different, _) => format!("{} (**{different} different**)", row.programs),
            });
        let _ = writeln!(out, " {cell} |");
    }
    if let Some(go) = &matrix.go {
        write_go(out, go);
    }
    let cells = matrix.cells().filter(|(_, cell)| cell.verdict.is_failure());
    let cells = cells.map(|(id, cell)| {
        (id, cell.pair.as_str(), cell.verdict, cell.reason.as_deref(), cell.found.as_ref())
    });
    let generated = matrix.generated.iter().flat_map(|row| {
        let pair = row.pair.as_str();
        let failures = row.failures.iter();
        failures.map(move |f| (f.id.as_str(), pair, Verdict::Different, None, Some(&f.found)))
    });
    for (id, pair, verdict, reason, found) in cells.chain(generated).take(SHOWN) {
        let _ = writeln!(out, "\n<details><summary>✗ {}", entities(id));
        let _ = writeln!(out, "({}, {})</summary>\n", entities(pair), verdict.name());
        if let Some(reason) = reason {
            let _ = writeln!(out, "Expected to differ: {}\n", text(reason));
        }
        if let Some(found) = found {
            write_found(out, found);
        }
        let _ = writeln!(out, "</details>");
    }
    let all = matrix.failures();
    if all > SHOWN as u64 {
        let _ = writeln!(out, "\n… and {} more failures.", all - SHOWN as u64);
    }
}

fn write_go(out: &mut String, go: &GoScenarios) {
    let _ = writeln!(out, "\n### Scenarios with Go guests\n");
    let _ = write!(out, "{}", go_table(go));
    for problem in go.problems() {
        let _ = writeln!(out, "\n**{}**", text(&problem));
    }
}

/// The scenarios that do what their transcripts say, by version of Go and of Lua.
pub(super) fn go_table(go: &GoScenarios) -> String {
    let lines = go.by_version();
    let mut out = String::new();
    let Some(first) = lines.first() else { return out };
    let heads: Vec<String> = first.luas.iter().map(|(lua, _)| format!("Lua {lua}")).collect();
    let _ = writeln!(out, "| Go | {} |", heads.join(" | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(heads.len()));
    for line in &lines {
        let _ = write!(out, "| {} |", text(line.go));
        for (_, GoTally { same, all, failures }) in &line.luas {
            let strong = if *failures > 0 { "**" } else { "" };
            let _ = write!(out, " {strong}{same} of {all}{strong} |");
        }
        let _ = writeln!(out);
    }
    out
}

fn write_found(out: &mut String, found: &Found) {
    for field in &found.fields {
        let (reference, subject) = found.sides(*field);
        for (name, seen, other) in
            [("Reference", reference, subject), ("Subject", subject, reference)]
        {
            let _ = writeln!(out, "{name}, {}:\n", field.name());
            fence(out, &excerpt(seen, other, LONGEST), "");
        }
    }
    let _ = writeln!(out, "Script:\n");
    fence(out, &excerpt(&found.script, "", LONGEST), "lua");
    let _ = writeln!(out, "Repeat with:\n");
    fence(out, &found.repeat, "sh");
}

fn write_perf(out: &mut String, perf: &Perf) {
    let _ = writeln!(out, "\n### Performance\n");
    let _ = writeln!(out, "Medians of {} rounds with 95 % intervals.\n", perf.rounds);
    let _ = writeln!(out, "| program | reference | ms | target | ms | ratio | baseline | memory |");
    let _ = writeln!(out, "|:--|:--|--:|:--|--:|--:|--:|--:|");
    for row in &perf.rows {
        for subject in &row.subjects {
            let strong = if subject.regressed { "**" } else { "" };
            let baseline = subject.baseline.map_or("–".to_string(), decimal);
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {strong}{}{strong} | {baseline} | {} → {} |",
                code(&row.program),
                code(&row.reference),
                decimal(row.milliseconds.median),
                code(&subject.target),
                decimal(subject.milliseconds.median),
                interval(subject.ratio),
                bytes(row.peak_memory),
                bytes(subject.peak_memory)
            );
        }
    }
    for mean in &perf.means {
        let (target, reference) = (code(&mean.target), code(&mean.reference));
        let ratio = decimal(mean.ratio);
        let _ = writeln!(out, "\n{target} takes {ratio} times as long as {reference} on average.");
    }
}

fn write_shadow(out: &mut String, shadow: &Shadow) {
    let verdict = if shadow.passed { "can take" } else { "**cannot** take" };
    let (old, new) = (code(&shadow.old), code(&shadow.new));
    let _ = writeln!(out, "\n### Rehearsal of {}\n", code(&shadow.script));
    let _ = writeln!(out, "{new} {verdict} the place of {old}.\n");
    for breach in &shadow.breaches {
        let _ = writeln!(out, "- {}", text(breach));
    }
    let _ = writeln!(out, "\n| mirrored | requests | different | p50 ms | p99 ms | memory |");
    let _ = writeln!(out, "|--:|--:|--:|--:|--:|--:|");
    for step in &shadow.steps {
        let (old, new) = (&step.old, &step.new);
        let pair = |old: String, new: String| match step.mirrored {
            0 => old,
            _ => format!("{old} → {new}"),
        };
        let _ = writeln!(
            out,
            "| {} % | {} of {} | {} | {} | {} | {} |",
            short(step.fraction * 100.0),
            step.mirrored,
            step.requests,
            step.different,
            pair(decimal(old.p50), decimal(new.p50)),
            pair(decimal(old.p99), decimal(new.p99)),
            pair(bytes(old.peak_memory), bytes(new.peak_memory))
        );
    }
    if let Some(smallest) = &shadow.smallest {
        let file = entities(&smallest.file);
        let _ =
            writeln!(out, "\n<details><summary>✗ Smallest input that differs, {file}</summary>\n");
        let _ = writeln!(out, "Input:\n");
        fence(out, &excerpt(&smallest.input, "", LONGEST), "");
        write_found(out, &smallest.found);
        let _ = writeln!(out, "</details>");
    }
    let inputs = &shadow.different_inputs;
    if !inputs.is_empty() {
        let names: Vec<String> = inputs.iter().take(SHOWN).map(|name| code(name)).collect();
        let more = inputs.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(out, "\nDifferent inputs: {}{more}.", names.join(", "));
    }
}

/// A block of code that its content cannot end, as its fence is longer than all in there.
fn fence(out: &mut String, content: &str, language: &str) {
    let mut shown = printable(content);
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown.push('\n');
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{ticks}{language}\n{shown}{ticks}\n");
}

/// Text as code within a line or a cell of a table.
fn code(text: &str) -> String {
    let line = printable(text).replace(['\n', '\t'], " ");
    let plain = !line.trim().is_empty() && !line.contains(['`', '|', '\\']);
    if plain { format!("`{line}`") } else { format!("<code>{}</code>", entities(text)) }
}

/// Text in which Markdown finds nothing to do, nor an address to link.
fn text(text: &str) -> String {
    let line = printable(text).replace(['\n', '\t'], " ");
    let line = line.trim();
    let mut out = String::new();
    for (index, c) in line.char_indices() {
        let (before, rest) = line.split_at(index);
        let special = c.is_ascii_punctuation() && !",.;:()%+-'\"/=".contains(c);
        let link = rest.starts_with("://") || (c == '.' && before.ends_with("www"));
        let block = index == 0 && "-+=".contains(c);
        if special || link || block {
            let _ = write!(out, "&#{};", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

/// Text with every character that could mean something as an HTML entity.
fn entities(text: &str) -> String {
    let line = printable(text).replace(['\n', '\t'], " ");
    let mut out = String::new();
    for (index, c) in line.char_indices() {
        let link = line[index..].starts_with("://") || line[..index].ends_with("www");
        if c.is_alphanumeric() || (" -/().:=,+".contains(c) && !link) {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", c as u32);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_cannot_be_ended_by_what_is_inside() {
        let mut out = String::new();
        fence(&mut out, "a\r```\n`````\n</details>", "");
        assert_eq!(out, "``````\na␍```\n`````\n</details>\n``````\n\n");
    }

    #[test]
    fn a_cell_of_a_table_cannot_be_ended_by_what_is_inside() {
        assert_eq!(code("6.8-io/popen"), "`6.8-io/popen`");
        assert_eq!(code("a\\|`b\n"), "<code>a&#92;&#124;&#96;b </code>");
        assert_eq!(code(" "), "<code> </code>");
    }

    #[test]
    fn text_has_no_markup_and_no_links() {
        assert_eq!(text("<b> *x* @me"), "&#60;b&#62; &#42;x&#42; &#64;me");
        assert_eq!(text("see https://a.example"), "see https&#58;//a.example");
        assert_eq!(text("www.a"), "www&#46;a");
        assert_eq!(text("- 6 io.popen, as in 5.4"), "&#45; 6 io.popen, as in 5.4");
    }
}
