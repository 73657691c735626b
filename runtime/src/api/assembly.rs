//! From a configuration to a sandbox.

use crate::api::builder::SandboxBuilder;
use crate::api::config::{Config, Streams};
use crate::api::sandbox::Sandbox;
use crate::bridge::lazy::{LazyBridge, Setup};
use crate::error::Error;
use crate::frame::rules::DecodeRules;
use crate::frame::rules::{EncodeRules, Owners};
use crate::grants::limits::Limits;
use crate::host::calls::HostCalls;
use crate::host::context::Context;
use crate::host::interrupt::{Control, InterruptHandle};
use crate::host::mailbox::broken;
use crate::host::stdio::Output;
use crate::host::wasi::FileQuota;
use crate::ledger::Ledger;
use crate::lua::exports;
use crate::lua::limiter::MemoryLimiter;
use crate::lua::loader::package_path;
use crate::lua::state::State;
use crate::lua::version::LuaVersion;
use crate::memory::{Attachments, Budget};
use crate::value::function::Owner;
use bstr::BString;
use std::sync::Arc;

impl SandboxBuilder {
    /// Builds the sandbox, or reports every setting that cannot work. What is not compiled yet
    /// is compiled now.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid`], also for two functions of one name, [`Error::is_grant`] for a
    /// directory that cannot be opened, [`Error::is_busy`] when the engine is full.
    pub fn build(self) -> Result<Sandbox, Error> {
        let mut mistakes = self.config.mistakes();
        mistakes.extend(self.mistakes);
        if !mistakes.is_empty() {
            return Err(Error::invalid(mistakes));
        }
        self.config.prepare()?;
        Sandbox::assemble(Arc::new(self.config), self.streams)
    }
}

impl Sandbox {
    /// A new guest from its snapshot, with what the host defines for it.
    pub(crate) fn assemble(config: Arc<Config>, streams: Streams) -> Result<Sandbox, Error> {
        let owner = Owner::new();
        let state = config.state(streams, &owner, Arc::default())?;
        let guest = config.engine.lua().start(config.version, config.is_metered(), state)?;
        let mut sandbox = Sandbox::with_guest(guest, config, owner, None);
        let fuel = sandbox.guest.lend_fuel();
        sandbox.define_all()?;
        if let Some(fuel) = fuel {
            let set = sandbox.guest.store.set_fuel(fuel);
            set.map_err(|source| Error::engine("start a sandbox", source))?;
        }
        Ok(sandbox)
    }

    fn define_all(&mut self) -> Result<(), Error> {
        let config = Arc::clone(&self.config);
        let default = || default_package_path(config.version);
        let variable = |name: &str| {
            let variable = config.capabilities.variable(name);
            variable.filter(|_| !config.ignores_lua_path).map(BString::from)
        };
        if let Some(path) = package_path(config.version, variable, default) {
            self.with_input(&[&path], |guest| guest.call(exports::SET_PATH, path.len() as u32))?;
        }
        if self.limits.get_value_depth() != Limits::default().get_value_depth() {
            let depth = self.limits.get_value_depth();
            let (mut memory, state) = self.guest.parts();
            let set = state.calls.mailbox.set_depth(&mut memory, depth);
            set.ok_or_else(|| Error::engine("start a sandbox", broken("it has no mailbox")))?;
        }
        if config.subscriber.is_some() {
            let told = self.guest.report_tasks();
            told.map_err(|source| Error::engine("start a sandbox", source))?;
        }
        for granted in &*config.guests {
            let name = granted.name.as_bytes();
            self.with_input(&[name], |guest| guest.call(exports::PRELOAD, name.len() as u32))?;
        }
        config.definitions.iter().try_for_each(|definition| self.define(definition))
    }
}

/// Where modules are looked for, as the guest was built.
fn default_package_path(version: LuaVersion) -> String {
    format!(
        "./?.lua;./?/init.lua;./lua_modules/share/lua/{version}/?.lua;\
         ./lua_modules/share/lua/{version}/?/init.lua;/usr/local/share/lua/{version}/?.lua;\
         /usr/local/share/lua/{version}/?/init.lua"
    )
}

impl Config {
    /// The host's side of a new guest, whose handles belong to `owner`; those of the
    /// owners that it is a copy of are good for it too.
    pub fn state(
        &self,
        streams: Streams,
        owner: &Arc<Owner>,
        templates: Arc<[u64]>,
    ) -> Result<State, Error> {
        let ticker = self.engine.core().ticker.clone();
        let limits = &self.limits;
        let ledger = Ledger::new(limits.get_memory(), limits.get_host_bytes());
        let room = FileQuota::new(limits.get_open_files(), Arc::clone(&ledger));
        let interrupt = InterruptHandle::new(ticker.clone());
        let budget = Budget::new(limits.get_segments(), Arc::clone(&ledger));
        let segments = Attachments::new(self.engine.core().sharing, Arc::clone(&budget));
        let handles = segments.handles.clone();
        let calls = HostCalls::new(
            self.functions.clone(),
            Context { name: Arc::default(), data: self.data.clone(), deadline: None },
            EncodeRules {
                depth: limits.get_value_depth(),
                elements: limits.get_value_elements(),
                bytes: limits.get_value_bytes(),
                integers_are_exact: self.version >= LuaVersion::Lua53,
                owners: Owners { own: owner.id(), templates },
                handles: handles.clone(),
                ledger: Arc::clone(&ledger),
            },
            DecodeRules {
                depth: limits.get_value_depth(),
                elements: limits.get_value_elements(),
                bytes: limits.get_value_bytes(),
                owner: Arc::clone(owner),
                handles,
                ledger: Arc::clone(&ledger),
            },
        );
        let bridge = LazyBridge::new(Setup {
            engine: Arc::clone(self.engine.core()),
            guests: Arc::clone(&self.guests),
            subscriber: self.subscriber.clone(),
            deterministic: self.capabilities.deterministic,
            is_metered: self.is_metered(),
            interrupt: interrupt.clone(),
            budget,
            ledger: Arc::clone(&ledger),
            room: room.clone(),
        });
        State::new(
            &self.capabilities,
            MemoryLimiter::new(limits.get_memory(), ledger),
            limits.get_fuel().unwrap_or(u64::MAX),
            Output {
                stdout: streams.stdout,
                stderr: streams.stderr,
                limit: limits.get_output(),
                written: 0,
            },
            streams.stdin,
            streams.terminals,
            Control::new(interrupt),
            calls,
            bridge,
            segments,
            ticker,
            room,
        )
    }
}
