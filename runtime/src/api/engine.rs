//! What a process has once.

use crate::engine::bounds;
use crate::engine::compile_cache::{Cache, Key};
use crate::engine::core::EngineCore;
use crate::engine::functions::Compile;
use crate::engine::ticker::Ticker;
use crate::engine::tsc_clock::TscClock;
use crate::error::Error;
use crate::go::engine::GoEngine;
use crate::lua::engine::LuaEngine;
use crate::lua::interpreter::Interpreter;
use crate::lua::version::LuaVersion;
use crate::memory::Sharing;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Compiled guests, a pool of memory for sandboxes, and the tick of deadlines. A
/// process needs one; clones share it.
///
/// ```
/// let engine = luago::Engine::new()?;
/// # let _ = engine;
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    core: Arc<EngineCore>,
    lua: LuaEngine,
    go: Arc<GoEngine>,
}

/// How an [`Engine`] is built.
///
/// ```
/// use luago::{Engine, LuaVersion};
///
/// let engine = Engine::builder().max_sandboxes(10).build()?;
/// engine.prepare(LuaVersion::Lua54)?; // compiles now, and not at the first request
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct EngineBuilder {
    cache: Option<PathBuf>,
    cache_key: Option<Key>,
    max_sandboxes: u32,
    compile: Compile,
    sharing: Sharing,
    interpreters: [Option<Interpreter>; 5],
    is_metered: bool,
}

impl Default for EngineBuilder {
    fn default() -> EngineBuilder {
        EngineBuilder {
            cache: None,
            cache_key: None,
            max_sandboxes: 1000,
            compile: Compile::default(),
            sharing: Sharing::Mapped,
            interpreters: Default::default(),
            is_metered: false,
        }
    }
}

impl EngineBuilder {
    /// A folder for compiled guests, so that only the first process compiles
    /// them. It is made private to the user. None by default.
    ///
    /// What is in it is machine code that the process runs, so no guest may write it. Two
    /// things see to that. Each file is signed with a key: the one given with
    /// [`cache_key`](Self::cache_key), or else a random one that is kept as an extended
    /// attribute of the folder, which guests can neither read nor write even where they were
    /// granted the folder itself. What is not signed with it is compiled anew, as is everything
    /// where the file system has no such attributes and no key was given. And from the moment
    /// that a sandbox is built with a writable directory, granted to Lua or to Go, that contains
    /// the folder or lies in it, the engine does not use the cache any more;
    /// [`Engine::cache_problem`] says so.
    ///
    /// Only on Linux can a folder be seen to be private, as elsewhere a file's mode says nothing of
    /// access control lists. On macOS and Windows nothing is kept, and each process compiles.
    pub fn cache_dir(mut self, folder: impl Into<PathBuf>) -> EngineBuilder {
        self.cache = Some(folder.into());
        self
    }

    /// The key that files in the [cache](Self::cache_dir) are signed with, in place of one that
    /// is kept with the folder: for a file system without extended attributes, or for a folder
    /// that is filled on one machine and used on others. Keep it where no guest can read it, and
    /// take 32 bytes that nobody can guess. None by default.
    pub fn cache_key(mut self, key: [u8; 32]) -> EngineBuilder {
        self.cache_key = Some(key);
        self
    }

    /// How many sandboxes can be alive at once; 1000 by default. Each takes
    /// 4 GiB of address space, and memory only as it uses it. For more than some 7,900 raise
    /// `vm.max_map_count`: the documentation of operations says what runs short without that.
    pub fn max_sandboxes(mut self, count: u32) -> EngineBuilder {
        self.max_sandboxes = count;
        self
    }

    /// Which functions of Lua are compiled; none by default.
    pub fn compile(mut self, compile: Compile) -> EngineBuilder {
        self.compile = compile;
        self
    }

    /// How [segments](crate::Segment) get into the memory of guests; mapped by default,
    /// where the system can do that.
    pub fn sharing(mut self, sharing: Sharing) -> EngineBuilder {
        self.sharing = sharing;
        self
    }

    /// Another interpreter for a version: a WebAssembly module that was built as
    /// luago's own are, from patched sources for instance. It is trusted no more than
    /// a script is: it can do only what a sandbox was granted. Errors that it cannot be
    /// compiled, speaks another version of the ABI than this luago or lacks an export come with
    /// the first sandbox; that it is too large, with [`build`](Self::build).
    pub fn interpreter(mut self, version: LuaVersion, wasm: impl Into<Vec<u8>>) -> EngineBuilder {
        self.interpreters[version.index()] = Some(Interpreter::new(version, wasm.into()));
        self
    }

