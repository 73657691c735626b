//! Pages that the host writes and that guests can only read, each mapped at two places.
#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "the kernel is told where to put what")
)]

use std::io;
use std::sync::atomic::AtomicU8;

#[cfg(target_os = "linux")]
mod system {
    use super::*;
    use crate::platform::pages;
    use rustix::fs::{MemfdFlags, SealFlags};
    use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
    use std::ffi::c_void;
    use std::os::fd::OwnedFd;
    use std::ptr::NonNull;

    /// Pages of zeros at first.
    pub struct SharedPages {
        file: OwnedFd,
        at: NonNull<AtomicU8>,
        count: usize,
        page: usize,
    }

    // SAFETY: the bytes are reached as atomics only.
    unsafe impl Send for SharedPages {}
    // SAFETY: as above.
    unsafe impl Sync for SharedPages {}

    impl SharedPages {
        pub fn new(count: usize) -> io::Result<SharedPages> {
            let page = pages::size();
            let len = count.checked_mul(page).ok_or(io::ErrorKind::InvalidInput)?;
            let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
            let file = rustix::fs::memfd_create("luago-polling", flags)?;
            rustix::fs::ftruncate(&file, len as u64)?;
            let seals = SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL;
            rustix::fs::fcntl_add_seals(&file, seals)?;
            let protection = ProtFlags::READ | ProtFlags::WRITE;
            let flags = MapFlags::SHARED | MapFlags::NORESERVE;
            // SAFETY: the kernel chooses a place where nothing is.
            let at = unsafe { mmap(std::ptr::null_mut(), len, protection, flags, &file, 0) }?;
            let at = NonNull::new(at.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
            Ok(SharedPages { file, at, count, page })
        }

        /// How many there are.
        pub fn count(&self) -> usize {
            self.count
        }

        /// A byte of a page.
        ///
        /// # Panics
        ///
        /// Panics if there is no such page, or no such byte in it.
        #[inline]
        pub fn byte(&self, index: usize, offset: usize) -> &AtomicU8 {
            assert!(index < self.count && offset < self.page);
            // SAFETY: it is a byte of the mapping, which lives as long as this and which nobody
            // reaches otherwise than by atomics: guests read it one byte at a time.
            unsafe { self.at.add(index * self.page + offset).as_ref() }
        }

        /// Maps a page for reading in the place of what is there.
        ///
        /// # Safety
        ///
        /// Nothing refers to the page of memory there, and whoever owns it lets it be replaced.
        pub unsafe fn map(&self, index: usize, address: usize) -> io::Result<()> {
            assert!(index < self.count);
            let flags = MapFlags::SHARED | MapFlags::FIXED;
            let offset = (index * self.page) as u64;
            let address = address as *mut c_void;
            // SAFETY: as the caller says.
            unsafe { mmap(address, self.page, ProtFlags::READ, flags, &self.file, offset) }?;
            Ok(())
        }
    }

    impl Drop for SharedPages {
        fn drop(&mut self) {
            // SAFETY: it was mapped with this size, and what `byte` gave does not outlive this.
            let _ = unsafe { munmap(self.at.as_ptr().cast(), self.count * self.page) };
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::*;

    /// There are none.
    pub enum SharedPages {}

    impl SharedPages {
        pub fn new(_: usize) -> io::Result<SharedPages> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub fn count(&self) -> usize {
            match *self {}
        }

        pub fn byte(&self, _: usize, _: usize) -> &AtomicU8 {
            match *self {}
        }

        #[expect(unsafe_code, reason = "as where there are some")]
        pub unsafe fn map(&self, _: usize, _: usize) -> io::Result<()> {
            match *self {}
        }
    }
}

pub use system::SharedPages;
