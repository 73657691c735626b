//! What a process may have.

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
