//! Where tests find what Cargo has built, and where they leave things.

use std::path::PathBuf;

/// The folder `target`: a test is a program in `target/release/deps`, a benchmark too.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_path_buf()
}

/// A program of the workspace, which Cargo builds before the tests of its package.
pub fn built(program: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join(program);
    assert!(path.exists(), "{} is not built; `cargo test` does it", path.display());
    path
}

/// A folder that lasts as long as the folder `target`.
pub fn lasting_folder(name: &str) -> PathBuf {
    let folder = target().join("tmp").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The home of every `luago-run` of these tests, unless one has its own.
pub(crate) fn home() -> PathBuf {
    lasting_folder("home")
}

/// Where every test keeps what it has compiled, the command too: an interpreter takes a second.
pub fn compile_cache() -> PathBuf {
    let folder = home().join("cache/luago");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
