//! Compiled guests on disk.

use luago_test_support::command::{Cli, luago};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

fn cached(home: &TempDir) -> Cli {
    luago()
        .env("HOME", home.path())
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .exec("print(_VERSION)")
}

fn modules(home: &Path) -> Vec<(PathBuf, SystemTime, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(home.join("cache/luago")) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            let bytes = fs::read(&path).unwrap();
            (path, modified, bytes)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_first_run_writes_a_module_and_the_second_reads_it() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(cached(&home).run().out(), "Lua 5.4\n");
    let first = modules(home.path());
    assert_eq!(first.len(), 1, "{:?}", first.iter().map(|f| &f.0).collect::<Vec<_>>());
    assert!(first[0].2.len() > 100_000);
    assert_eq!(cached(&home).run().out(), "Lua 5.4\n");
    assert!(modules(home.path()) == first, "the module has changed");
}

#[test]
fn a_cached_module_belongs_to_its_user_only() {
    let home = tempfile::tempdir().unwrap();
    cached(&home).run().out();
    let file = &modules(home.path())[0].0;
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let folder = fs::metadata(file.parent().unwrap()).unwrap();
    assert_eq!(folder.permissions().mode() & 0o077, 0);
}

#[test]
fn each_version_and_metered_runs_have_modules_of_their_own() {
    let home = tempfile::tempdir().unwrap();
    cached(&home).run().out();
    cached(&home).args(["--lua", "5.1"]).run().out();
    cached(&home).args(["--fuel", "1000000000"]).run().out();
    assert_eq!(modules(home.path()).len(), 3);
}

#[test]
fn a_damaged_module_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    cached(&home).run().out();
    let (path, _, good) = modules(home.path()).remove(0);
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    for damaged in [flipped, good[..1000].to_vec(), Vec::new(), vec![0; good.len()]] {
        fs::write(&path, damaged).unwrap();
        assert_eq!(cached(&home).run().out(), "Lua 5.4\n");
        assert!(fs::read(&path).unwrap() == good, "the module was not replaced");
    }
}

#[test]
fn a_cached_module_that_others_can_write_is_not_run() {
    let home = tempfile::tempdir().unwrap();
    cached(&home).run().out();
    let path = modules(home.path()).remove(0).0;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(cached(&home).run().out(), "Lua 5.4\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn no_cache_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(cached(&home).arg("--no-cache").run().out(), "Lua 5.4\n");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_cache_that_cannot_be_written_costs_time_only() {
    let home = tempfile::tempdir().unwrap();
    // A file where the folder should be stops even the superuser.
    fs::write(home.path().join("cache"), "").unwrap();
    assert_eq!(cached(&home).run().out(), "Lua 5.4\n");
}

#[test]
fn a_user_without_a_home_can_run_scripts() {
    let ran = luago().env("HOME", "").env("XDG_CACHE_HOME", "").exec("print(1)").run();
    assert_eq!(ran.out(), "1\n");
}

#[test]
fn two_first_runs_at_once_both_work() {
    let home = tempfile::tempdir().unwrap();
    let mut runs: Vec<_> = (0..4).map(|_| cached(&home).start()).collect();
    for run in &mut runs {
        assert_eq!(run.wait().out(), "Lua 5.4\n");
    }
    assert_eq!(modules(home.path()).len(), 1);
}
