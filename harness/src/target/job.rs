//! What a target is given to run.

use anyhow::Result;
use std::path::Path;
use std::time::Duration;

/// A script and its surroundings.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The name of the file, for messages.
    pub name: &'a str,
    /// What is in it.
    pub code: &'a [u8],
    /// Its arguments.
    pub args: &'a [Vec<u8>],
    /// Its standard input.
    pub stdin: &'a [u8],
    /// The folder it starts in, whose modules it can load.
    pub folder: Option<&'a Path>,
    /// Does it need an empty folder `files` to write to?
    pub files: bool,
    /// What it may use.
    pub bounds: Bounds,
}

/// What one run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Wall-clock time.
    pub time: Duration,
    /// Bytes of memory; `None` leaves native Lua to its own allocator.
    pub memory: Option<u64>,
    /// Bytes of output.
    pub output: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { time: Duration::from_secs(10), memory: Some(256 << 20), output: 64 << 20 }
    }
}

/// A folder `files` in a folder of its own, for scripts that write.
pub fn files_folder() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("files"))?;
    Ok(folder)
}
