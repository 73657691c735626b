//! Go guests for tests, compiled from source by the machine's Go.

use crate::folders::target;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Compiles the package in a folder, unless it has been: the path of the module. `with`
/// are folders of other modules that it uses.
///
/// The command is `go`, or what the variable `GO` says.
pub fn go_build(folder: &Path, with: &[&Path]) -> PathBuf {
    go_build_as("c-shared", folder, with)
}

/// The same in another mode of building: `exe` makes a command.
pub fn go_build_as(mode: &str, folder: &Path, with: &[&Path]) -> PathBuf {
    // Tests run side by side, and would all compile the same.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let go = go();
    let version = Command::new(&go).arg("version").output().unwrap_or_else(|error| {
        panic!(
            "cannot run '{go}': {error}; the tests compile Go guests: install Go 1.24 or later \
             from https://go.dev/dl/, or name its command in the variable GO"
        )
    });
    let mut digest = DefaultHasher::new();
    (&version.stdout, mode).hash(&mut digest);
    for folder in std::iter::once(&folder).chain(with) {
        add_sources(folder, &mut digest);
    }
    let name = format!("{:016x}", digest.finish());
    let guests = target().join("go-guests");
    let made = guests.join(format!("{name}.wasm"));
    if made.exists() {
        return made;
    }
    std::fs::create_dir_all(&guests).unwrap();
    let unfinished = guests.join(format!("{name}.{}", std::process::id()));
    let build = Command::new(&go)
        .current_dir(folder)
        .args(["build", "-trimpath", "-buildvcs=false", "-ldflags=-s"])
        .args(["-buildmode", mode, "-o"])
        .arg(&unfinished)
        .arg(".")
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&build.stderr);
    assert!(build.status.success(), "cannot build {}:\n{problem}", folder.display());
    std::fs::rename(&unfinished, &made).unwrap();
    made
}

/// Where Go keeps what it has compiled, its own packages among it.
pub fn go_cache() -> PathBuf {
    let output = Command::new(go()).args(["env", "GOCACHE"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim_end())
}

fn go() -> String {
    std::env::var("GO").unwrap_or_else(|_| "go".to_string())
}

fn add_sources(folder: &Path, digest: &mut DefaultHasher) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_sources(&path, digest);
            continue;
        }
        (&path, std::fs::read(&path).unwrap()).hash(digest);
    }
}
