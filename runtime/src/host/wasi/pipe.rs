//! The end of a pipe that the host opens for a guest.

use super::file_quota::FileShare;
use super::table::Stream;
use super::table::{Descriptor, Files, Mode};
use std::fs::File;
use std::sync::Arc;

impl Files {
    /// Gives the guest an end, which does not block, to read or to write; its number.
    pub(crate) fn open_pipe(&mut self, end: File, writes: bool, place: FileShare) -> u32 {
        let mode = Mode { reads: !writes, writes, appends: false, is_nonblocking: false };
        self.open(Descriptor::Stream(Stream { file: Arc::new(end), mode }), place)
    }
}
