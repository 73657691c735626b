//! Shows reports and writes them to files.

use super::args::{MergeArgs, ReportArgs};
use super::{print, usage};
use crate::render::{html, json, junit, markdown, terminal};
use crate::report::Report;
use anyhow::{Context, Result};
use std::path::Path;

/// Shows a report and writes it where it should go. Was everything as expected?
pub fn deliver(report: &Report, args: &ReportArgs) -> Result<bool> {
    let write = |path: Option<&Path>, render: &dyn Fn() -> Result<String>| -> Result<()> {
        let Some(path) = path else { return Ok(()) };
        std::fs::write(path, render()?)
            .with_context(|| format!("cannot write the report to {}", path.display()))
    };
    // First, so that a file that cannot be written loses nothing.
    print(&terminal::render(report))?;
    write(args.json.as_deref(), &|| json::render(report))?;
    write(args.markdown.as_deref(), &|| Ok(markdown::render(report)))?;
    write(args.junit.as_deref(), &|| junit::render(report))?;
    write(args.html.as_deref(), &|| html::render(report))?;
    Ok(report.is_as_expected())
}

/// Puts the reports of shards together.
pub fn merge(args: MergeArgs) -> Result<bool> {
    let parts = args.reports.iter().map(|path| usage(json::read(path)));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    deliver(&usage(json::merge(parts))?, &args.report)
}
