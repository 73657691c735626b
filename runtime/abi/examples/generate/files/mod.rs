//! The files that are written from the ABI.

mod c;
mod go;

use std::path::{Path, PathBuf};

/// A file that is checked in.
pub struct File {
    /// Where it is, from the folder of the project.
    pub name: &'static str,
    /// What is in it.
    pub text: String,
}

impl File {
    pub fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(self.name)
    }
}

/// All of them, as they should be.
pub fn all() -> [File; 2] {
    [
        File { name: "guests/lua/abi.h", text: c::header() },
        File { name: "guests/go/luago/abi.go", text: go::source() },
    ]
}

/// The exponent, if a number is a power of two that is large enough to be written as one.
fn exponent(number: i128) -> Option<u32> {
    let is_power = number >= 1 << 16 && number & (number - 1) == 0;
    is_power.then(|| number.trailing_zeros())
}

/// The lines of a comment.
fn lines(doc: &str) -> impl Iterator<Item = &str> {
    doc.lines().map(str::trim)
}
