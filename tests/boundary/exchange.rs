//! What passes between Lua and host functions.
