//! The Lua guest.

mod bridge_imports;
mod caller;
mod command_imports;
pub mod compile;
pub mod compiled;
pub mod engine;
pub mod exports;
mod fast_path;
mod files;
pub mod guest;
pub mod imports;
pub mod interpreter;
pub mod limiter;
pub mod loader;
mod stacks;
pub mod state;
pub mod tick;
pub mod version;
mod wait_imports;
pub mod wasi;
