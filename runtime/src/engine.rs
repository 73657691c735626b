//! What a process has once.

use crate::artefact::{self, Cache, Program};
use crate::error::Error;
use crate::go::platform::Platform;
use crate::lua::guest::GuestPre;
use crate::lua::interpreter::Interpreter;
use crate::lua::version::LuaVersion;
use crate::segment::Sharing;
use crate::ticker::Ticker;
use crate::ticks::Ticks;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
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
    plain: Flavour,
    metered: Flavour,
    /// What Go guests run on, by whether they are metered.
    go: [Mutex<Option<Arc<Platform>>>; 2],
}

/// One way of compiling: metering changes the machine code.
struct Flavour {
    metered: bool,
    state: Mutex<FlavourState>,
}

#[derive(Default)]
struct FlavourState {
    engine: Option<wasmtime::Engine>,
    guests: [Option<Arc<GuestPre>>; 5],
}

/// How an [`Engine`] is built.
#[derive(Debug, Clone)]
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
    max_sandboxes: u32,
    sharing: Sharing,
    interpreters: [Option<Interpreter>; 5],
}

impl Default for EngineBuilder {
    fn default() -> EngineBuilder {
        EngineBuilder {
            cache: None,
            max_sandboxes: 1000,
            sharing: Sharing::Mapped,
            interpreters: Default::default(),
        }
    }
}

impl EngineBuilder {
    /// A folder for compiled guests, so that only the first process compiles
    /// them. It is made private to the user. None by default.
    pub fn cache_dir(mut self, folder: impl Into<PathBuf>) -> EngineBuilder {
        self.cache = Some(folder.into());
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
    /// compiled or lacks an export come with the first sandbox.
    pub fn interpreter(mut self, version: LuaVersion, wasm: impl Into<Vec<u8>>) -> EngineBuilder {
        self.interpreters[version.index()] = Some(Interpreter::new(version, wasm.into()));
        self
    }

    /// Builds the engine. A guest is compiled when a sandbox first needs it.
    pub fn build(self) -> Result<Engine, Error> {
        if self.max_sandboxes == 0 {
            return Err(Error::invalid(vec!["max_sandboxes is 0; an engine needs 1".to_string()]));
        }
        let ticker =
            Ticker::start().map_err(|source| Error::engine("start a thread", source.into()))?;
        Ok(Engine {
            inner: Arc::new(Inner {
                cache: self.cache.map(Cache::new),
                max_sandboxes: self.max_sandboxes,
                sharing: self.sharing,
                interpreters: self.interpreters,
                ticker,
                ticks: Ticks::new(),
                plain: Flavour { metered: false, state: Mutex::default() },
                metered: Flavour { metered: true, state: Mutex::default() },
                go: Default::default(),
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

    /// Compiles a guest, or loads it from the cache, before it is needed.
    pub fn prepare(&self, version: LuaVersion) -> Result<(), Error> {
        self.guest(version, false).map(drop)
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

    pub(crate) fn guest(&self, version: LuaVersion, metered: bool) -> Result<Arc<GuestPre>, Error> {
        let inner = &*self.inner;
        let flavour = if metered { &inner.metered } else { &inner.plain };
        let mut state = flavour.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(guest) = &state.guests[version.index()] {
            return Ok(Arc::clone(guest));
        }
        let engine = match &state.engine {
            Some(engine) => engine.clone(),
            None => {
                let engine = wasmtime_engine(flavour.metered, inner.max_sandboxes)
                    .map_err(|source| Error::engine("start WebAssembly", source))?;
                inner.ticker.add(&engine);
                state.engine = Some(engine.clone());
                engine
            }
        };
        let own = Interpreter::own(version);
        let interpreter = inner.interpreters[version.index()].as_ref().unwrap_or(&own);
        let program = Program {
            title: &format!("the guest for Lua {}", interpreter.release),
            stem: &format!("lua-{}", interpreter.release),
            wasm: &interpreter.wasm,
            sha256: &interpreter.sha256,
        };
        let module = self.compile(&engine, &program)?;
        let guest = GuestPre::link(&engine, &module, metered)
            .map_err(|source| Error::engine("link the guest", source))?;
        let guest = Arc::new(guest);
        state.guests[version.index()] = Some(Arc::clone(&guest));
        Ok(guest)
    }

    /// What Go guests run on.
    pub(crate) fn go_platform(&self, metered: bool) -> Result<Arc<Platform>, Error> {
        let place = &self.inner.go[usize::from(metered)];
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(platform) = &*place {
            return Ok(Arc::clone(platform));
        }
        let platform = Platform::new(metered)
            .map_err(|source| Error::engine("start WebAssembly for Go guests", source))?;
        self.inner.ticker.add(&platform.engine);
        Ok(Arc::clone(place.insert(Arc::new(platform))))
    }

    /// Compiles for one of this engine's own, or loads from its cache.
    pub(crate) fn compile(
        &self,
        engine: &wasmtime::Engine,
        program: &Program<'_>,
    ) -> Result<wasmtime::Module, Error> {
        artefact::load(engine, program, self.inner.cache.as_ref())
    }

    /// Are both the same engine?
    pub(crate) fn is(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("cache", &self.inner.cache)
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
    config.native_unwind_info(false);
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
