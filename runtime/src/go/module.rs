//! A Go program that can be a guest.

use super::check;
use super::shape::Shape;
use super::state::State;
use crate::artefact::Program;
use crate::engine::Engine;
use crate::error::Error;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::InstancePre;

/// A Go program, compiled to WebAssembly, that Lua can call. Clones share it.
///
/// It is built with `GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared` and imports the
/// luago Go package. Whether it can be a guest is known at once; it is compiled to machine
/// code, or loaded from the engine's cache, when a sandbox first needs it.
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
    engine: Engine,
    wasm: Vec<u8>,
    sha256: String,
    /// By whether it is metered.
    linked: [Mutex<Option<InstancePre<State>>>; 2],
}

impl GoModule {
    /// A module from its bytes. [`Error::is_guest`] if it cannot be a guest, with the
    /// reason and what to do.
    pub fn new(engine: &Engine, wasm: impl Into<Vec<u8>>) -> Result<GoModule, Error> {
        GoModule::of(engine, wasm.into()).map_err(|problem| Error::guest(None, problem))
    }

    /// A module from a file. [`Error::is_guest`] if it cannot be read or cannot be a guest.
    pub fn from_file(engine: &Engine, path: impl AsRef<Path>) -> Result<GoModule, Error> {
        let path = path.as_ref();
        std::fs::read(path)
            .map_err(|error| format!("it cannot be read: {error}"))
            .and_then(|wasm| GoModule::of(engine, wasm))
            .map_err(|problem| Error::guest(Some(path), problem))
    }

    fn of(engine: &Engine, wasm: Vec<u8>) -> Result<GoModule, String> {
        let shape = Shape::read(&wasm)?;
        if let Some(problem) = check::problem(&wasm, &shape) {
            return Err(problem);
        }
        let sha256 = sha256(&wasm);
        let engine = engine.clone();
        let linked = Default::default();
        Ok(GoModule { inner: Arc::new(Inner { engine, wasm, sha256, linked }) })
    }

    /// The SHA-256 of its bytes, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.inner.sha256
    }

    /// Its bytes.
    pub fn wasm(&self) -> &[u8] {
        &self.inner.wasm
    }

    pub(crate) fn is_of(&self, engine: &Engine) -> bool {
        self.inner.engine.is(engine)
    }

    /// Compiles, or gives what was compiled before.
    pub(crate) fn prepare(&self, metered: bool) -> Result<InstancePre<State>, Error> {
        let inner = &*self.inner;
        let place = &inner.linked[usize::from(metered)];
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(linked) = &*place {
            return Ok(linked.clone());
        }
        let platform = inner.engine.go_platform(metered)?;
        let program =
            Program { title: "the Go guest", stem: "go", wasm: &inner.wasm, sha256: &inner.sha256 };
        let module = inner.engine.compile(&platform.engine, &program)?;
        let linked =
            platform.link(&module).map_err(|source| Error::engine("link the Go guest", source))?;
        Ok(place.insert(linked).clone())
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
