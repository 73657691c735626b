//! Where a run took place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Machine {
    /// The operating system, such as `linux`.
    pub os: String,
    /// The architecture, such as `x86_64`.
    pub arch: String,
    /// The host triple, such as `x86_64-unknown-linux-gnu`; empty in reports of earlier versions.
    #[serde(default)]
    pub triple: String,
    /// The processor's name, where the system tells it.
    pub processor: String,
    /// How many threads run at once.
    pub cores: usize,
}

impl Machine {
    /// The machine that this runs on.
    pub fn here() -> Machine {
        let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("model name"))?;
            Some(line.trim_start_matches([' ', '\t', ':']).to_string())
        });
        Machine {
            os: std::env::consts::OS.to_string(),
            arch: std::env::consts::ARCH.to_string(),
            triple: env!("LUAGO_HARNESS_TARGET").to_string(),
            processor: processor.unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
