//! What a process may have.

/// How many mappings of memory the process may have, where the kernel says so.
pub fn mappings() -> Option<u64> {
    #[cfg(target_os = "linux")]
    return std::fs::read_to_string("/proc/sys/vm/max_map_count").ok()?.trim().parse().ok();
    #[cfg(not(target_os = "linux"))]
    None
}

/// The mappings that a sandbox has: of its memory the stack, the snapshot, the heap, the page that
/// it polls, and what is unused between and behind them.
pub const MAPPINGS: u64 = 6;

/// What to do about a sandbox or a call that there is no room for in the address space.
pub fn mappings_remedy() -> String {
    let most = mappings().map(|most| format!(", which is {most}")).unwrap_or_default();
    format!(
        "a process may have only so many mappings of memory, of which a sandbox takes {MAPPINGS} \
         and one that is called in a future 2 more; raise vm.max_map_count{most}, or have fewer at once"
    )
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
