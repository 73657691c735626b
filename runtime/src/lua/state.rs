//! What belongs to a Lua guest on the host's side.

use super::loader::Loader;
use crate::capabilities::{Access, Capabilities};
use crate::clock::Clock;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::ledger::Held;
use crate::limits::MemoryLimiter;
use crate::segment::Attachments;
use crate::segment::holes::{HasHoles, Hole};
use crate::segment::imports::{Notify, SegmentState};
use crate::stdio::{Input, Output};
use crate::stopping::Control;
use crate::ticker::Ticker;
use std::sync::Arc;
use wasmtime::{Memory, TypedFunc};
use wasmtime_wasi::filesystem::FsPerms;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

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
    pub source: Option<(Vec<u8>, Held)>,
    pub fuel_limit: u64,
    pub memory: Option<Memory>,
    /// The segments that it has.
    pub segments: Attachments,
    pub exchange: Exchange,
    pub ticker: Arc<Ticker>,
    /// Is the guest called from a future, which may be left and come back to?
    pub is_async: bool,
    /// Is it to be left at the next tick until the host has an answer?
    pub suspend: bool,
    /// When something happens that it waits for, if that is known.
    pub wake_at: Option<std::time::Instant>,
    pub interrupt: Option<TypedFunc<(), ()>>,
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
        exchange: Exchange,
        segments: Attachments,
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
            segments,
            exchange,
            ticker,
            is_async: false,
            suspend: false,
            wake_at: None,
            interrupt: None,
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

impl HasHoles for State {
    #[inline]
    fn holes(&self) -> Option<&Arc<[Hole]>> {
        self.segments.holes()
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

impl SegmentState for State {
    const HOST_MAKES_ROOM: bool = true;

    fn guest_memory(&self) -> Option<Memory> {
        self.memory
    }

    fn attachments(&mut self) -> &mut Attachments {
        &mut self.segments
    }

    fn allow(&mut self, bytes: u64) {
        self.limiter.allow(bytes);
    }

    fn notify(&mut self) -> Notify {
        let inbox = Arc::clone(self.exchange.bridge().0.inbox());
        Arc::new(move |_| inbox.wake_lua())
    }
}
