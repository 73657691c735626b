//! The memory behind a segment: a file without a name, of a size that nobody can change.

#[cfg(target_os = "linux")]
use rustix::fs::{MemfdFlags, SealFlags};
use std::io;

/// A file in memory.
#[cfg(target_os = "linux")]
pub type MemoryFile = std::os::fd::OwnedFd;

/// A file in memory. This system has none whose size can be sealed.
#[cfg(not(target_os = "linux"))]
pub enum MemoryFile {}

/// What was found out about a file.
pub(crate) struct Found {
    pub len: u64,
    /// Whether nobody may write to it.
    pub is_sealed: bool,
}

/// Without these somebody could cut the file off under a mapping, and whoever touches what
/// is missing would be killed by a signal.
#[cfg(target_os = "linux")]
const SIZE: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW);

/// A file of so many zeros.
#[cfg(target_os = "linux")]
pub(crate) fn create(len: u64) -> io::Result<MemoryFile> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = rustix::fs::memfd_create("luago-segment", flags)?;
    rustix::fs::ftruncate(&file, len)?;
    rustix::fs::fcntl_add_seals(&file, SIZE | SealFlags::SEAL)?;
    Ok(file)
}

/// Seals the size of a file that somebody else has made.
#[cfg(target_os = "linux")]
pub(crate) fn adopt(file: &MemoryFile) -> io::Result<Found> {
    let seals = rustix::fs::fcntl_get_seals(file)?;
    if !seals.contains(SIZE) {
        rustix::fs::fcntl_add_seals(file, SIZE)?;
    }
    let len = u64::try_from(rustix::fs::fstat(file)?.st_size).unwrap_or(0);
    let is_sealed = seals.intersects(SealFlags::WRITE | SealFlags::FUTURE_WRITE);
    Ok(Found { len, is_sealed })
}

/// There are no such files.
#[cfg(not(target_os = "linux"))]
pub(crate) fn create(_: u64) -> io::Result<MemoryFile> {
    Err(io::ErrorKind::Unsupported.into())
}

/// As above.
#[cfg(not(target_os = "linux"))]
pub(crate) fn adopt(file: &MemoryFile) -> io::Result<Found> {
    match *file {}
}
