//! Shards of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of several parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// The number of this part, counted from 1.
    pub index: u64,
    /// The number of parts.
    pub count: u64,
}

impl Shard {
    /// Whether it contains the item with this index, counted from 0.
    pub fn contains(&self, index: u64) -> bool {
        index % self.count == self.index - 1
    }
}
