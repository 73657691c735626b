//! What this process takes.

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
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let figure = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
        };
        Figures {
            memory: figure("VmRSS:") << 10,
            // The one that lists them is not one of them.
            descriptors: std::fs::read_dir("/proc/self/fd").unwrap().count() - 1,
            threads: figure("Threads:") as usize,
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
