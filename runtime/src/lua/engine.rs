//! What Lua guests run on, the wasmtime engines and the interpreters linked for them, and their
//! start.

use super::compiled::MOST_FUNCTIONS;
use super::exports;
use super::guest::Guest;
use super::interpreter::{Interpreter, POLLS, abi_problem};
use super::stacks::stacks;
use super::state::State;
use super::tick::{self, at_epoch};
use super::version::LuaVersion;
use super::{compile, imports, wasi};
use crate::engine::compile_cache::Program;
use crate::engine::core::EngineCore;
use crate::engine::functions::{Compile, Functions};
use crate::engine::once::Once;
use crate::engine::polling_page::{PollingPage, PollingPages};
use crate::error::Error;
use crate::host::mailbox::Mailbox;
use crate::memory::install_watch;
use crate::platform::limits;
use std::sync::{Arc, OnceLock};
use wasmtime::{
    Collector, Config, Enabled, Engine, InstanceAllocationStrategy, InstancePre, Linker, Memory,
    Module, PoolingAllocationConfig, Store,
};

/// The interpreters of one engine, each compiled and linked when it is first needed.
pub(crate) struct LuaEngine {
    core: Arc<EngineCore>,
    /// Those that the embedder has brought.
    interpreters: [Option<Interpreter>; 5],
    variants: [Variant; 3],
}

/// How guests are stopped and counted, which is in their machine code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    /// They poll a page of their own.
    Polled,
    /// They look at the epoch: where there is no such page, and what cannot poll.
    Epochs,
    /// The same, and they use fuel.
    Metered,
}

#[derive(Default)]
struct Variant {
    engine: Once<FlavorEngine>,
    guests: [Once<Arc<GuestPre>>; 5],
}

/// A wasmtime engine, and the pages that its guests poll.
struct FlavorEngine {
    engine: Engine,
    pages: Option<Arc<PollingPages>>,
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
            } else if is_out_of_memory(&error) {
                let why = format!("{error:#}: {}", limits::mappings_remedy());
                Error::engine("start a sandbox", wasmtime::Error::msg(why))
            } else {
                Error::engine("start a sandbox", error)
            }
        })
    }

    /// The interpreter of a version, ready to be instantiated.
    pub fn guest(&self, version: LuaVersion, metered: bool) -> Result<Arc<GuestPre>, Error> {
        let own = Interpreter::own(version);
        let interpreter = self.interpreters[version.index()].as_ref().unwrap_or(&own);
        let mut flavor = if metered { Flavor::Metered } else { Flavor::Epochs };
        if !metered && interpreter.can_poll && self.engine(Flavor::Polled)?.pages.is_some() {
            flavor = Flavor::Polled;
        }
        let FlavorEngine { engine, pages } = self.engine(flavor)?;
        let guest = self.variants[flavor as usize].guests[version.index()].get_or_make(|| {
            let program = Program {
                polls: (flavor == Flavor::Polled).then_some(POLLS),
                title: &format!("the guest for Lua {}", interpreter.release),
                stem: &format!("lua-{}", interpreter.release),
                wasm: &interpreter.wasm,
                sha256: &interpreter.sha256,
            };
            let module = self.core.compile(engine, &program)?;
            let guest = GuestPre::link(engine, &module, metered, pages.clone(), self.core.compile)
                .map_err(|source| Error::engine("link the guest", source))?;
            Ok::<_, Error>(Arc::new(guest))
        })?;
        Ok(Arc::clone(guest))
    }

    fn engine(&self, flavor: Flavor) -> Result<&FlavorEngine, Error> {
        self.variants[flavor as usize].engine.get_or_make(|| {
            let (engine, is_pooled) = wasmtime_engine(flavor, self.core.max_sandboxes)
                .map_err(|source| Error::engine("start WebAssembly", source))?;
            let mut pages = None;
            if flavor != Flavor::Polled {
                self.core.ticker.add(&engine);
            } else if is_pooled {
                // Without pages, guests look at the epoch: slower, and nothing lost.
                pages = PollingPages::new(places(self.core.max_sandboxes) as usize).ok();
                if let Some(pages) = &pages {
                    self.core.ticker.add_pages(pages);
                }
            }
            Ok(FlavorEngine { engine, pages })
        })
    }
}

/// Whether the system had no memory to map.
fn is_out_of_memory(error: &wasmtime::Error) -> bool {
    /// `ENOMEM`, on Linux and others. Wasmtime has it as an error of whoever made the call.
    const NO_MEMORY: i32 = 12;
    let text = std::io::Error::from_raw_os_error(NO_MEMORY).to_string();
    limits::mappings().is_some() && error.chain().any(|cause| cause.to_string() == text)
}

/// A guest that is ready to be instantiated.
pub(crate) struct GuestPre {
    metered: bool,
    pages: Option<Arc<PollingPages>>,
    /// Its functions that are compiled, if any are.
    functions: Option<Arc<Functions>>,
    pre: InstancePre<State>,
    /// Where all guests made from this have their mailbox.
    mailbox: OnceLock<u32>,
}

