//! What rehearsing one target in the place of another gave.

use super::cell::Found;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rehearsal of one target in the place of another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Shadow {
    /// The script.
    pub script: String,
    /// The target in use.
    pub old: String,
    /// The target that could take its place.
    pub new: String,
    /// The steps that were taken, in order; the last may have been broken off.
    pub steps: Vec<ShadowStep>,
    /// Did every step stay within its bounds, so that the new target can take over?
    pub passed: bool,
    /// Which bound was broken, and how; empty if none was.
    pub breaches: Vec<String>,
    /// The inputs on which the targets differed, at most 100 of them.
    pub different_inputs: Vec<String>,
    /// The smallest input that shows a difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<ShadowInput>,
}

/// An input on which two targets differ.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ShadowInput {
    /// The file that it comes from.
    pub file: String,
    /// The bytes in the file.
    pub original_bytes: u64,
    /// The input, reduced as far as the difference allows; bytes that are not UTF-8 are replaced.
    pub input: String,
    /// What was different.
    pub found: Found,
}

/// A part of the rehearsal with one share of the requests mirrored.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ShadowStep {
    /// The share of requests that ran in both targets, from 0 to 1.
    pub fraction: f64,
    /// The requests that the old target answered.
    pub requests: u64,
    /// Those that the new target answered too.
    pub mirrored: u64,
    /// Those of them in which it did something different.
    pub different: u64,
    /// What the old target took.
    pub old: Cost,
    /// What the new target took.
    pub new: Cost,
}

/// What requests took.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// The median of the latency, in milliseconds.
    pub p50: f64,
    /// The latency that 99 of 100 requests stayed under, in milliseconds.
    pub p99: f64,
    /// The most memory that one of them had, in bytes.
    pub peak_memory: u64,
    /// Latencies in milliseconds at 0, 1, 2, … 100 percent of the requests; empty without requests.
    pub percentiles: Vec<f64>,
}
