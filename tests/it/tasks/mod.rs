//! Tasks of Lua: how they take turns, where they can wait, and how they end.

mod scheduling;
mod timeouts;
mod yield_points;
