//! What a process has open and mapped, looked at where nothing else runs.

use std::path::Path;
use std::process::Command;

/// Runs the rest of the test in a process of its own, where no other test opens or maps
/// anything meanwhile.
pub fn alone(test: impl FnOnce()) {
    const ALONE: &str = "LUAGO_TEST_ALONE";
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("main");
    if std::env::var_os(ALONE).is_some() || name == "main" {
        return test();
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{failed}");
    assert!(said.contains("1 passed"), "{said}{failed}");
}

/// Files that are open.
pub fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Open files that are segments.
pub fn segments() -> usize {
    let files = std::fs::read_dir("/proc/self/fd").unwrap();
    files.filter(|file| is_segment(&file.as_ref().unwrap().path())).count()
}

fn is_segment(file: &Path) -> bool {
    std::fs::read_link(file).is_ok_and(|name| name.to_string_lossy().contains("luago-segment"))
}

/// How many ranges of addresses are mapped, and how many bytes they are.
pub fn mapped() -> (usize, u64) {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let size = |line: &str| {
        let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        u64::from_str_radix(to, 16).unwrap() - u64::from_str_radix(from, 16).unwrap()
    };
    (maps.lines().count(), maps.lines().map(size).sum())
}

/// How many ranges of addresses are segments.
pub fn mapped_segments() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("luago-segment")).count()
}
