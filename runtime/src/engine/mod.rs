//! What a process has once, whatever its guests are: the ticker, the clock, the compile cache.

pub mod block_on;
pub mod bounds;
pub mod bulk_memory;
pub mod compile_cache;
pub mod core;
pub mod depth;
pub mod functions;
pub mod once;
pub mod polling_page;
pub mod safepoints;
mod sections;
pub mod ticker;
pub mod tsc_clock;
