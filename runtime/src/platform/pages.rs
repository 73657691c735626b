//! Pages of memory: what is mapped where.
//!
//! Elsewhere than on Linux nothing is mapped over a guest's memory: there are no files in memory
//! whose size can be sealed, so segments are copied.
#![expect(unsafe_code, reason = "the kernel is told where to put what")]

use luago_segment::internal::MemoryFile;
use std::ffi::c_void;
use std::io;

/// What can be done with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    ReadWrite,
    ReadOnly,
}

#[cfg(target_os = "linux")]
mod system {
    use super::*;
    use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap, mmap_anonymous};

    impl Protection {
        fn flags(self) -> ProtFlags {
            match self {
                Protection::ReadWrite => ProtFlags::READ | ProtFlags::WRITE,
                Protection::ReadOnly => ProtFlags::READ,
            }
        }
    }

    pub use rustix::param::page_size as size;

    /// Maps the start of a file in the place of what is there. If that fails, what was there may
    /// be gone.
    ///
    /// # Safety
    ///
    /// Nothing refers to what is there, and whoever owns it lets it be replaced.
    pub unsafe fn map_file(
        address: usize,
        len: usize,
        file: &MemoryFile,
        protection: Protection,
    ) -> io::Result<()> {
        let flags = MapFlags::SHARED | MapFlags::FIXED | MapFlags::NORESERVE;
        // SAFETY: the caller owns the range, and nothing refers to it.
        unsafe { mmap(address as *mut c_void, len, protection.flags(), flags, file, 0) }?;
        Ok(())
    }

    /// Puts private zeros in the place of what is there. Safe to call in the handler of a signal.
    ///
    /// # Safety
    ///
    /// As for [`map_file`].
    pub unsafe fn map_zeros(address: usize, len: usize, protection: Protection) -> io::Result<()> {
        let flags = MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE;
        // SAFETY: the caller owns the range, and nothing refers to it.
        unsafe { mmap_anonymous(address as *mut c_void, len, protection.flags(), flags) }?;
        Ok(())
    }

    /// Gives pages back to the system: they become what they were when they were mapped.
    ///
    /// # Safety
    ///
    /// The range is mapped, and nothing refers to it.
    pub unsafe fn give_back(at: *mut c_void, len: usize) {
        // SAFETY: as the caller says. A failure changes nothing.
        let _ = unsafe { madvise(at, len, Advice::LinuxDontNeed) };
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::*;

    /// The bytes of a page; nothing is mapped.
    pub fn size() -> usize {
        1 << 16
    }

    /// There is no such file.
    pub unsafe fn map_file(_: usize, _: usize, file: &MemoryFile, _: Protection) -> io::Result<()> {
        match *file {}
    }

    /// Nothing is mapped.
    pub unsafe fn map_zeros(_: usize, _: usize, _: Protection) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The system is given nothing back before the memory is used anew.
    pub unsafe fn give_back(_: *mut c_void, _: usize) {}
}

pub use system::*;
