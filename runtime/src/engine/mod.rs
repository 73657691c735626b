//! What a process has once.

pub mod block_on;
pub mod bounds;
pub mod bulk_memory;
pub mod compile_cache;
pub mod once;
pub mod ticker;
pub mod tsc_clock;

use crate::engine::once::Once;
use crate::engine::ticker::Ticker;
use crate::engine::tsc_clock::Ticks;
use crate::error::Error;
use crate::go::platform::Platform;
use crate::go::stack::Depth;
use crate::lua::guest::GuestPre;
use crate::lua::interpreter::Interpreter;
use crate::lua::version::LuaVersion;
use crate::memory::Sharing;
use compile_cache::{Cache, Key, Program};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wasmtime::{Collector, Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

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
    cache: Option<Cache>,
    max_sandboxes: u32,
    sharing: Sharing,
    interpreters: [Option<Interpreter>; 5],
    ticker: Arc<Ticker>,
    ticks: Ticks,
    /// By whether it is metered.
    flavours: [Flavour; 2],
    /// What Go guests run on, by whether they are metered and how deep they may go.
    go: [[Once<Arc<Platform>>; Depth::COUNT]; 2],
    /// Which flavour is compiled at load.
    is_metered: bool,
}

/// One way of compiling: metering changes the machine code.
#[derive(Default)]
struct Flavour {
    engine: Once<wasmtime::Engine>,
    guests: [Once<Arc<GuestPre>>; 5],
}

/// How an [`Engine`] is built.
#[derive(Clone)]
///
/// ```
/// use luago::{Engine, LuaVersion};
///
/// let engine = Engine::builder().max_sandboxes(10).build()?;
/// engine.prepare(LuaVersion::Lua54)?; // compiles now, and not at the first request
/// # Ok::<(), luago::Error>(())
/// ```
pub struct EngineBuilder {
    cache: Option<PathBuf>,
    cache_key: Option<Key>,
    max_sandboxes: u32,
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
    /// 4 GiB of address space, and memory only as it uses it.
    pub fn max_sandboxes(mut self, count: u32) -> EngineBuilder {
        self.max_sandboxes = count;
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
    /// compiled or lacks an export come with the first sandbox; that it is too large, with
    /// [`build`](Self::build).
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
        Ok(Engine {
            inner: Arc::new(Inner {
                cache: self.cache.map(|folder| Cache::new(folder, self.cache_key)),
                max_sandboxes: self.max_sandboxes,
                sharing: self.sharing,
                interpreters: self.interpreters,
                ticker,
                ticks: Ticks::new(),
                flavours: Default::default(),
                go: Default::default(),
                is_metered: self.is_metered,
            }),
        })
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
        self.guest(version, self.is_metered()).map(drop)
    }

    /// The same for sandboxes that are metered: those with a limit on
    /// [fuel](crate::Limits::fuel), and [deterministic](crate::Capabilities::deterministic)
    /// ones.
    pub fn prepare_metered(&self, version: LuaVersion) -> Result<(), Error> {
        self.guest(version, true).map(drop)
    }

    /// Says that guests may write a directory: if the [cache](EngineBuilder::cache_dir) is in it,
    /// or it is in the cache, the cache is not used from now on.
    /// [`SandboxBuilder::build`](crate::SandboxBuilder::build) does so for everything that it
    /// grants; who knows before that what will be granted can say it before modules are loaded.
    pub fn guard_cache(&self, writable: impl AsRef<Path>) {
        if let Some(cache) = &self.inner.cache {
            cache.guard(writable.as_ref());
        }
    }

    /// Why the cache is not used any more: which directory was granted that contains it or lies
    /// in it.
    pub fn cache_problem(&self) -> Option<&str> {
        self.inner.cache.as_ref().and_then(Cache::problem)
    }

    pub(crate) fn ticker(&self) -> &Arc<Ticker> {
        &self.inner.ticker
    }

    #[inline]
    pub(crate) fn ticks(&self) -> &Ticks {
        &self.inner.ticks
    }

    pub(crate) fn sharing(&self) -> Sharing {
        self.inner.sharing
    }

    pub(crate) fn max_sandboxes(&self) -> u32 {
        self.inner.max_sandboxes
    }

    /// Is what it loads compiled for sandboxes that are metered?
    pub(crate) fn is_metered(&self) -> bool {
        self.inner.is_metered
    }

