//! What belongs to a Lua guest on the host's side.

use super::loader::Loader;
use crate::capabilities::Capabilities;
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
use crate::wasi::place::Place;
use crate::wasi::{FileRoom, Files, last_of_each};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use wasmtime::{Memory, TypedFunc};

/// What belongs to one guest on the host's side.
pub(crate) struct State {
    pub limiter: MemoryLimiter,
    pub output: Output,
    pub input: Input,
    pub terminals: [bool; 3],
    pub control: Control,
    pub clock: Clock,
    pub loader: Option<Loader>,
    pub temp_dir: Option<Place>,
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
    room: FileRoom,
    files: Option<Files>,
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
        room: FileRoom,
    ) -> Result<State, Error> {
        let loader = match &capabilities.modules {
            Some(path) => {
                let dir = cap_std::fs::Dir::open_ambient_dir(path, cap_std::ambient_authority())
                    .map_err(|source| Error::grant(path, source))?;
                let start = capabilities.start();
                let names = capabilities.module_names.iter();
                let names = names.map(|name| Place::of(name.as_bytes(), &start)).collect();
                Some(Loader::new(dir, names))
            }
            None => None,
        };
        let files = if capabilities.dirs.is_empty() {
            None
        } else {
            let mounts = capabilities.mounts();
            let mounts = mounts.map_err(|(path, source)| Error::grant(path, source))?;
            let env = last_of_each(&capabilities.env);
            let files = Files::new(env, room.clone(), Arc::new(mounts));
            Some(files.with_working_dir(capabilities.start()))
        };
        Ok(State {
            limiter,
            output,
            input,
            terminals,
            control,
            clock: Clock::new(capabilities.deterministic),
            loader,
            temp_dir: capabilities.temp_dir(),
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
            room,
            files,
        })
    }

    /// What WASI serves: directories, and the variables that were granted. Made
    /// when the guest first asks, unless directories had to be opened.
    pub fn files(&mut self) -> &mut Files {
        let (env, room) = (&self.env, &self.room);
        self.files.get_or_insert_with(|| {
            Files::new(last_of_each(env), room.clone(), Arc::default())
                .with_working_dir(Place::default())
        })
    }
}

impl HasHoles for State {
    #[inline]
    fn holes(&self) -> Option<&Arc<[Hole]>> {
        self.segments.holes()
    }
}

impl SegmentState for State {
    const HOST_MAKES_ROOM: bool = true;

    fn guest_memory(&self) -> Option<Memory> {
        self.memory
    }

    fn attachments(&mut self) -> &mut Attachments {
        &mut self.segments
    }

    fn lend(&mut self, _: u64) -> bool {
        false
    }

    fn set_windows(&mut self, bytes: u64, _: u64) {
        self.limiter.set_windows(bytes);
    }

    fn notify(&mut self) -> Notify {
        let inbox = Arc::clone(self.exchange.bridge().0.inbox());
        Arc::new(move |_| inbox.wake_lua())
    }
}
