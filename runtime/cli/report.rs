//! The report on how a run ended.

use crate::exit_code;
use anyhow::{Context, Result};
use luago::{End, LuaError, LuaVersion, Usage};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

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

/// Writes one JSON object and a line feed to a file, or to standard output for `-`.
pub fn write(to: &Path, end: &End, usage: &Usage, version: LuaVersion) -> Result<()> {
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
    let report = Report {
        outcome,
        exit_code: exit_code::of(end),
        stop,
        error,
        wall_seconds: usage.wall.as_secs_f64(),
        fuel: usage.fuel,
        peak_memory_bytes: usage.peak_memory,
        output_bytes: usage.output,
        guest: Guest { lua: version.release(), sha256: version.digest() },
    };
    let mut text = serde_json::to_vec(&report)?;
    text.push(b'\n');
    if to == Path::new("-") {
        match std::io::stdout().lock().write_all(&text) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("cannot write the report to standard output"),
        }
    } else {
        std::fs::write(to, text)
            .with_context(|| format!("cannot write the report to {}", to.display()))
    }
}
