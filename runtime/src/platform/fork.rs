//! Processes that fork.
#![expect(unsafe_code, reason = "runs inside of fork")]

/// What is called before a fork, and after it in both processes.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(unix), expect(dead_code, reason = "nobody forks"))]
pub struct Hooks {
    pub before: extern "C" fn(),
    pub in_parent: extern "C" fn(),
    /// Only what a handler of signals may do can be done there.
    pub in_child: extern "C" fn(),
}

/// Has these functions called from now on.
#[cfg(unix)]
pub fn notice(hooks: Hooks) {
    let Hooks { before, in_parent, in_child } = hooks;
    // SAFETY: the functions are there as long as the process.
    unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
}

/// Nobody forks.
#[cfg(not(unix))]
pub fn notice(_: Hooks) {}

/// Puts private zeros in the place of what is mapped, in the child, or ends it.
///
/// # Safety
///
/// The range is mapped, and nothing in the child refers to it.
#[cfg(unix)]
pub unsafe fn take_out(address: usize, len: usize) {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED | libc::MAP_NORESERVE;
    // SAFETY: as the caller says.
    let at = unsafe {
        libc::mmap(address as *mut _, len, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0)
    };
    if at == libc::MAP_FAILED {
        // SAFETY: ends the process without running anything of it.
        unsafe { libc::_exit(127) };
    }
}

/// There is no child.
#[cfg(not(unix))]
pub unsafe fn take_out(_: usize, _: usize) {}
