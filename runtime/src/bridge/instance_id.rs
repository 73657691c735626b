//! Which instance of which Go guest.

/// Which instance of which guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct InstanceId {
    pub guest: usize,
    pub instance: usize,
}
