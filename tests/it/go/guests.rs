//! The Go guests of these tests, compiled from source once.

use crate::embed::engine;
use crate::go_build::go_build_as;
use luago::{GoGrant, GoModule, SandboxBuilder};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Compiles the program in a folder of `tests/it/guests`.
pub fn build(folder: &str) -> PathBuf {
    build_as("c-shared", folder)
}

/// The same in another mode of building: `exe` makes a command.
pub fn build_as(mode: &str, folder: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (guests, sdk) = (root.join("tests/it/guests"), root.join("guests/go/luago"));
    go_build_as(mode, &guests.join(folder), &[&guests, &sdk])
}

/// The file of the guest that does what it is told to.
pub fn acts_file() -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| build("acts"))
}

/// That guest, as a module of the engine that all tests share.
pub fn acts() -> GoModule {
    static MODULE: OnceLock<GoModule> = OnceLock::new();
    MODULE.get_or_init(|| GoModule::from_file(engine(), acts_file()).unwrap()).clone()
}

/// Adds it under its own name.
pub fn with_acts(builder: SandboxBuilder, grant: GoGrant) -> SandboxBuilder {
    builder.go("acts", acts(), grant)
}
