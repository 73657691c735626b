//! Go guests, and what passes between them and Lua.

mod bridge;
mod calls;
mod cli;
mod faults;
pub mod guests;
mod liar;
mod methods;
mod model;
mod places;
mod program;
mod properties;
mod stacks;
mod streams;
