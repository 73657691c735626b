//! Reports as JSON, for programs.

use super::renderer::Renderer;
use crate::report::{Report, SCHEMA};
use anyhow::{Context, Result, bail};
use std::io;
use std::path::Path;

/// JSON, in the form that [`schema`] describes.
pub struct Json;

impl Renderer for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn description(&self) -> &'static str {
        "JSON"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write) -> Result<()> {
        serde_json::to_writer_pretty(&mut *out, report).context("cannot write JSON")?;
        Ok(out.write_all(b"\n")?)
    }
}

/// The JSON schema of reports.
pub fn schema() -> String {
    format!("{:#}\n", schemars::schema_for!(Report).to_value())
}

/// Reads a report from a file.
pub fn read(path: &Path) -> Result<Report> {
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is no report of luago-harness", path.display()))
}

fn parse(text: &[u8]) -> Result<Report> {
    #[derive(serde::Deserialize)]
    struct Head {
        schema: String,
    }
    let head: Head = serde_json::from_slice(text)?;
    if head.schema != SCHEMA {
        bail!("its schema is {:?}, and this harness reads {SCHEMA:?}", head.schema);
    }
    Ok(serde_json::from_slice(text)?)
}
