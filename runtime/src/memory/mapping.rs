//! Files mapped over parts of a guest's memory.
#![expect(unsafe_code, reason = "the kernel is told where to put what")]

use super::fork;
use crate::ledger::Permit;
use crate::platform::pages::{self, Protection};
use luago_segment::internal::MemoryFile;
use std::io;
use std::ops::Range;

/// Something over a part of a window in a guest's memory: a file, or private zeros that can be
/// written. When it is dropped, there are zeros that can only be read, as in every window that
/// is free.
pub(crate) struct Mapping {
    address: usize,
    len: usize,
    /// A process can have only so many.
    _permit: Permit,
}

impl Mapping {
    /// Maps the start of a file.
    ///
    /// # Safety
    ///
    /// From `address`, a multiple of the size of a page, `len` bytes are part of a [`Seal`],
    /// which lives longer. Nothing of the host refers to them. The file is at least as long.
    pub unsafe fn over(
        address: usize,
        len: usize,
        file: &MemoryFile,
        protection: Protection,
        permit: Permit,
    ) -> io::Result<Mapping> {
        check_pages(address, len)?;
        fork::prepare();
        // SAFETY: the caller owns the range, and nothing refers to it.
        if let Err(error) = unsafe { pages::map_file(address, len, file, protection) } {
            // A mapping that failed may have taken away what was there before.
            put_zeros(address, len, Protection::ReadOnly);
            return Err(error);
        }
        fork::add(address, len);
        Ok(Mapping { address, len, _permit: permit })
    }

    /// Puts private zeros there that can be written, for a guest that has a copy.
    ///
    /// # Safety
    ///
    /// As for [`over`](Self::over).
    pub unsafe fn private(address: usize, len: usize, permit: Permit) -> io::Result<Mapping> {
        check_pages(address, len)?;
        put_zeros(address, len, Protection::ReadWrite);
        Ok(Mapping { address, len, _permit: permit })
    }

    /// The address of its first byte in the host's address space.
    pub fn address(&self) -> usize {
        self.address
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        put_zeros(self.address, self.len, Protection::ReadOnly);
        fork::remove(self.address);
    }
}

/// The windows in a guest's memory. Where no segment is, they are zeros that can only be read,
/// and so take no memory: else a guest could have as much more than its limit as it has given
/// for segments. When this is dropped, they are as other memory is again.
#[derive(Default)]
pub(crate) struct Seal {
    ranges: Vec<Range<usize>>,
}

impl Seal {
    /// Seals one more range; what was in it is lost.
    ///
    /// # Safety
    ///
    /// The range is a part of the memory of a guest beyond what that was initialised with, in
    /// which it stays where it is until after this has been dropped. Nothing of the host
    /// refers to it, and nothing is mapped over it.
    pub unsafe fn add(&mut self, range: Range<usize>) -> io::Result<()> {
        check_pages(range.start, range.len())?;
        put_zeros(range.start, range.len(), Protection::ReadOnly);
        match self.ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.ranges.push(range),
        }
        Ok(())
    }

    /// All of them lie in this range.
    pub fn span(&self) -> Range<usize> {
        let start = self.ranges.iter().map(|range| range.start).min();
        let end = self.ranges.iter().map(|range| range.end).max();
        start.unwrap_or(0)..end.unwrap_or(0)
    }
}

impl Drop for Seal {
    fn drop(&mut self) {
        for range in &self.ranges {
            put_zeros(range.start, range.len(), Protection::ReadWrite);
        }
    }
}

fn check_pages(address: usize, len: usize) -> io::Result<()> {
    let page = pages::size();
    if !address.is_multiple_of(page) || !len.is_multiple_of(page) {
        return Err(io::Error::other("the place is not one of whole pages"));
    }
    Ok(())
}

/// Puts private zeros in the place of what is there, as they are where a guest's memory has
/// grown.
fn put_zeros(address: usize, len: usize, protection: Protection) {
    // SAFETY: whoever made the mapping or the seal has promised that the range is the guest's,
    // and is referred to by nothing else, until after this.
    if unsafe { pages::map_zeros(address, len, protection) }.is_err() {
        // The next guest in this place would have the segment in its memory, or could not
        // write there.
        std::process::abort();
    }
}

/// Puts private zeros that can be written where a guest can only read, for a write of the
/// host that cannot be refused any more. Safe to call in the handler of a signal.
///
/// # Safety
///
/// The range is that of a [`Mapping`], or in a [`Seal`], which is there.
pub(crate) unsafe fn make_private(address: usize, len: usize) -> bool {
    // SAFETY: the range is a part of a guest's memory, to which the host makes no reference,
    // and what is mapped there now can be read as what is mapped then.
    unsafe { pages::map_zeros(address, len, Protection::ReadWrite) }.is_ok()
}
