//! Shadow runs.

use super::cell::Found;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A shadow run: requests answered by one target and mirrored to another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Shadow {
    /// The script.
    pub script: String,
    /// The target in use.
    pub old: String,
    /// The target that could replace it.
    pub new: String,
    /// The steps in order; the last may have ended early.
    pub steps: Vec<ShadowStep>,
    /// Whether every step stayed within the thresholds, so that the new target can take over.
    pub passed: bool,
    /// The thresholds that were exceeded, and by how much.
    pub breaches: Vec<String>,
    /// The inputs on which the targets differed, at most 100.
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
    /// The size of the file in bytes.
    pub original_bytes: u64,
    /// The input, reduced as far as the difference allows; bytes that are not UTF-8 are replaced.
    pub input: String,
    /// The difference.
    pub found: Found,
}

/// A part of a shadow run with one share of the requests mirrored.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ShadowStep {
    /// The share of requests that ran in both targets, from 0 to 1.
    pub fraction: f64,
    /// The number of requests that the old target answered.
    pub requests: u64,
    /// The number of those that the new target answered too.
    pub mirrored: u64,
    /// The number of those that it answered differently.
    pub different: u64,
    /// The cost in the old target.
    pub old: Cost,
    /// The cost in the new target.
    pub new: Cost,
}

/// The cost of requests.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// The median of the latency, in milliseconds.
    pub p50: f64,
    /// The 99th percentile of the latency, in milliseconds.
    pub p99: f64,
    /// The peak memory of one request, in bytes.
    pub peak_memory: u64,
    /// Latencies in milliseconds at 0, 1, 2, … 100 percent of the requests; empty without requests.
    pub percentiles: Vec<f64>,
}
