//! What this process takes.

use luago_test_support::processes::{descriptors, memory, threads};

/// Figures of one moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Resident memory in bytes.
    pub memory: u64,
    pub descriptors: usize,
    pub threads: usize,
}

impl Figures {
    pub fn now() -> Figures {
        Figures {
            memory: memory("self", "VmRSS:").unwrap(),
            descriptors: descriptors(),
            threads: threads(),
        }
    }

    /// The largest of each.
    pub fn max(self, other: Figures) -> Figures {
        Figures {
            memory: self.memory.max(other.memory),
            descriptors: self.descriptors.max(other.descriptors),
            threads: self.threads.max(other.threads),
        }
    }

    /// The smallest of each.
    pub fn min(self, other: Figures) -> Figures {
        Figures {
            memory: self.memory.min(other.memory),
            descriptors: self.descriptors.min(other.descriptors),
            threads: self.threads.min(other.threads),
        }
    }
}
