//! What a client asks, and what a policy says.

use serde::{Deserialize, Serialize};

/// What a client asks, as JSON; the policy gets it as a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Who wants to do it.
    pub user: String,
    /// What is to be done, such as `read`.
    pub action: String,
    /// What it is to be done to.
    pub resource: String,
    /// How many bytes are concerned.
    #[serde(default)]
    pub size: u32,
}

/// What the policy says, as a table; the client gets it as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether it may be done.
    pub allow: bool,
    /// Why, or why not.
    pub reason: Option<String>,
}
