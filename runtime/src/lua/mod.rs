//! The Lua guest.

pub mod guest;
pub mod imports;
pub mod interpreter;
pub mod loader;
pub mod version;
pub mod wasi;
