//! Parts of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of several parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// Which part, from 1.
    pub index: u64,
    /// How many parts there are.
    pub count: u64,
}

impl Shard {
    /// Is the item with this index, from 0, a part of it?
    pub fn has(&self, index: u64) -> bool {
        index % self.count == self.index - 1
    }
}
