//! A Lua interpreter in an instance of its own.

use super::imports;
use super::loader::Loader;
use super::version::LuaVersion;
use crate::capabilities::{Access, Capabilities};
use crate::clock::Clock;
use crate::error::Error;
use crate::guest_memory::{slice, slice_mut, u32_at};
use crate::limits::MemoryLimiter;
use crate::stdio::{Input, Output};
use crate::stopping::{Control, Halt, Tick};
use crate::ticker::{Ticker, Ticking};
use std::sync::Arc;
use wasmtime::{
    Engine, Instance, InstancePre, Linker, Memory, Module, Store, StoreContextMut, TypedFunc,
    UpdateDeadline,
};
use wasmtime_wasi::filesystem::FsPerms;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

/// A guest that is ready to be instantiated.
pub(crate) struct GuestPre {
    pub version: LuaVersion,
    pub metered: bool,
    pre: InstancePre<State>,
}

/// What belongs to one guest on the host's side.
pub(crate) struct State {
    pub limiter: MemoryLimiter,
    pub output: Output,
    pub input: Input,
    pub terminals: [bool; 3],
    pub control: Control,
    pub clock: Clock,
    pub loader: Option<Loader>,
    pub temp_dir: Option<String>,
    /// A module that the guest has asked for and not taken yet.
    pub source: Option<Vec<u8>>,
    pub fuel_limit: u64,
    pub memory: Option<Memory>,
    interrupt: Option<TypedFunc<(), ()>>,
    ticker: Arc<Ticker>,
    ticking: Option<Ticking>,
    env: Vec<(String, String)>,
    wasi: Option<WasiP1Ctx>,
}

impl State {
    #[expect(clippy::too_many_arguments, reason = "each is a part of its own")]
    pub fn new(
        capabilities: &Capabilities,
        limiter: MemoryLimiter,
        fuel_limit: u64,
        output: Output,
        input: Input,
        terminals: [bool; 3],
        control: Control,
        ticker: Arc<Ticker>,
    ) -> Result<State, Error> {
        let loader = match &capabilities.modules {
            Some(path) => {
                let dir = cap_std::fs::Dir::open_ambient_dir(path, cap_std::ambient_authority())
                    .map_err(|source| Error::grant(path, source))?;
                Some(Loader::new(dir))
            }
            None => None,
        };
        let wasi =
            if capabilities.dirs.is_empty() { None } else { Some(wasi_with_dirs(capabilities)?) };
        Ok(State {
            limiter,
            output,
            input,
            terminals,
            control,
            clock: Clock::new(capabilities.deterministic),
            loader,
            temp_dir: capabilities.temp_dir().map(str::to_string),
            source: None,
            fuel_limit,
            memory: None,
            interrupt: None,
            ticker,
            ticking: None,
            env: capabilities.env.clone(),
            wasi,
        })
    }

    /// What WASI serves: directories, and the variables that were granted. Made
    /// when the guest first asks, unless directories had to be opened.
    pub fn wasi(&mut self) -> &mut WasiP1Ctx {
        let env = &self.env;
        self.wasi.get_or_insert_with(|| base_wasi(env).build_p1())
    }
}

fn base_wasi(env: &[(String, String)]) -> WasiCtxBuilder {
    let mut builder = WasiCtx::builder();
    builder.allow_blocking_current_thread(true);
    for (index, (name, value)) in env.iter().enumerate() {
        // Of a name granted twice, the last counts.
        if !env[index + 1..].iter().any(|(later, _)| later == name) {
            builder.env(name, value);
        }
    }
    builder
}

fn wasi_with_dirs(capabilities: &Capabilities) -> Result<WasiP1Ctx, Error> {
    let mut builder = base_wasi(&capabilities.env);
    for grant in &capabilities.dirs {
        let perms = match grant.access {
            Access::ReadOnly => FsPerms::ReadOnly,
            Access::ReadWrite => FsPerms::ReadWrite,
        };
        builder.preopened_dir(&grant.host, &grant.guest, perms).map_err(|error| {
            Error::grant(&grant.host, std::io::Error::other(format!("{error:#}")))
        })?;
    }
    Ok(builder.build_p1())
}

impl GuestPre {
    pub fn link(
        engine: &Engine,
        module: &Module,
        version: LuaVersion,
        metered: bool,
    ) -> wasmtime::Result<GuestPre> {
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p1::add_to_linker_sync(&mut linker, State::wasi)?;
        linker.allow_shadowing(true);
        imports::add_to_linker(&mut linker)?;
        Ok(GuestPre { version, metered, pre: linker.instantiate_pre(module)? })
    }

    pub fn instantiate(&self, state: State) -> Result<Guest, wasmtime::Error> {
        let fuel = state.fuel_limit;
        let mut store = Store::new(self.pre.module().engine(), state);
        store.limiter(|state| &mut state.limiter);
        if self.metered {
            store.set_fuel(fuel)?;
        }
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(at_tick);
        let instance = self.pre.instantiate(&mut store)?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| wasmtime::Error::msg("the guest exports no memory"))?;
        store.data_mut().memory = Some(memory);
        Ok(Guest { store, instance, memory })
    }
}

/// Called in a running guest at each tick.
fn at_tick(mut store: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
    match store.data_mut().control.tick() {
        Tick::Continue => Ok(UpdateDeadline::Continue(1)),
        Tick::Trap => Ok(UpdateDeadline::Interrupt),
        Tick::Ask => {
            let state = store.data_mut();
            // Further ticks are needed until it has stopped.
            state.ticking = Some(state.ticker.ticking());
            if let Some(interrupt) = state.interrupt.clone() {
                // While this runs, a tick traps: an interpreter whose own lists were
                // damaged could walk them for ever.
                store.set_epoch_deadline(SOON);
                interrupt.call(&mut store, ())?;
            }
            Ok(UpdateDeadline::Continue(1))
        }
    }
}

