//! Files mapped for the host itself.

use crate::memfd::MemoryFile;
use crate::region::Region;
use std::io;

#[cfg(target_os = "linux")]
pub(crate) use system::{map, page_size};

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the kernel is told what to map")]
mod system {
    use super::*;
    use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
    use std::ffi::c_void;
    use std::ptr::NonNull;
    use std::sync::Arc;

    pub(crate) use rustix::param::page_size;

    /// A file as the host sees it.
    struct HostMapping {
        at: NonNull<c_void>,
        len: usize,
    }

    // SAFETY: it is an address and a length, and does nothing with them but give them back.
    unsafe impl Send for HostMapping {}
    // SAFETY: as above.
    unsafe impl Sync for HostMapping {}

    impl Drop for HostMapping {
        fn drop(&mut self) {
            // SAFETY: it was mapped with this length, and whoever uses it holds this.
            let _ = unsafe { munmap(self.at.as_ptr(), self.len) };
        }
    }

    /// Maps a file for the host: `len` bytes of it, in whole pages of `mapped_len` bytes.
    pub(crate) fn map(
        file: &MemoryFile,
        len: usize,
        mapped_len: usize,
        is_read_only: bool,
    ) -> io::Result<Region> {
        let mut protection = ProtFlags::READ;
        if !is_read_only {
            protection |= ProtFlags::WRITE;
        }
        // SAFETY: the kernel chooses a place where nothing is.
        let at = unsafe {
            mmap(std::ptr::null_mut(), mapped_len, protection, MapFlags::SHARED, file, 0)
        }?;
        let at = NonNull::new(at).ok_or_else(|| io::Error::other("the kernel mapped nothing"))?;
        let owner = Arc::new(HostMapping { at, len: mapped_len });
        // SAFETY: the owner keeps `len` bytes mapped from this address on, which is that of a
        // page.
        Ok(unsafe { Region::from_raw(at.cast::<u8>(), len, owner) })
    }
}

/// There are no files that could be mapped.
#[cfg(not(target_os = "linux"))]
pub(crate) fn map(file: &MemoryFile, _: usize, _: usize, _: bool) -> io::Result<Region> {
    match *file {}
}

/// As much as guests give for segments: nothing is mapped.
#[cfg(not(target_os = "linux"))]
pub(crate) fn page_size() -> usize {
    luago_abi::segment::window::ALIGN as usize
}