    pub(crate) fn guest(&self, version: LuaVersion, metered: bool) -> Result<Arc<GuestPre>, Error> {
        let inner = &*self.inner;
        let flavour = &inner.flavours[usize::from(metered)];
        let engine = flavour.engine.get_or_make(|| {
            let engine = wasmtime_engine(metered, inner.max_sandboxes)
                .map_err(|source| Error::engine("start WebAssembly", source))?;
            inner.ticker.add(&engine);
            Ok::<_, Error>(engine)
        })?;
        let guest = flavour.guests[version.index()].get_or_make(|| {
            let own = Interpreter::own(version);
            let interpreter = inner.interpreters[version.index()].as_ref().unwrap_or(&own);
            let program = Program {
                title: &format!("the guest for Lua {}", interpreter.release),
                stem: &format!("lua-{}", interpreter.release),
                wasm: &interpreter.wasm,
                sha256: &interpreter.sha256,
            };
            let module = self.compile(engine, &program)?;
            let guest = GuestPre::link(engine, &module, metered)
                .map_err(|source| Error::engine("link the guest", source))?;
            Ok::<_, Error>(Arc::new(guest))
        })?;
        Ok(Arc::clone(guest))
    }

    /// What Go guests run on.
    pub(crate) fn go_platform(&self, metered: bool, depth: Depth) -> Result<Arc<Platform>, Error> {
        let place = &self.inner.go[usize::from(metered)][depth.index()];
        let platform = place.get_or_make(|| {
            let platform = Platform::new(metered, depth)
                .map_err(|source| Error::engine("start WebAssembly for Go guests", source))?;
            self.inner.ticker.add(&platform.engine);
            Ok::<_, Error>(Arc::new(platform))
        })?;
        Ok(Arc::clone(platform))
    }

    /// Compiles for one of this engine's own, or loads from its cache.
    pub(crate) fn compile(
        &self,
        engine: &wasmtime::Engine,
        program: &Program<'_>,
    ) -> Result<wasmtime::Module, Error> {
        compile_cache::load(engine, program, self.inner.cache.as_ref())
    }

    /// Are both the same engine?
    pub(crate) fn is(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All but the key.
        f.debug_struct("EngineBuilder")
            .field("cache", &self.cache)
            .field("max_sandboxes", &self.max_sandboxes)
            .field("sharing", &self.sharing)
            .field("interpreters", &self.interpreters)
            .field("metered", &self.is_metered)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("cache", &self.inner.cache.as_ref().map(Cache::folder))
            .field("max_sandboxes", &self.inner.max_sandboxes)
            .finish_non_exhaustive()
    }
}

pub(crate) fn wasmtime_engine(metered: bool, count: u32) -> wasmtime::Result<wasmtime::Engine> {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.consume_fuel(metered);
    // A Lua error is an exception; a backtrace of each would be dear.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    config.native_unwind_info(crate::platform::unwinding::NEEDS_TABLES);
    config.concurrency_support(false);
    config.collector(COLLECTOR);
    config.max_wasm_stack(MAX_STACK);
    // Segments are mapped at addresses.
    config.memory_may_move(false);
    config.async_stack_size(ASYNC_STACK);
    if metered {
        config.cranelift_nan_canonicalization(true);
    }

    // Where the kernel can tell which pages a guest wrote, keeping a slot's pages and
    // cleaning just those is fastest; where it cannot, giving all of them back is.
    for (scan, resident) in [(Enabled::Yes, 1 << 20), (Enabled::No, 0)] {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_core_instances(count);
        // Exceptions live in a heap that takes the place of a second memory.
        pool.total_memories(count.saturating_mul(2));
        pool.total_tables(count);
        // One for a run in a future, and one for what interrupts it: each has a guard page
        // that has to be set up, a thousand of them by default.
        pool.total_stacks(count.saturating_mul(2));
        pool.total_gc_heaps(count);
        pool.max_memory_size(4 << 30);
        pool.linear_memory_keep_resident(resident);
        pool.table_keep_resident(64 << 10);
        pool.pagemap_scan(scan);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        if let Ok(engine) = wasmtime::Engine::new(&config) {
            return Ok(engine);
        }
    }
    // No address space for a pool: memory is mapped for each sandbox instead.
    config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    wasmtime::Engine::new(&config)
}

const COLLECTOR: Collector = Collector::Copying;

/// Bytes of host stack for one guest: enough for Lua's own limit of C calls.
const MAX_STACK: usize = 1 << 20;

/// Bytes of the stack of a call that is a future: Lua's, a Go guest's that it calls, and
/// as much for the host's own functions.
const ASYNC_STACK: usize = 3 << 20;
