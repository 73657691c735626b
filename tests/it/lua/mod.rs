//! Lua itself: what scripts do here is what they do natively.

mod binary_chunks;
mod compiled;
mod differential;
mod globals;
mod random_input;
mod strings;
