//! The windows of a guest where no segment is.

use crate::ledger::Permit;
use crate::memory::mapping::Seal;

/// Windows that can only be read where no segment is.
pub(super) struct Sealed {
    /// Where the guest's memory begins.
    pub base: usize,
    pub seal: Seal,
    /// A process can have only so many mappings; one for each range.
    pub permits: Vec<Permit>,
}
