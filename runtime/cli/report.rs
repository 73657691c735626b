//! The report on how a run ended.

use crate::destination::{Destination, Replacing};
use crate::exit_code;
use anyhow::{Context, Result};
use luago::{End, LuaError, LuaVersion, Usage};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Serialize)]
struct Report<'a> {
    /// `returned`, `exited`, `error`, `stopped` or `output-closed`.
    outcome: &'static str,
    exit_code: u8,
    stop: Option<&'static str>,
    error: Option<ErrorText>,
    wall_seconds: f64,
    fuel: Option<u64>,
    peak_memory_bytes: u64,
    output_bytes: u64,
    compiled_functions: u64,
    guest: Guest<'a>,
}

#[derive(Serialize)]
struct ErrorText {
    message: String,
    traceback: String,
}

#[derive(Serialize)]
struct Guest<'a> {
    lua: &'a str,
    sha256: &'a str,
}

/// Where the report goes. Clones are one and the same: whoever is first writes it.
#[derive(Clone)]
pub struct Reporter {
    path: PathBuf,
    to: Arc<Mutex<Option<Destination>>>,
}

impl Reporter {
    /// Opens a file, or standard output for `-`.
    pub fn open(path: &Path) -> Result<Reporter> {
        let to = match path == Path::new("-") {
            true => Destination::stdout(),
            false => Destination::open(path, Replacing::Whole),
        };
        let cause = || format!("{}; give --report another file", cannot_write(path));
        Ok(Reporter {
            path: path.to_path_buf(),
            to: Arc::new(Mutex::new(Some(to.with_context(cause)?))),
        })
    }

    /// Writes one JSON object and a line feed.
    pub fn write(&self, end: &End, usage: &Usage, version: LuaVersion) -> Result<()> {
        let to = self.to.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut to) = to else { return Ok(()) };
        let mut text = serde_json::to_vec(&Report::new(end, usage, version))?;
        text.push(b'\n');
        if to.is_stream() {
            // What the script has printed comes first.
            let _ = std::io::stdout().flush();
        }
        match to.write_all(&text).and_then(|()| to.finish()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.with_context(|| cannot_write(&self.path)),
        }
    }
}

fn cannot_write(path: &Path) -> String {
    match path == Path::new("-") {
        true => "cannot write the report to standard output".to_string(),
        false => format!("cannot write the report to {}", path.display()),
    }
}

impl<'a> Report<'a> {
    fn new(end: &End, usage: &Usage, version: LuaVersion) -> Report<'a> {
        let (outcome, stop, error) = match end {
            End::Returned => ("returned", None, None),
            End::Exited(_) => ("exited", None, None),
            End::Error(error) => {
                let LuaError { message, traceback, .. } = error.clone();
                ("error", None, Some(ErrorText { message, traceback }))
            }
            End::Stopped(stopped) => {
                let error = ErrorText {
                    message: stopped.stop.to_string(),
                    traceback: stopped.traceback.clone(),
                };
                ("stopped", Some(stopped.stop.kind()), Some(error))
            }
            End::OutputClosed => ("output-closed", None, None),
            _ => ("unknown", None, None),
        };
        Report {
            outcome,
            exit_code: exit_code::of(end),
            stop,
            error,
            wall_seconds: usage.wall.as_secs_f64(),
            fuel: usage.fuel,
            peak_memory_bytes: usage.peak_memory,
            output_bytes: usage.output,
            compiled_functions: usage.compiled,
            guest: Guest { lua: version.release(), sha256: version.digest() },
        }
    }
}
