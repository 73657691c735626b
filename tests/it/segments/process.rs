//! What a process has open and mapped, looked at where nothing else runs.

pub use luago_test_support::processes::{descriptors as open_files, this_test_alone as alone};
use std::path::Path;

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