impl GuestPre {
    pub fn link(
        engine: &Engine,
        module: &Module,
        metered: bool,
        pages: Option<Arc<PollingPages>>,
        policy: Compile,
    ) -> wasmtime::Result<GuestPre> {
        if let Some(problem) = abi_problem(module.exports().map(|export| export.name())) {
            return Err(wasmtime::Error::msg(problem));
        }
        let mut linker = Linker::new(engine);
        wasi::add_to_linker(&mut linker)?;
        linker.allow_shadowing(true);
        imports::add_to_linker(&mut linker)?;
        tick::add_to_linker(&mut linker)?;
        compile::add_to_linker(&mut linker)?;
        let pre = linker.instantiate_pre(module)?;
        // What does not poll would not be asked at ticks, nor stopped.
        let can_compile = pages.is_some() && module.get_export(exports::COMPILE.name).is_some();
        let functions =
            (can_compile && policy != Compile::Off).then(|| Functions::new(engine.clone(), policy));
        Ok(GuestPre { metered, pages, functions, pre, mailbox: OnceLock::new() })
    }

    pub fn instantiate(&self, state: State) -> Result<Guest, wasmtime::Error> {
        let fuel = state.fuel_limit;
        let watch = state.segments.watch().clone();
        let code = self.pre.module().image_range();
        let mut store = Store::new(self.pre.module().engine(), state);
        store.limiter(|state| &mut state.limiter);
        if self.metered {
            store.set_fuel(fuel)?;
        }
        if self.pages.is_none() {
            store.set_epoch_deadline(1);
            store.epoch_deadline_callback(at_epoch);
        }
        let instance = self.pre.instantiate(&mut store)?;
        let memory = instance
            .get_memory(&mut store, luago_abi::MEMORY)
            .ok_or_else(|| wasmtime::Error::msg("the guest exports no memory"))?;
        store.data_mut().memory = Some(memory);
        store.data_mut().instance = Some(instance);
        let page = self.page(memory, &mut store)?;
        if let Some(page) = &page {
            let page = Arc::clone(page);
            install_watch(&mut store, watch, code, move || page.trap());
        } else {
            let engine = store.engine().clone();
            install_watch(&mut store, watch, code, move || engine.increment_epoch());
        }
        store.data_mut().polling = page;
        let mut guest = Guest::new(store, instance, memory, self.metered);
        let mailbox = match self.mailbox.get() {
            Some(&mailbox) => mailbox,
            None => {
                let mailbox = guest.find_mailbox()?;
                *self.mailbox.get_or_init(|| mailbox)
            }
        };
        guest.store.data_mut().calls.mailbox = Mailbox::at(mailbox);
        if let Some(functions) = &self.functions {
            guest.compile(Arc::clone(functions))?;
        }
        Ok(guest)
    }

    /// The page that a guest polls, if it does.
    #[expect(unsafe_code, reason = "maps a page behind a guest's memory")]
    fn page(
        &self,
        memory: Memory,
        store: &mut Store<State>,
    ) -> wasmtime::Result<Option<Arc<PollingPage>>> {
        let Some(pages) = &self.pages else { return Ok(None) };
        let base = memory.data_ptr(&*store) as usize;
        let interrupt = store.data().control.interrupt.flag();
        // SAFETY: the pool has reserved 4 GiB for the memory, which the limiter keeps below the
        // page, and nothing but memories of guests of this engine is ever there.
        let page = unsafe { pages.page(base, interrupt) }?;
        Ok(Some(Arc::new(page)))
    }
}

/// Places for memories: errors live in a heap that takes the place of a second one.
fn places(count: u32) -> u32 {
    count.saturating_mul(2)
}

/// An engine, and whether its memories are in a pool.
pub(crate) fn wasmtime_engine(flavor: Flavor, count: u32) -> wasmtime::Result<(Engine, bool)> {
    let metered = flavor == Flavor::Metered;
    let mut config = Config::new();
    config.epoch_interruption(flavor != Flavor::Polled);
    config.consume_fuel(metered);
    // A Lua error is an exception; a backtrace of each would be dear.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    config.native_unwind_info(crate::platform::unwinding::NEEDS_TABLES);
    config.concurrency_support(false);
    config.collector(COLLECTOR);
    config.max_wasm_stack(MAX_STACK);
    // Compiled functions say which of their branches are hardly ever taken.
    config.wasm_branch_hinting(true);
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
        // Each function that is compiled is an instance: they are only counted.
        pool.total_core_instances(count.saturating_mul(1 + MOST_FUNCTIONS as u32));
        pool.total_memories(places(count));
        pool.total_tables(count);
        // One for a run in a future, and one for what interrupts it, which those that poll call
        // by themselves.
        let wanted = if flavor == Flavor::Polled { count } else { count.saturating_mul(2) };
        pool.total_stacks(stacks(wanted, count, limits::mappings()));
        pool.total_gc_heaps(count);
        pool.max_memory_size(4 << 30);
        pool.linear_memory_keep_resident(resident);
        pool.table_keep_resident(64 << 10);
        pool.pagemap_scan(scan);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        if let Ok(engine) = Engine::new(&config) {
            return Ok((engine, true));
        }
    }
    // No address space for a pool: memory is mapped for each sandbox instead.
    config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    Ok((Engine::new(&config)?, false))
}

const COLLECTOR: Collector = Collector::Copying;

/// Bytes of host stack for one guest: enough for Lua's own limit of C calls.
const MAX_STACK: usize = 1 << 20;

/// Bytes of the stack of a call that is a future: Lua's, a Go guest's that it calls, and
/// as much for the host's own functions.
const ASYNC_STACK: usize = 3 << 20;
