//! Calls between the host and Lua, and the values that pass.

mod futures;
mod host_functions;
mod lua_functions;
mod misuse;
mod regressions;
mod tables;
mod tampering;
mod values;