    /// Whether the sandboxes are mostly metered: whether they have a limit on
    /// [fuel](crate::Limits::fuel), or are
    /// [deterministic](crate::Capabilities::deterministic). Metered machine code is another
    /// one, so [`Engine::prepare`] and [`GoModule::new`](crate::GoModule::new) compile what
    /// this says; the other is compiled when a sandbox is first built that needs it, unless
    /// `prepare_metered` of either was called. False by default.
    pub fn metered(mut self, metered: bool) -> EngineBuilder {
        self.is_metered = metered;
        self
    }

    /// Builds the engine. A Lua guest is compiled when it is [prepared](Engine::prepare), or
    /// when a sandbox that needs it is first built: never while a script runs.
    pub fn build(self) -> Result<Engine, Error> {
        if self.max_sandboxes == 0 {
            return Err(Error::invalid(vec!["max_sandboxes is 0; an engine needs 1".to_string()]));
        }
        let too_large = |interpreter: &Interpreter| {
            let problem = bounds::exceeded(&interpreter.wasm)?;
            Some(format!("the interpreter for Lua {}: {problem}", interpreter.release))
        };
        let mistakes: Vec<_> = self.interpreters.iter().flatten().filter_map(too_large).collect();
        if !mistakes.is_empty() {
            return Err(Error::invalid(mistakes));
        }
        let ticker =
            Ticker::start().map_err(|source| Error::engine("start a thread", source.into()))?;
        let core = Arc::new(EngineCore {
            cache: self.cache.map(|folder| Cache::new(folder, self.cache_key)),
            max_sandboxes: self.max_sandboxes,
            compile: self.compile,
            sharing: self.sharing,
            ticker,
            clock: TscClock::new(),
            is_metered: self.is_metered,
        });
        let lua = LuaEngine::new(Arc::clone(&core), self.interpreters);
        let go = Arc::new(GoEngine::new(Arc::clone(&core)));
        Ok(Engine { inner: Arc::new(Inner { core, lua, go }) })
    }
}

impl Engine {
    /// An engine with every default.
    pub fn new() -> Result<Engine, Error> {
        EngineBuilder::default().build()
    }

    /// Starts building an engine.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Compiles a guest, or loads it from the cache, before the first sandbox is built that
    /// needs it. It is compiled for sandboxes that are not metered, or for metered ones if
    /// [`EngineBuilder::metered`] says so.
    pub fn prepare(&self, version: LuaVersion) -> Result<(), Error> {
        self.lua().guest(version, self.core().is_metered).map(drop)
    }

    /// The same for sandboxes that are metered: those with a limit on
    /// [fuel](crate::Limits::fuel), and [deterministic](crate::Capabilities::deterministic)
    /// ones.
    pub fn prepare_metered(&self, version: LuaVersion) -> Result<(), Error> {
        self.lua().guest(version, true).map(drop)
    }

    /// Says that guests may write a directory: if the [cache](EngineBuilder::cache_dir) is in it,
    /// or it is in the cache, the cache is not used from now on.
    /// [`SandboxBuilder::build`](crate::SandboxBuilder::build) does so for everything that it
    /// grants; who knows before that what will be granted can say it before modules are loaded.
    pub fn guard_cache(&self, writable: impl AsRef<Path>) {
        self.core().guard_cache(writable.as_ref());
    }

    /// Why the cache is not used any more: which directory was granted that contains it or lies
    /// in it.
    pub fn cache_problem(&self) -> Option<&str> {
        self.core().cache_problem()
    }

    #[inline]
    pub(crate) fn core(&self) -> &Arc<EngineCore> {
        &self.inner.core
    }

    pub(crate) fn lua(&self) -> &LuaEngine {
        &self.inner.lua
    }

    pub(crate) fn go(&self) -> &Arc<GoEngine> {
        &self.inner.go
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All but the key.
        f.debug_struct("EngineBuilder")
            .field("cache", &self.cache)
            .field("max_sandboxes", &self.max_sandboxes)
            .field("compile", &self.compile)
            .field("sharing", &self.sharing)
            .field("interpreters", &self.interpreters)
            .field("metered", &self.is_metered)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("cache", &self.core().cache.as_ref().map(Cache::folder))
            .field("max_sandboxes", &self.core().max_sandboxes)
            .finish_non_exhaustive()
    }
}
