//! Files in memory that nobody can write any more.

use std::fs::File;
use std::io;

/// A copy of so many bytes of a file; fewer are an error.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn copy(source: &mut File, len: u64) -> io::Result<File> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::io::{Read, Write};

    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = File::from(memfd_create("luago-cwasm", flags)?);
    // Between two files, the kernel copies.
    if io::copy(&mut source.take(len), &mut file)? != len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.flush()?;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    fcntl_add_seals(&file, seals)?;
    Ok(file)
}

/// There are no such files.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn copy(_: &mut File, _: u64) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}
