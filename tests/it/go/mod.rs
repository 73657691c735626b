//! Go guests, and what passes between them and Lua.

mod guests;
mod model;
mod program;
mod properties;
