//! What belongs to a Lua guest on the host's side.

use super::loader::Loader;
use crate::api::capabilities::Capabilities;
use crate::api::limits::MemoryLimiter;
use crate::engine::ticker::Ticker;
use crate::error::Error;
use crate::host::clock::Clock;
use crate::host::commands::{Commands, Sandboxed};
use crate::host::interrupt::Control;
use crate::host::mailbox::Exchange;
use crate::host::stdio::{Input, Output};
use crate::host::wasi::place::Place;
use crate::host::wasi::{FileRoom, Files, last_of_each};
use crate::ledger::Held;
use crate::memory::Attachments;
use crate::memory::imports::SegmentState;
use crate::memory::shared_ranges::{HasSharedRanges, SharedRange};
use crate::memory::wait_list::Notify;
use std::ffi::OsString;
use std::sync::Arc;
use wasmtime::{Instance, Memory, TypedFunc};

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
    pub instance: Option<Instance>,
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
    /// Is it being asked whether a task's time is up?
    pub is_expiring: bool,
    /// What it was granted of commands, if anything.
    pub commands: Option<Box<Commands>>,
    env: Vec<(OsString, OsString)>,
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
                let names = names.map(|name| Place::of(name.as_encoded_bytes(), &start)).collect();
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
        let grants = &capabilities.commands;
        let commands = (!grants.programs.is_empty()).then(|| {
            let variables = last_of_each(&capabilities.env);
            let ledger = Arc::clone(exchange.ledger());
            Box::new(Commands::new(grants.clone(), variables, ledger))
        });
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
            instance: None,
            segments,
            exchange,
            ticker,
            is_async: false,
            suspend: false,
            wake_at: None,
            interrupt: None,
            is_expiring: false,
            commands,
            env: capabilities.env.clone(),
            room,
            files,
        })
    }

    /// Sees to it that ticks come, if there is anything to look out for at them.
    #[inline]
    pub fn need_ticks(&self) {
        if self.control.is_watched() || self.may_expire() {
            self.ticker.need();
        }
    }

    /// May a task have to end while it runs? Where the clock is one of fuel, the guest sees to
    /// that itself.
    #[inline]
    pub fn may_expire(&self) -> bool {
        let bridge = self.exchange.bridge.as_ref();
        bridge.is_some_and(|bridge| bridge.has_ends()) && !self.clock.is_virtual()
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

impl State {
    /// The commands that it was granted, if any, and what it takes to wait for them.
    pub fn commands(&mut self) -> Option<(&mut Commands, Sandboxed<'_>)> {
        if self.commands.is_some() {
            self.files();
        }
        let State { commands, output, control, files, .. } = self;
        Some((commands.as_deref_mut()?, Sandboxed { output, control, files: files.as_mut()? }))
    }
}

impl HasSharedRanges for State {
    #[inline]
    fn shared_ranges(&self) -> Option<&Arc<[SharedRange]>> {
        self.segments.shared_ranges()
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
