//! Files mapped over parts of a guest's memory, and for the host.
#![expect(unsafe_code, reason = "the kernel is told where to put what")]

use super::fork;
use super::region::Region;
use crate::pot::Taken;
use rustix::mm::{MapFlags, ProtFlags, mmap, mmap_anonymous, munmap};
use std::ffi::c_void;
use std::io;
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;
use std::sync::Arc;

/// What to write the file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    ReadWrite,
    ReadOnly,
}

impl Protection {
    fn flags(self) -> ProtFlags {
        match self {
            Protection::ReadWrite => ProtFlags::READ | ProtFlags::WRITE,
            Protection::ReadOnly => ProtFlags::READ,
        }
    }
}

/// The bytes of a page. Safe to call in the handler of a signal.
pub(super) fn page_size() -> usize {
    // SAFETY: it asks for a number.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    // There is one, and it is not negative.
    usize::try_from(size).unwrap_or(4096)
}

/// A file over a part of a guest's memory. When it is dropped, private zeros are there.
pub(super) struct Mapping {
    address: usize,
    len: usize,
    /// A process can have only so many.
    _taken: Taken,
}

impl Mapping {
    /// Maps the start of a file.
    ///
    /// # Safety
    ///
    /// From `address`, a multiple of the size of a page, `len` bytes are part of the memory
    /// of a guest. They can be read and written, are beyond what that memory was initialised
    /// with, nothing of the host refers to them, and they stay where they are until after
    /// the mapping has been dropped. The file is at least as long.
    pub unsafe fn over(
        address: *mut u8,
        len: usize,
        file: BorrowedFd<'_>,
        protection: Protection,
        taken: Taken,
    ) -> io::Result<Mapping> {
        let flags = MapFlags::SHARED | MapFlags::FIXED | MapFlags::NORESERVE;
        fork::prepare();
        // SAFETY: the caller owns the range, and nothing refers to it.
        let mapped =
            unsafe { mmap(address.cast::<c_void>(), len, protection.flags(), flags, file, 0) };
        if let Err(error) = mapped {
            // A mapping that failed may have taken away what was there before.
            restore(address as usize, len);
            return Err(error.into());
        }
        fork::add(address as usize, len);
        Ok(Mapping { address: address as usize, len, _taken: taken })
    }

    /// Maps the start of a file over bytes of a guest's memory that are the guest's alone.
    ///
    /// # Safety
    ///
    /// The bytes are in the memory of a guest, beyond what that was initialised with. Until
    /// after the mapping has been dropped they stay where they are, and no reference to them
    /// is made.
    pub unsafe fn over_bytes(
        bytes: &mut [u8],
        file: BorrowedFd<'_>,
        protection: Protection,
        taken: Taken,
    ) -> io::Result<Mapping> {
        let (address, len) = (bytes.as_mut_ptr(), bytes.len());
        let page = page_size();
        if !(address as usize).is_multiple_of(page) || !len.is_multiple_of(page) {
            return Err(io::Error::other("the place is not one of whole pages"));
        }
        // SAFETY: a mutable slice is referred to by nobody else, and its bytes can be read
        // and written. The rest is what the caller promises.
        unsafe { Mapping::over(address, len, file, protection, taken) }
    }

    /// The address of its first byte in the host's address space.
    pub fn address(&self) -> usize {
        self.address
    }

    /// Its bytes.
    pub fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        restore(self.address, self.len);
        fork::remove(self.address);
    }
}

/// Puts private zeros where a file was, as they are where a guest's memory has grown.
fn restore(address: usize, len: usize) {
    let flags = MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE;
    // SAFETY: whoever made the mapping has promised that the range is the guest's, and is
    // referred to by nothing else, until after this.
    let mapped = unsafe {
        mmap_anonymous(address as *mut c_void, len, Protection::ReadWrite.flags(), flags)
    };
    if mapped.is_err() {
        // The next guest in this place would have the segment in its memory.
        std::process::abort();
    }
}

/// Puts private zeros that can be written where a file is, for a write of the host that
/// cannot be refused any more. Safe to call in the handler of a signal.
///
/// # Safety
///
/// The range is that of a [`Mapping`] which is there.
pub(super) unsafe fn make_private(address: usize, len: usize) -> bool {
    let flags = MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE;
    // SAFETY: the range is a part of a guest's memory, to which the host makes no reference,
    // and what is mapped there now can be read as what is mapped then.
    unsafe {
        let flags_of_pages = Protection::ReadWrite.flags();
        mmap_anonymous(address as *mut c_void, len, flags_of_pages, flags).is_ok()
    }
}

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

/// Maps a file for the host. `mapped_len` is the length of whole pages.
pub(super) fn for_host(
    file: BorrowedFd<'_>,
    len: usize,
    mapped_len: usize,
    protection: Protection,
) -> io::Result<Region> {
    // SAFETY: the kernel chooses a place where nothing is.
    let at = unsafe {
        mmap(std::ptr::null_mut(), mapped_len, protection.flags(), MapFlags::SHARED, file, 0)
    }?;
    let at = NonNull::new(at).ok_or_else(|| io::Error::other("the kernel mapped nothing"))?;
    let owner = Arc::new(HostMapping { at, len: mapped_len });
    // SAFETY: the owner keeps `len` bytes mapped from this address on, which is that of a page.
    Ok(unsafe { Region::from_raw(at.cast::<u8>(), len, owner) })
}
