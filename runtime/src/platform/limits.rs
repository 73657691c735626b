//! What a process may have.

/// How many mappings of memory the process may have, where the kernel says so.
pub fn mappings() -> Option<u64> {
    #[cfg(target_os = "linux")]
    return std::fs::read_to_string("/proc/sys/vm/max_map_count").ok()?.trim().parse().ok();
    #[cfg(not(target_os = "linux"))]
    None
}

/// How many files the process may open. The host may change that at any time.
#[cfg(unix)]
pub fn open_files() -> u64 {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current.unwrap_or(u64::MAX)
}

/// How many handles a process can have on Windows.
#[cfg(not(unix))]
pub fn open_files() -> u64 {
    1 << 24
}