/// A running interpreter.
pub(crate) struct Guest {
    pub store: Store<State>,
    instance: Instance,
    memory: Memory,
}

/// How the guest says that a call ended.
pub(crate) struct Report {
    pub message: String,
    pub traceback: String,
    pub trace: String,
    pub pending: Vec<u8>,
    pub out_of_memory: bool,
}

/// The most that is taken over of a message, in bytes.
const MAX_MESSAGE: u32 = 1 << 20;

/// The size of the guest's buffer of output, in bytes.
const MAX_PENDING: u32 = 8192;

/// Ticks that the guest may take to arm a hook.
const SOON: u64 = 4;

impl Guest {
    /// Calls an export that answers with a status.
    pub fn call<P: wasmtime::WasmParams>(
        &mut self,
        name: &str,
        params: P,
    ) -> wasmtime::Result<i32> {
        let function = self.instance.get_typed_func::<P, i32>(&mut self.store, name)?;
        self.begin()?;
        let result = function.call(&mut self.store, params);
        self.store.data_mut().ticking = None;
        result
    }

    /// Calls the export that closes the state.
    pub fn close(&mut self) -> wasmtime::Result<()> {
        let function = self.instance.get_typed_func::<(), ()>(&mut self.store, "luago_close")?;
        self.begin()?;
        let result = function.call(&mut self.store, ());
        self.store.data_mut().ticking = None;
        result
    }

    fn begin(&mut self) -> wasmtime::Result<()> {
        if self.store.data().interrupt.is_none() {
            let interrupt = self.instance.get_typed_func(&mut self.store, "luago_interrupt")?;
            self.store.data_mut().interrupt = Some(interrupt);
        }
        self.store.set_epoch_deadline(1);
        // An interrupt from now on ticks by itself; an earlier one has ticked.
        let control = &self.store.data().control;
        if control.has_deadline() || control.interrupt.is_interrupted() {
            let state = self.store.data_mut();
            state.ticking = Some(state.ticker.ticking());
        }
        Ok(())
    }

    /// Puts parts one after another where the guest takes its input; false if
    /// there is no memory for them.
    pub fn put(&mut self, parts: &[&[u8]]) -> wasmtime::Result<bool> {
        let total = parts.iter().map(|part| part.len()).sum::<usize>();
        let Ok(total) = u32::try_from(total) else {
            return Ok(false);
        };
        let input = self.instance.get_typed_func::<u32, u32>(&mut self.store, "luago_input")?;
        self.begin()?;
        let at = input.call(&mut self.store, total)?;
        self.store.data_mut().ticking = None;
        let memory = self.memory.data_mut(&mut self.store);
        let Some(mut into) = slice_mut(memory, at, total).filter(|_| at != 0) else {
            return Ok(false);
        };
        for part in parts {
            let (place, rest) = into.split_at_mut(part.len());
            place.copy_from_slice(part);
            into = rest;
        }
        Ok(true)
    }

    /// Prepares a short call after the run itself, which must end soon whatever
    /// state the interpreter is in.
    fn begin_last_words(&mut self) {
        if self.store.get_fuel().is_ok() {
            let _ = self.store.set_fuel(10_000_000);
        }
        self.store.data_mut().control.begin(Some(std::time::Duration::from_millis(10)));
        let _ = self.begin();
        // No asking: a trap at the first tick after the grace period.
        self.store.data_mut().interrupt = None;
    }

    /// After a trap: asks where the script was. Failure costs only the traceback.
    pub fn trace(&mut self) {
        let function = self.instance.get_typed_func::<(), ()>(&mut self.store, "luago_traceback");
        if let Ok(function) = function {
            self.begin_last_words();
            let _ = function.call(&mut self.store, ());
            self.store.data_mut().ticking = None;
        }
    }

    /// How the last call ended. Works after a trap too.
    pub fn report(&mut self) -> Option<Report> {
        let function =
            self.instance.get_typed_func::<(), u32>(&mut self.store, "luago_report").ok()?;
        let fuel = self.store.get_fuel().ok();
        self.begin_last_words();
        let at = function.call(&mut self.store, ());
        self.store.data_mut().ticking = None;
        if let Some(fuel) = fuel {
            let _ = self.store.set_fuel(fuel);
        }
        let at = at.ok()?;
        let memory = self.memory.data(&self.store);
        let field = |index: u32| u32_at(memory, at.checked_add(index * 4)?);
        let text = |at: u32, len: u32| {
            let bytes = slice(memory, at, len.min(MAX_MESSAGE)).unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        };
        let (message, len) = (field(0)?, field(1)?);
        let split = field(2)?.min(len);
        Some(Report {
            message: text(message, split),
            traceback: text(message.saturating_add(split), len - split).trim_start().to_string(),
            trace: text(field(3)?, field(4)?),
            pending: slice(memory, field(5)?, field(6)?.min(MAX_PENDING))
                .unwrap_or_default()
                .to_vec(),
            out_of_memory: field(7)? != 0,
        })
    }

    /// Fuel used so far.
    pub fn fuel_used(&self) -> Option<u64> {
        let left = self.store.get_fuel().ok()?;
        Some(self.store.data().fuel_limit.saturating_sub(left))
    }
}

/// Why a call did not come back.
pub(crate) fn halt_of(error: &wasmtime::Error) -> Option<&Halt> {
    error.downcast_ref::<Halt>()
}
