//! What belongs to a Lua guest on the host's side.

use super::compiled::Compiled;
use super::loader::Loader;
use crate::bridge::lazy::LazyBridge;
use crate::bridge::of_go;
use crate::bridge::scheduler::Bridge;
use crate::engine::polling_page::PollingPage;
use crate::engine::ticker::Ticker;
use crate::error::Error;
use crate::frame::encoder::Encoder;
use crate::grants::capabilities::Capabilities;
use crate::host::calls::HostCalls;
use crate::host::clock::Clock;
use crate::host::commands::{Commands, Sandboxed};
use crate::host::interrupt::Control;
use crate::host::stdio::{Input, Output};
use crate::host::wasi::guest_path::GuestPath;
use crate::host::wasi::{FileQuota, Files, last_of_each};
use crate::ledger::Ledger;
use crate::ledger::Reservation;
use crate::lua::limiter::MemoryLimiter;
use crate::memory::Attachments;
use crate::memory::bytes::GuestBytesMut;
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
    pub temp_dir: Option<GuestPath>,
    /// A module that the guest has asked for and not taken yet.
    pub source: Option<(Vec<u8>, Reservation)>,
    pub fuel_limit: u64,
    pub memory: Option<Memory>,
    pub instance: Option<Instance>,
    /// The segments that it has.
    pub segments: Attachments,
    pub calls: HostCalls,
    pub bridge: LazyBridge,
    pub ticker: Arc<Ticker>,
    /// The functions of the guest that are compiled, if any are to be.
    pub compiled: Option<Compiled>,
    /// The page that the guest polls, if it does.
    pub polling: Option<Arc<PollingPage>>,
    /// Whether the guest is called from a future, which may be left and come back to.
    pub is_async: bool,
    /// Whether it has ever been and polls: then it always runs on a stack of its own.
    pub needs_stack: bool,
    /// Whether it is to be left at the next tick until the host has an answer.
    pub suspend: bool,
    /// When something happens that it waits for, if that is known.
    pub wake_at: Option<std::time::Instant>,
    pub interrupt: Option<TypedFunc<(), ()>>,
    /// Whether it is being asked if a task's time is up.
    pub is_expiring: bool,
    /// What it was granted of commands, if anything.
    pub commands: Option<Box<Commands>>,
    env: Vec<(OsString, OsString)>,
    room: FileQuota,
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
        calls: HostCalls,
        bridge: LazyBridge,
        segments: Attachments,
        ticker: Arc<Ticker>,
        room: FileQuota,
    ) -> Result<State, Error> {
        let loader = match &capabilities.modules {
            Some(path) => {
                let dir = cap_std::fs::Dir::open_ambient_dir(path, cap_std::ambient_authority())
                    .map_err(|source| Error::grant(path, source))?;
                let start = capabilities.start();
                let names = capabilities.module_names.iter();
                let names =
                    names.map(|name| GuestPath::of(name.as_encoded_bytes(), &start)).collect();
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
            let ledger = Arc::clone(&calls.encode_rules.ledger);
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
            calls,
            bridge,
            ticker,
            compiled: None,
            polling: None,
            is_async: false,
            needs_stack: false,
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

    /// The bridge, and the encoder for what comes from it.
    #[inline]
    pub fn bridge(&mut self) -> (&mut Bridge, &mut Encoder) {
        (self.bridge.get_or_make(&self.calls), self.calls.encoder())
    }

    /// What the host keeps for this sandbox.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.calls.encode_rules.ledger
    }

    /// Whether it is of use to know what the clock shows.
    #[inline]
    pub fn needs_time(&self) -> bool {
        self.bridge.is_traced() || self.bridge.get().is_some_and(Bridge::is_timed)
    }

    /// Has the guest ask for what Go guests have written.
    pub fn announce_output(&self, memory: &mut GuestBytesMut<'_>) {
        if self.bridge.get().is_some_and(Bridge::has_output) {
            // Without a mailbox there is no way to show it before the end.
            let _ = self.calls.mailbox.set_output(memory);
        }
    }

    /// The name that messages give a function, its own or that of a Go guest's.
    pub fn function_name(&self, id: u32) -> &str {
        let of_go =
            of_go(id).and_then(|(guest, function)| self.bridge.get()?.name_of(guest, function));
        let of_host = || self.calls.functions.get(id).map(|function| &*function.name);
        of_go.or_else(of_host).unwrap_or("?")
    }

    /// Sees to it that ticks come, if there is anything to look out for at them.
    #[inline]
    pub fn need_ticks(&self) {
        if self.control.is_watched() || self.may_expire() || self.compiled.is_some() {
            self.ticker.need();
        }
    }

    /// Whether a task may have to end while it runs. Where the clock is one of fuel, the guest sees to
    /// that itself.
    #[inline]
    pub fn may_expire(&self) -> bool {
        let bridge = self.bridge.get();
        bridge.is_some_and(|bridge| bridge.has_ends()) && !self.clock.is_virtual()
    }

    /// What WASI serves: directories, and the variables that were granted. Made
    /// when the guest first asks, unless directories had to be opened.
    pub fn files(&mut self) -> &mut Files {
        let (env, room) = (&self.env, &self.room);
        self.files.get_or_insert_with(|| {
            Files::new(last_of_each(env), room.clone(), Arc::default())
                .with_working_dir(GuestPath::default())
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
        let inbox = Arc::clone(self.bridge().0.inbox());
        Arc::new(move |_| inbox.wake_lua())
    }
}
