//! What may be in a frame.

use crate::ledger::Ledger;
use crate::memory::Handles;
use crate::value::function::Owner;
use std::sync::Arc;

/// What may be in a frame to a guest.
#[derive(Debug, Clone)]
pub(crate) struct EncodeRules {
    /// Levels of tables.
    pub depth: u32,
    /// Slots in all.
    pub elements: u32,
    /// Bytes of strings.
    pub bytes: u64,
    /// False for Lua 5.1 and 5.2, whose integers are floats.
    pub integers_are_exact: bool,
    /// Whose functions the guest knows.
    pub owners: Owners,
    /// The segments that the guest knows.
    pub handles: Handles,
    /// Where what is in a frame is counted.
    pub ledger: Arc<Ledger>,
}

/// The owners of functions that a sandbox knows: itself, and those that it is a copy of.
#[derive(Debug, Clone)]
pub(crate) struct Owners {
    pub own: u64,
    pub templates: Arc<[u64]>,
}

impl Owners {
    pub fn accepts(&self, owner_id: u64) -> bool {
        self.own == owner_id || self.templates.contains(&owner_id)
    }
}

/// What may be in a frame from a guest.
#[derive(Debug, Clone)]
pub(crate) struct DecodeRules {
    /// Levels of tables.
    pub depth: u32,
    /// Slots in all.
    pub elements: u32,
    /// Bytes of strings, each counted as often as it is read.
    pub bytes: u64,
    /// Whose functions they are.
    pub owner: Arc<Owner>,
    /// The segments that the guest knows.
    pub handles: Handles,
    /// Where what becomes of a frame is counted.
    pub ledger: Arc<Ledger>,
}

/// What may be in a frame that passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TransferRules {
    /// Levels of tables.
    pub depth: u32,
    /// Slots in all.
    pub elements: u32,
    /// Bytes of strings.
    pub bytes: u64,
}
