//! What a sandbox and its Go guests may reach and spend, as the embedder says it.

pub mod capabilities;
pub mod go_grant;
pub mod limits;
