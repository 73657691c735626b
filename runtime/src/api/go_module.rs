//! Loading Go programs for an engine.

use super::engine::Engine;
use crate::engine::bounds;
use crate::error::Error;
use crate::go::module::GoModule;
use std::fs::File;
use std::io::Read;
use std::path::Path;

impl GoModule {
    /// A module from its bytes, compiled. [`Error::is_guest`] if it cannot be a guest, with
    /// the reason and what to do.
    pub fn new(engine: &Engine, wasm: impl Into<Vec<u8>>) -> Result<GoModule, Error> {
        GoModule::load(engine.go(), wasm.into(), None)
    }

    /// A module from a file, compiled. [`Error::is_guest`] if it cannot be read or cannot be
    /// a guest.
    pub fn from_file(engine: &Engine, path: impl AsRef<Path>) -> Result<GoModule, Error> {
        let path = path.as_ref();
        let wasm = read(path)
            .map_err(|error| Error::guest(Some(path), format!("it cannot be read: {error}")))?;
        GoModule::load(engine.go(), wasm, Some(path))
    }
}

/// A file, or as much of it as shows that it is too large.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut wasm = Vec::new();
    File::open(path)?.take(bounds::MODULE as u64 + 1).read_to_end(&mut wasm)?;
    Ok(wasm)
}
