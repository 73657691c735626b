//! The interface of all formats.

use crate::report::Report;
use anyhow::Result;
use std::io::Write;

/// A format of reports.
pub trait Renderer: Sync {
    /// The name, which is also that of the command-line option.
    fn name(&self) -> &'static str;

    /// A description that completes "Write the report as".
    fn description(&self) -> &'static str;

    /// Writes a report.
    fn render(&self, report: &Report, out: &mut dyn Write) -> Result<()>;

    /// Returns a report as text.
    fn text(&self, report: &Report) -> Result<String> {
        let mut bytes = Vec::new();
        self.render(report, &mut bytes)?;
        Ok(String::from_utf8(bytes)?)
    }
}
