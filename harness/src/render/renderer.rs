//! What every format of reports has in common.

use crate::report::Report;
use anyhow::Result;
use std::io::Write;

/// A format of reports.
pub trait Renderer: Sync {
    /// Its name, which is that of its option on the command line.
    fn name(&self) -> &'static str;

    /// What it is, after "Write the report as".
    fn description(&self) -> &'static str;

    /// Writes a report.
    fn render(&self, report: &Report, out: &mut dyn Write) -> Result<()>;

    /// A report as text.
    fn text(&self, report: &Report) -> Result<String> {
        let mut bytes = Vec::new();
        self.render(report, &mut bytes)?;
        Ok(String::from_utf8(bytes)?)
    }
}
