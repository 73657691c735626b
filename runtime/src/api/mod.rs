//! What an embedder works with: sandboxes, and what they are made from.

pub mod builder;
pub mod call;
pub mod capabilities;
pub mod config;
pub mod limits;
pub mod pool;
pub mod sandbox;
pub mod script;
pub mod template;
