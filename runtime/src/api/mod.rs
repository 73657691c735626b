//! What an embedder works with: sandboxes, and what they are made from.

mod assembly;
pub mod builder;
pub mod call;
pub mod config;
pub mod engine;
pub mod go_module;
mod instantiate;
mod memory_image;
pub mod pool;
pub mod sandbox;
pub mod script;
pub mod template;
