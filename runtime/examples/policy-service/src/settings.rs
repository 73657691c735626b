//! What can be set.

use std::path::PathBuf;
use std::time::Duration;

/// How the service works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The Lua file with the function `check`.
    pub policy: PathBuf,
    /// The SQLite file, which is made with some rows if it is not there.
    pub database: PathBuf,
    /// How many requests may run Lua at the same time.
    pub pool_size: usize,
    /// How long a request waits for its turn before it is answered with 503.
    pub wait: Duration,
    /// How long the policy may take for a request, with what it waits for.
    pub deadline: Duration,
    /// How many bytes of memory a sandbox may have.
    pub memory: u64,
    /// How often the policy's file is looked at.
    pub poll: Duration,
}

impl Settings {
    /// Defaults for everything but the files.
    pub fn new(policy: impl Into<PathBuf>, database: impl Into<PathBuf>) -> Settings {
        Settings {
            policy: policy.into(),
            database: database.into(),
            pool_size: 64,
            wait: Duration::from_millis(500),
            deadline: Duration::from_millis(100),
            memory: 16 << 20,
            poll: Duration::from_millis(250),
        }
    }
}
