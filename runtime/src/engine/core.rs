//! What the engines of Lua and of Go guests have in common.

use super::compile_cache::{self, Cache, Program};
use super::functions::Compile;
use super::ticker::Ticker;
use super::tsc_clock::TscClock;
use crate::error::Error;
use crate::memory::Sharing;
use std::path::Path;
use std::sync::Arc;

/// What each kind of guest takes from the engine that it was loaded for.
pub(crate) struct EngineCore {
    pub cache: Option<Cache>,
    pub max_sandboxes: u32,
    pub compile: Compile,
    pub sharing: Sharing,
    pub ticker: Arc<Ticker>,
    pub clock: TscClock,
    /// Whether what it loads is compiled for sandboxes that are metered.
    pub is_metered: bool,
}

impl EngineCore {
    /// Compiles for one of this engine's own, or loads from its cache.
    pub fn compile(
        &self,
        engine: &wasmtime::Engine,
        program: &Program<'_>,
    ) -> Result<wasmtime::Module, Error> {
        compile_cache::load(engine, program, self.cache.as_ref())
    }

    /// Stops using the cache if it is in a directory that guests may write, or contains it.
    pub fn guard_cache(&self, writable: &Path) {
        if let Some(cache) = &self.cache {
            cache.guard(writable);
        }
    }

    /// Why the cache is not used any more.
    pub fn cache_problem(&self) -> Option<&str> {
        self.cache.as_ref().and_then(Cache::problem)
    }
}
