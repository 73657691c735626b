//! What depends on the operating system.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::*;
#[cfg(windows)]
pub use windows::*;

use std::ffi::OsString;
use std::fs::File;
use std::io;

impl Folder {
    /// A file beside the one that it is to replace.
    pub fn temporary(&self) -> io::Result<(File, OsString)> {
        /// Names that are taken, by a process of that number that was killed.
        const MOST_TAKEN: u32 = 100;
        let mut result = Err(io::ErrorKind::AlreadyExists.into());
        for number in 0..MOST_TAKEN {
            let name = OsString::from(format!(".luago-{}-{number}", std::process::id()));
            result = self.create(&name).map(|file| (file, name));
            match &result {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                _ => break,
            }
        }
        result
    }
}
