//! What a Go guest says about how it was built.

use crate::{exit_code, reading};
use anyhow::{Context, Result};
use luago::{GoDependency, GoMetadata, GoModule};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Prints what stands in a guest; the exit code says whether this luago can run it.
pub fn run(path: &Path, json: bool) -> Result<u8> {
    let cause = || format!("cannot open {}", path.display());
    let file = std::fs::File::open(path).with_context(cause)?;
    let wasm = reading::at_most(GoModule::MAX_SIZE, file).with_context(cause)?;
    let wasm = wasm.with_context(|| {
        let most = bytesize::ByteSize(GoModule::MAX_SIZE).display().iec();
        format!("cannot inspect {}: a module can have {most}, and it has more", path.display())
    })?;
    let metadata =
        GoMetadata::read(&wasm).with_context(|| format!("cannot inspect {}", path.display()))?;
    let text = if json {
        let mut text = serde_json::to_string(&metadata)?;
        text.push('\n');
        text
    } else {
        listing(&metadata)
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        other => other.context("cannot write to standard output")?,
    }
    Ok(if metadata.problem.is_none() { exit_code::SUCCESS } else { exit_code::USAGE })
}

/// Lines of a name and what belongs to it.
struct Listing(String);

impl Listing {
    /// The first value stands beside the name, the others below each other.
    fn add(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        let mut name = name;
        for value in values {
            let _ = writeln!(self.0, "{name:<14}{}", printable(&value));
            name = "";
        }
    }
}

fn listing(metadata: &GoMetadata) -> String {
    let mut listing = Listing(String::new());
    let runs = match &metadata.problem {
        None => "yes".to_string(),
        Some(problem) => format!("no: {problem}"),
    };
    listing.add("runs here", [runs]);
    listing.add("go", metadata.go_version.clone());
    listing.add("package", metadata.path.clone());
    listing.add("module", metadata.module.as_ref().map(module));
    listing.add("dependencies", metadata.dependencies.iter().map(module));
    listing.add("luago abi", metadata.abi.map(|version| version.to_string()));
    let imports = metadata.imports.iter();
    listing.add(
        "imports",
        imports.map(|imports| format!("{}: {}", imports.module, imports.names.join(" "))),
    );
    let memory = metadata
        .memory_pages
        .map(|pages| format!("{} to begin with, {pages} pages", bytesize::ByteSize(pages << 16)));
    listing.add("memory", memory);
    listing.add("size", [format!("{} bytes", metadata.size)]);
    listing.add("sha256", [metadata.sha256.clone()]);
    let settings = metadata.settings.iter();
    listing.add("settings", settings.map(|setting| format!("{}={}", setting.key, setting.value)));
    listing.0
}

/// Path, version and checksum, and what has replaced it.
fn module(module: &GoDependency) -> String {
    let mut text = format!("{} {}", module.path, module.version);
    if let Some(sum) = &module.sum {
        let _ = write!(text, " {sum}");
    }
    if let Some(replace) = &module.replace {
        let _ = write!(text, " => {} {}", replace.path, replace.version);
    }
    text.trim_end().to_string()
}

/// A guest can say anything: it must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
