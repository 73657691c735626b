//! What is granted works, and nothing else does.

mod commands;
mod grants;
mod modules;
mod paths;
mod threads;
