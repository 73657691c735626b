//! Builds the oracle for a Lua on first use. Its sources are embedded in this program.

use crate::lua::Lua;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of the oracle's package.
const SOURCES: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("../../oracle/Cargo.toml")),
    ("Cargo.lock", include_str!("../../oracle/Cargo.lock")),
    ("src/main.rs", include_str!("../../oracle/src/main.rs")),
    ("src/allocator.rs", include_str!("../../oracle/src/allocator.rs")),
    ("src/interpreter.rs", include_str!("../../oracle/src/interpreter.rs")),
    ("src/pipes.rs", include_str!("../../oracle/src/pipes.rs")),
    ("src/protocol.rs", include_str!("../../oracle/src/protocol.rs")),
    ("src/serve.rs", include_str!("../../oracle/src/serve.rs")),
];

/// Variables that are set for the build of this program and must not affect another.
const REMOVED_VARIABLES: [&str; 6] = [
    "CARGO_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "LD_LIBRARY_PATH",
    "RUSTFLAGS",
    "RUSTC_WRAPPER",
    "RUST_BACKTRACE",
];

/// Builds the oracle for a Lua under a folder and returns the path of the program. The first
/// build takes long; two processes can build at once.
pub fn oracle(folder: &Path, lua: Lua) -> Result<PathBuf> {
    if cfg!(not(unix)) {
        bail!(
            "native Lua {lua} cannot be had on {}: a copy of its process runs each script, and \
             there is no fork; compare sandboxes with each other",
            std::env::consts::OS
        );
    }
    let package = folder.join("package");
    write_sources(&package)
        .with_context(|| format!("cannot write the oracle's sources to {}", package.display()))?;
    let feature = match lua {
        Lua::Jit | Lua::Luau => lua.name().to_string(),
        puc => format!("lua{}", puc.name().replace('.', "")),
    };
    // A separate folder, since cargo does not rebuild for other flags.
    let flags = makefile_flags(lua);
    let target = folder.join(format!("{}{}", lua.name(), flags.map_or("", |_| "-compat")));
    // What the oracles have in common is compiled once.
    let common = folder.join("build");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command
        .args(["build", "--release", "--quiet", "--locked", "--no-default-features"])
        .arg("--manifest-path")
        .arg(package.join("Cargo.toml"))
        .args(["--features", &feature])
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_BUILD_BUILD_DIR", &common);
    if let Some(flags) = flags {
        let mut all = std::env::var_os("CFLAGS").unwrap_or_default();
        all.push(" ");
        all.push(flags);
        command.env("CFLAGS", all);
    }
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let of_another_package = ["CARGO_PKG_", "CARGO_BIN_", "CARGO_MANIFEST_"]
            .iter()
            .any(|head| text.starts_with(head));
        if of_another_package || REMOVED_VARIABLES.contains(&text.as_ref()) {
            command.env_remove(&name);
        }
    }
    let output = command.output().with_context(|| {
        format!(
            "cannot start {} to build native Lua {lua}; is cargo installed?",
            Path::new(&cargo).display()
        )
    })?;
    if !output.status.success() {
        bail!(
            "cannot build native Lua {lua}, which needs Rust and a C compiler{}:\n{}",
            if lua == Lua::Luau { " with C++" } else { "" },
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(target.join("release/luago-oracle"))
}

/// The compatibility flags of the makefile of a release, which the crate that builds it here
/// leaves out.
fn makefile_flags(lua: Lua) -> Option<&'static str> {
    match lua.name() {
        "5.2" => Some("-DLUA_COMPAT_ALL"),
        "5.3" => Some("-DLUA_COMPAT_5_2"),
        _ => None,
    }
}

/// Writes the sources that have changed, so that cargo rebuilds only then.
fn write_sources(package: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(package.join("src"))?;
    for (name, text) in SOURCES {
        let path = package.join(name);
        if std::fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        let new = tempfile::NamedTempFile::new_in(package)?;
        std::fs::write(new.path(), text)?;
        new.persist(&path)?;
    }
    Ok(())
}
