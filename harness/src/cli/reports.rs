//! Shows reports and writes them to files.

use super::args::MergeArgs;
use super::exit::usage;
use super::output::print;
use super::report_args::ReportArgs;
use crate::render::{self, FILES, Renderer, Terminal};
use crate::report::{self, Report};
use anyhow::{Context, Result};

/// Shows a report and writes it where it should go. Was everything as expected?
pub fn deliver(report: &Report, args: &ReportArgs) -> Result<bool> {
    // First, so that a file that cannot be written loses nothing.
    print(&Terminal.text(report)?)?;
    for format in FILES {
        if let Some(path) = args.file(format) {
            std::fs::write(path, format.text(report)?)
                .with_context(|| format!("cannot write the report to {}", path.display()))?;
        }
    }
    Ok(report.is_as_expected())
}

/// Puts the reports of shards together.
pub fn merge(args: MergeArgs) -> Result<bool> {
    let parts = args.reports.iter().map(|path| usage(render::read(path)));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    deliver(&usage(report::merge(parts))?, &args.report)
}
