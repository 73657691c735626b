//! Everything that depends on the operating system, one concept to a file.
//!
//! Linux is what luago is made for, and there all of it is available. Elsewhere nothing is
//! weakened silently: what a system cannot guarantee is refused or switched off.
//!
//! | | Linux | macOS | Windows |
//! |---|---|---|---|
//! | segments | the same pages are mapped | copied | copied |
//! | compile cache | on | off: a mode says nothing of access control lists | off, likewise |
//! | polling pages, and functions of Lua that are compiled | on | off | off |
//! | commands | granted | granted | refused: what they start could not be ended with them |
//! | FIFOs and devices in granted directories | without blocking | without blocking | refused |
//! | names of files | any bytes | as the file system takes them | Unicode, without what Windows has a meaning for |
//! | a directory granted read-only inside of one that is writable | kept apart | refused | refused |
//! | links to absolute places of the host | followed if granted | lead outside | lead outside |
//! | symbolic links made by guests | yes | yes | refused |
//! | locks on parts of files | yes | refused | refused |
//! | appending to a file | one step | one step | to its end, then writing |
//! | the host's own processes and descriptors as files | refused | refused | there are none |
//!
//! It is the lowest layer: it knows nothing of guests, and of WASI only its error numbers.

pub mod attributes;
pub mod directory;
pub mod errno;
pub mod faults;
pub mod file;
pub mod fork;
pub mod limits;
pub mod listing;
pub mod lock;
pub mod names;
pub mod open;
pub mod own_process;
pub mod pages;
pub mod poll;
pub mod priority;
pub mod private;
pub mod process;
pub mod sealed;
pub mod shared_pages;
pub mod unwinding;

/// An error for what this system cannot do.
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "Linux can do all of it"))]
pub fn unsupported(what: &str) -> std::io::Error {
    let os = std::env::consts::OS;
    std::io::Error::new(std::io::ErrorKind::Unsupported, format!("{what} on {os}"))
}
