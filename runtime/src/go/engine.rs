//! What the Go guests of one engine run on.

use super::platform::Platform;
use crate::engine::core::EngineCore;
use crate::engine::depth::Depth;
use crate::engine::once::Once;
use crate::error::Error;
use std::sync::Arc;

/// The platforms of one engine, each made when it is first needed.
pub(crate) struct GoEngine {
    core: Arc<EngineCore>,
    /// By whether they are metered, and how deep guests may go.
    platforms: [[Once<Arc<Platform>>; Depth::COUNT]; 2],
}

impl GoEngine {
    pub fn new(core: Arc<EngineCore>) -> GoEngine {
        GoEngine { core, platforms: Default::default() }
    }

    pub fn core(&self) -> &Arc<EngineCore> {
        &self.core
    }

    /// What guests run on that may go so deep.
    pub fn platform(&self, metered: bool, depth: Depth) -> Result<Arc<Platform>, Error> {
        let place = &self.platforms[usize::from(metered)][depth.index()];
        let platform = place.get_or_make(|| {
            let platform = Platform::new(metered, depth)
                .map_err(|source| Error::engine("start WebAssembly for Go guests", source))?;
            self.core.ticker.add(&platform.engine);
            Ok(Arc::new(platform))
        })?;
        Ok(Arc::clone(platform))
    }
}
