//! Builds the Lua guests: `luago-guests-build OUTPUT_DIR`. With `--also DIR` the patches
//! in a folder are applied besides, and with `--lua 5.4` that version is built alone.
//!
//! The sources come from the crate `lua-src`, the patches and the shim from
//! `guests/lua`, the compiler from the variable `ZIG` (a command line, by
//! default `zig`). Each guest is compiled, run until its libraries are open,
//! and stored as a snapshot of that moment.

mod compile;
mod snapshot;
mod sources;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The Lua releases that are built, oldest first.
const RELEASES: [Release; 5] = [
    Release::new("5.1.5"),
    Release::new("5.2.4"),
    Release::new("5.3.6"),
    Release::new("5.4.9"),
    Release::new("5.5.1"),
];

/// One release of PUC Lua.
#[derive(Clone, Copy)]
struct Release {
    full: &'static str,
}

impl Release {
    const fn new(full: &'static str) -> Release {
        Release { full }
    }

    /// "5.4" of "5.4.9".
    fn series(&self) -> &'static str {
        &self.full[..3]
    }

    /// "4" of "5.4.9".
    fn minor(&self) -> &'static str {
        &self.full[2..3]
    }

    fn file_name(&self) -> String {
        format!("lua5{}.wasm", self.minor())
    }
}

#[derive(Parser)]
struct Args {
    /// Where the modules and their digests go
    output: PathBuf,
    /// A folder of further patches, each named after the file that it changes
    #[arg(long, value_name = "DIR")]
    also: Option<PathBuf>,
    /// Build only this version
    #[arg(long, value_name = "VERSION")]
    lua: Option<String>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    std::fs::create_dir_all(&args.output)?;
    let shim = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lua");
    let mut sums = String::new();
    let mut releases = RELEASES.to_vec();
    if let Some(lua) = &args.lua {
        releases.retain(|release| release.series() == lua);
        ensure!(!releases.is_empty(), "there is no guest for Lua {lua}");
    }
    for release in releases {
        let wasm = build(release, &shim, args.also.as_deref())
            .with_context(|| format!("cannot build the guest for Lua {}", release.full))?;
        let digest = Sha256::digest(&wasm);
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        writeln!(sums, "{hex}  {}", release.file_name())?;
        println!("{hex}  {}  {} bytes", release.file_name(), wasm.len());
        std::fs::write(args.output.join(release.file_name()), wasm)?;
    }
    std::fs::write(args.output.join("SHA256SUMS"), sums)?;
    Ok(())
}

fn build(release: Release, shim: &Path, also: Option<&Path>) -> Result<Vec<u8>> {
    let work = tempfile::tempdir()?;
    sources::prepare(release, shim, also, work.path())?;
    let wasm = compile::compile(release, work.path())?;
    snapshot::snapshot(&wasm)
}
