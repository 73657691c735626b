//! What Lua guests run on, the wasmtime engines and the interpreters linked for them, and their
//! start.

use super::guest::Guest;
use super::interpreter::{Interpreter, abi_problem};
use super::state::State;
use super::tick::at_tick;
use super::version::LuaVersion;
use super::{imports, wasi};
use crate::engine::compile_cache::Program;
use crate::engine::core::EngineCore;
use crate::engine::once::Once;
use crate::error::Error;
use crate::host::mailbox::Mailbox;
use crate::memory::install_watch;
use std::sync::{Arc, OnceLock};
use wasmtime::{
    Collector, Config, Enabled, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module,
    PoolingAllocationConfig, Store,
};

/// The interpreters of one engine, each compiled and linked when it is first needed.
pub(crate) struct LuaEngine {
    core: Arc<EngineCore>,
    /// Those that the embedder has brought.
    interpreters: [Option<Interpreter>; 5],
    /// By whether it is metered.
    variants: [Variant; 2],
}

/// One way of compiling: metering changes the machine code.
#[derive(Default)]
struct Variant {
    engine: Once<Engine>,
    guests: [Once<Arc<GuestPre>>; 5],
}

impl LuaEngine {
    pub fn new(core: Arc<EngineCore>, interpreters: [Option<Interpreter>; 5]) -> LuaEngine {
        LuaEngine { core, interpreters, variants: Default::default() }
    }

    /// Starts an interpreter.
    pub fn start(&self, version: LuaVersion, metered: bool, state: State) -> Result<Guest, Error> {
        self.guest(version, metered)?.instantiate(state).map_err(|error| {
            if error.is::<wasmtime::PoolConcurrencyLimitError>() {
                Error::busy(self.core.max_sandboxes)
            } else {
                Error::engine("start a sandbox", error)
            }
        })
    }

    /// The interpreter of a version, ready to be instantiated.
    pub fn guest(&self, version: LuaVersion, metered: bool) -> Result<Arc<GuestPre>, Error> {
        let variant = &self.variants[usize::from(metered)];
        let engine = variant.engine.get_or_make(|| {
            let engine = wasmtime_engine(metered, self.core.max_sandboxes)
                .map_err(|source| Error::engine("start WebAssembly", source))?;
            self.core.ticker.add(&engine);
            Ok::<_, Error>(engine)
        })?;
        let guest = variant.guests[version.index()].get_or_make(|| {
            let own = Interpreter::own(version);
            let interpreter = self.interpreters[version.index()].as_ref().unwrap_or(&own);
            let program = Program {
                title: &format!("the guest for Lua {}", interpreter.release),
                stem: &format!("lua-{}", interpreter.release),
                wasm: &interpreter.wasm,
                sha256: &interpreter.sha256,
            };
            let module = self.core.compile(engine, &program)?;
            let guest = GuestPre::link(engine, &module, metered)
                .map_err(|source| Error::engine("link the guest", source))?;
            Ok::<_, Error>(Arc::new(guest))
        })?;
        Ok(Arc::clone(guest))
    }
}

/// A guest that is ready to be instantiated.
pub(crate) struct GuestPre {
    metered: bool,
    pre: InstancePre<State>,
    /// Where all guests made from this have their mailbox.
    mailbox: OnceLock<u32>,
}

impl GuestPre {
    pub fn link(engine: &Engine, module: &Module, metered: bool) -> wasmtime::Result<GuestPre> {
        if let Some(problem) = abi_problem(module.exports().map(|export| export.name())) {
            return Err(wasmtime::Error::msg(problem));
        }
        let mut linker = Linker::new(engine);
        wasi::add_to_linker(&mut linker)?;
        linker.allow_shadowing(true);
        imports::add_to_linker(&mut linker)?;
        let pre = linker.instantiate_pre(module)?;
        Ok(GuestPre { metered, pre, mailbox: OnceLock::new() })
    }

    pub fn instantiate(&self, state: State) -> Result<Guest, wasmtime::Error> {
        let fuel = state.fuel_limit;
        let watch = state.segments.watch().clone();
        let mut store = Store::new(self.pre.module().engine(), state);
        install_watch(&mut store, watch, self.pre.module().image_range());
        store.limiter(|state| &mut state.limiter);
        if self.metered {
            store.set_fuel(fuel)?;
        }
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(at_tick);
        let instance = self.pre.instantiate(&mut store)?;
        let memory = instance
            .get_memory(&mut store, luago_abi::MEMORY)
            .ok_or_else(|| wasmtime::Error::msg("the guest exports no memory"))?;
        store.data_mut().memory = Some(memory);
        store.data_mut().instance = Some(instance);
        let mut guest = Guest::new(store, instance, memory, self.metered);
        let mailbox = match self.mailbox.get() {
            Some(&mailbox) => mailbox,
            None => {
                let mailbox = guest.find_mailbox()?;
                *self.mailbox.get_or_init(|| mailbox)
            }
        };
        guest.store.data_mut().calls.mailbox = Mailbox::at(mailbox);
        Ok(guest)
    }
}

pub(crate) fn wasmtime_engine(metered: bool, count: u32) -> wasmtime::Result<Engine> {
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
        if let Ok(engine) = Engine::new(&config) {
            return Ok(engine);
        }
    }
    // No address space for a pool: memory is mapped for each sandbox instead.
    config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    Engine::new(&config)
}

const COLLECTOR: Collector = Collector::Copying;

/// Bytes of host stack for one guest: enough for Lua's own limit of C calls.
const MAX_STACK: usize = 1 << 20;

/// Bytes of the stack of a call that is a future: Lua's, a Go guest's that it calls, and
/// as much for the host's own functions.
const ASYNC_STACK: usize = 3 << 20;
