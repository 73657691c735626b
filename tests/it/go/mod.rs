//! Go guests, and what passes between them and Lua.

mod abi_violations;
mod bridge;
mod calls;
mod cli;
mod examples;
mod faults;
pub mod guests;
mod isolation;
mod methods;
mod model;
mod program;
mod properties;
mod stacks;
mod streams;
