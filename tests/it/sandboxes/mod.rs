//! Sandboxes, from building one to its end, and what they are made from.

mod compile_cache;
mod interpreters;
mod life_cycle;
mod pools;
mod templates;
mod tracing;
