//! The native Lua to compare with.

use crate::cli::{Cli, program};
use crate::versions::Lua;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

static BUILT: Mutex<Option<HashMap<Lua, PathBuf>>> = Mutex::new(None);

/// A command line of the native interpreter, which is built when first needed.
pub fn oracle(lua: Lua) -> Cli {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let path = built.get_or_insert_default().entry(lua).or_insert_with(|| build(lua));
    program(path)
}

fn build(lua: Lua) -> PathBuf {
    let folder = Path::new(ROOT).join("target/oracle").join(lua);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(ROOT)
        .args(["build", "--release", "--quiet", "--locked", "--no-default-features"])
        .args(["--manifest-path", "harness/oracle/Cargo.toml"])
        .arg("--features")
        .arg(format!("lua{}", lua.replace('.', "")))
        .arg("--target-dir")
        .arg(&folder);
    // What cargo tells its tests is not meant for another build.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let leaks = name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_BIN_")
            || name.starts_with("CARGO_MANIFEST_")
            || [
                "CARGO_TARGET_DIR",
                "CARGO_TARGET_TMPDIR",
                "LD_LIBRARY_PATH",
                "RUSTFLAGS",
                "RUST_BACKTRACE",
            ]
            .contains(&name.as_str());
        if leaks {
            command.env_remove(name);
        }
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "cannot build the oracle for Lua {lua}:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    folder.join("release/luago-oracle")
}

/// The version of a package in a lock file.
fn locked(lock: &str, package: &str) -> String {
    let text = std::fs::read_to_string(Path::new(ROOT).join(lock)).unwrap();
    let head = format!("name = \"{package}\"\nversion = \"");
    let at = text.find(&head).unwrap_or_else(|| panic!("{lock} does not name {package}"));
    let rest = &text[at + head.len()..];
    assert!(!rest.contains(&head), "{lock} names {package} twice");
    rest.split('"').next().unwrap().to_string()
}

#[test]
fn guests_and_the_oracle_are_built_from_the_same_sources() {
    assert_eq!(locked("Cargo.lock", "lua-src"), locked("harness/oracle/Cargo.lock", "lua-src"));
}
