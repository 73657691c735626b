//! Interpreters of Lua that were changed.
