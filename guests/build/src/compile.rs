//! From C to WebAssembly.

use crate::Release;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

const FLAGS: &[&str] = &[
    "--target=wasm32-wasi",
    "-O2",
    "-mexec-model=reactor",
    "-D_GNU_SOURCE",
    "-DLUA_USE_POSIX",
    "-D_WASI_EMULATED_SIGNAL",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-mexception-handling",
    "-mbulk-memory",
    "-mnontrapping-fptoint",
    "-msign-ext",
    "-mmultivalue",
    // The host enters the guest while a function of the guest is running.
    "-mno-red-zone",
    // Tests of a value's type stay compares: a sparse switch would be a jump through a table.
    "-mllvm",
    "-jump-table-density=40",
    "-Werror=implicit-function-declaration",
    "-Wno-unused-function",
    // Lua's sources are as they are.
    "-Wno-empty-body",
    "-Wno-return-type",
    // The most that calls within calls of C take is 370 KiB, in 5.1.
    "-Wl,-z,stack-size=524288",
    "-Wl,--no-entry",
    // For the code of functions that are compiled.
    "-Wl,--export-table",
    "-Wl,--growable-table",
    "-Wl,--strip-all",
    "-lwasi-emulated-signal",
];

/// What the makefile of a release defines, so that earlier programs run. That of 5.1 leaves it
/// to `luaconf.h`, and 5.5 has nothing to define.
fn compatibility(release: Release) -> Option<&'static str> {
    match release.series() {
        "5.2" => Some("-DLUA_COMPAT_ALL"),
        "5.3" => Some("-DLUA_COMPAT_5_2"),
        "5.4" => Some("-DLUA_COMPAT_5_3"),
        _ => None,
    }
}

/// Compiles the sources in `folder`, the shim among them, into one module.
pub fn compile(release: Release, folder: &Path) -> Result<Vec<u8>> {
    let zig = std::env::var("ZIG").unwrap_or_else(|_| "zig".to_string());
    let mut words = zig.split_whitespace();
    let program = words.next().context("the variable ZIG is empty")?;
    let mut command = Command::new(program);
    command.args(words).arg("cc").args(FLAGS);
    command.arg(format!("-DLUAGO_VERSION=50{}", release.minor()));
    command.arg("-DLUAGO_VERSION_MAJOR=\"5\"");
    command.arg(format!("-DLUAGO_VERSION_MINOR=\"{}\"", release.minor()));
    command.args(compatibility(release));
    // Relative names only: no path of this machine may reach the module.
    command.current_dir(folder);
    command.args(["-I.", "one.c", "-o", "guest.wasm"]);
    let output = command
        .output()
        .with_context(|| format!("cannot run `{zig}`; set ZIG to the pinned zig"))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(std::fs::read(folder.join("guest.wasm"))?)
}
