//! An allocator for Lua that counts and has a limit.

use std::ffi::c_void;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of one Lua state, where another process can see them.
#[repr(C)]
#[derive(Default)]
pub struct Memory {
    /// What it may have.
    pub limit: AtomicU64,
    /// What it has.
    pub used: AtomicU64,
    /// The most that it has had.
    pub peak: AtomicU64,
    /// How often it was refused more.
    pub refused: AtomicU64,
}

/// A `lua_Alloc` whose data is a [`Memory`].
///
/// # Safety
///
/// `data` points to a `Memory`, and the rest is as Lua's manual defines it.
pub unsafe extern "C" fn allocate(
    data: *mut c_void,
    block: *mut c_void,
    old_size: usize,
    new_size: usize,
) -> *mut c_void {
    // SAFETY: as promised by the caller.
    let memory = unsafe { &*data.cast::<Memory>() };
    // For a new block, Lua says in `old_size` what it is for.
    let old = if block.is_null() { 0 } else { old_size as u64 };
    let used = memory.used.load(Ordering::Relaxed).saturating_sub(old);
    if new_size == 0 {
        memory.used.store(used, Ordering::Relaxed);
        // SAFETY: the block came from `realloc`, or is null.
        unsafe { libc::free(block) };
        return std::ptr::null_mut();
    }
    let wanted = used + new_size as u64;
    // Shrinking must not fail.
    if new_size as u64 > old && wanted > memory.limit.load(Ordering::Relaxed) {
        memory.refused.fetch_add(1, Ordering::Relaxed);
        return std::ptr::null_mut();
    }
    // SAFETY: the block came from `realloc`, or is null.
    let block = unsafe { libc::realloc(block, new_size) };
    if !block.is_null() {
        memory.used.store(wanted, Ordering::Relaxed);
        memory.peak.fetch_max(wanted, Ordering::Relaxed);
    }
    block
}
