//! A Go program that can be a guest.

use super::check;
use super::engine::GoEngine;
use super::signatures::Signatures;
use super::state::State;
use crate::engine::bounds;
use crate::engine::compile_cache::{self, Program};
use crate::engine::core::EngineCore;
use crate::engine::depth::Depth;
use crate::engine::once::Once;
use crate::error::Error;
use crate::grants::go_grant::GoGrant;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use wasmtime::InstancePre;

/// A Go program, compiled to WebAssembly, that Lua can call. Clones share it.
///
/// It is built with `GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared` and imports the
/// luago Go package. Whether it can be a guest is known at once, and it is compiled to machine
/// code, or loaded from the engine's cache, when it is loaded: for sandboxes that are not
/// metered, unless [`EngineBuilder::metered`](crate::EngineBuilder::metered) says otherwise.
/// Nothing is compiled while a script runs.
///
/// ```
/// use luago::{Engine, GoModule};
///
/// let error = GoModule::new(&Engine::new()?, "func main() {}").unwrap_err();
/// assert!(error.is_guest());
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct GoModule {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Arc<GoEngine>,
    wasm: Vec<u8>,
    sha256: String,
    /// By whether it is metered, and how deep it may go.
    linked: [[Once<InstancePre<State>>; Depth::COUNT]; 2],
}

impl GoModule {
    /// The most bytes that a module can have.
    pub const MAX_SIZE: u64 = bounds::MODULE as u64;

    /// A module for an engine, compiled. `path` is where it is from, for messages.
    pub(crate) fn load(
        engine: &Arc<GoEngine>,
        wasm: Vec<u8>,
        path: Option<&Path>,
    ) -> Result<GoModule, Error> {
        let problem = |problem: String| Error::guest(path, problem);
        let signatures = Signatures::read(&wasm).map_err(problem)?;
        if let Some(found) = check::problem(&wasm, &signatures) {
            return Err(problem(found));
        }
        let sha256 = sha256(&wasm);
        let engine = Arc::clone(engine);
        let linked = Default::default();
        let module = GoModule { inner: Arc::new(Inner { engine, wasm, sha256, linked }) };
        module.prepare(module.inner.engine.core().is_metered, GoGrant::new().depth())?;
        Ok(module)
    }

    /// Compiles it for sandboxes that are metered, or loads that from the engine's cache,
    /// before the first of them is built.
    pub fn prepare_metered(&self) -> Result<(), Error> {
        self.prepare(true, GoGrant::new().depth()).map(drop)
    }

    /// The SHA-256 of its bytes, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.inner.sha256
    }

    /// Its bytes.
    pub fn wasm(&self) -> &[u8] {
        &self.inner.wasm
    }

    /// Whether it was loaded for that engine.
    pub(crate) fn is_of(&self, engine: &Arc<EngineCore>) -> bool {
        Arc::ptr_eq(self.inner.engine.core(), engine)
    }

    /// Compiles, or gives what was compiled before. Whoever needs the same waits meanwhile.
    pub(crate) fn prepare(&self, metered: bool, depth: Depth) -> Result<InstancePre<State>, Error> {
        let inner = &*self.inner;
        let usual = GoGrant::new().depth();
        let linked = inner.linked[usize::from(metered)][depth.index()].get_or_make(|| {
            let platform = inner.engine.platform(metered, depth)?;
            let link = |module| {
                let linked = platform.link(&module);
                linked.map_err(|source| Error::engine("link the Go guest", source))
            };
            if depth != usual {
                // The machine code is the same; that of another engine cannot be run.
                let compiled = self.prepare(metered, usual)?;
                let copied = compile_cache::copy(compiled.module(), &platform.engine);
                return link(copied.map_err(|source| Error::engine("copy the Go guest", source))?);
            }
            let program = Program {
                title: "the Go guest",
                stem: "go",
                wasm: &inner.wasm,
                sha256: &inner.sha256,
                polls: None,
            };
            link(inner.engine.core().compile(&platform.engine, &program)?)
        })?;
        Ok(linked.clone())
    }
}

impl fmt::Debug for GoModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoModule").field("sha256", &self.inner.sha256).finish_non_exhaustive()
    }
}

/// The SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
