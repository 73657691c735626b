//! All that a sandbox is made from, so that it can be made again.

use crate::api::engine::Engine;
use crate::bridge::MAX_GUESTS;
use crate::bridge::guests::Granted;
use crate::bridge::recorder::Subscriber;
use crate::error::Error;
use crate::grants::capabilities::{Access, Capabilities};
use crate::grants::limits::Limits;
use crate::host::context::Data;
use crate::host::function::{Functions, HostFunction};
use crate::host::module::{Entry, Module};
use crate::host::stdio::{Input, Sink};
use crate::lua::version::LuaVersion;
use crate::value::Value;
use std::sync::Arc;

#[derive(Clone)]
pub(crate) struct Config {
    pub engine: Engine,
    pub version: LuaVersion,
    pub limits: Limits,
    pub capabilities: Capabilities,
    pub functions: Functions,
    pub definitions: Vec<Definition>,
    pub data: Data,
    /// Go guests, under the names by which Lua requires them.
    pub guests: Arc<[Granted]>,
    pub subscriber: Option<Subscriber>,
    /// Whether `package.path` is the interpreter's own, whatever variables there are.
    pub ignores_lua_path: bool,
}

/// Something of the host's that Lua sees under a name.
#[derive(Clone)]
pub(crate) struct Definition {
    /// Whether the first name is that of a module, and not of a global variable.
    pub is_module: bool,
    pub path: Vec<String>,
    pub target: Target,
}

#[derive(Clone)]
pub(crate) enum Target {
    Function { id: u32, is_async: bool },
    Value(Value),
}

/// Standard streams.
pub(crate) struct Streams {
    pub stdin: Input,
    pub stdout: Option<Sink>,
    pub stderr: Option<Sink>,
    pub terminals: [bool; 3],
}

impl Default for Streams {
    fn default() -> Streams {
        Streams {
            stdin: Input::bytes(Vec::new()),
            stdout: None,
            stderr: None,
            terminals: [false; 3],
        }
    }
}

impl Config {
    pub fn is_metered(&self) -> bool {
        self.limits.get_fuel().is_some() || self.capabilities.deterministic.is_some()
    }

    /// Compiles what the script may start: compiling is not its time.
    pub fn prepare(&self) -> Result<(), Error> {
        let go = self.guests.iter().flat_map(|granted| &granted.grant.dirs);
        for dir in self.capabilities.dirs.iter().chain(go) {
            if dir.access == Access::ReadWrite {
                self.engine.guard_cache(&dir.host);
            }
        }
        let is_ours = |granted: &&Granted| granted.module.is_of(self.engine.core());
        for granted in self.guests.iter().filter(is_ours) {
            granted.module.prepare(self.is_metered(), granted.grant.depth())?;
        }
        Ok(())
    }

    pub fn mistakes(&self) -> Vec<String> {
        let mut mistakes = self.limits.mistakes();
        mistakes.extend(self.capabilities.mistakes());
        if self.capabilities.deterministic.is_some() && self.limits.get_deadline().is_some() {
            mistakes.push(
                "a deadline depends on the machine and cannot be part of a deterministic run; \
                 limit the fuel instead"
                    .to_string(),
            );
        }
        let has_workers = |granted: &&Granted| granted.grant.workers > 0;
        if let Some(granted) = self.guests.iter().find(has_workers)
            && self.is_metered()
        {
            mistakes.push(format!(
                "Go guest '{}': workers run side by side, which a run with a limit on fuel or a \
                 deterministic one cannot have; grant it without workers",
                granted.name
            ));
        }
        mistakes
    }

    /// Adds a Go guest; the mistakes if that cannot be.
    pub fn define_guest(&mut self, granted: Granted) -> Vec<String> {
        let name = &granted.name;
        let mut mistakes: Vec<String> = granted.grant.mistakes();
        mistakes.iter_mut().for_each(|mistake| *mistake = format!("Go guest '{name}': {mistake}"));
        if name.is_empty() {
            mistakes.push("a Go guest needs a name, by which Lua requires it".to_string());
        }
        if &**name == "luago" {
            mistakes.push(
                "a Go guest cannot be named 'luago', as Lua's own module of that name is; choose \
                 another name"
                    .to_string(),
            );
        }
        if self.guests.iter().any(|other| other.name == *name) {
            mistakes.push(format!(
                "the Go guest '{name}' is granted twice; each name can be given once"
            ));
        }
        if self.guests.len() >= MAX_GUESTS {
            mistakes
                .push(format!("a sandbox can have {MAX_GUESTS} Go guests, and this is one more"));
        }
        if mistakes.is_empty() {
            self.guests = self.guests.iter().cloned().chain([granted]).collect();
        }
        mistakes
    }

    /// Adds a function under a name with dots; the mistake if that cannot be.
    pub fn define_function(&mut self, function: HostFunction) -> Result<&Definition, String> {
        let name = function.name.to_string();
        let path: Vec<String> = name.split('.').map(str::to_string).collect();
        self.define(false, path, Entry::Function(function))
    }

    pub fn define_module(&mut self, is_module: bool, module: Module) -> Vec<String> {
        let mut mistakes = module.mistakes;
        if module.name.is_empty() {
            mistakes.push("a module needs a name".to_string());
            return mistakes;
        }
        if module.entries.is_empty() {
            let empty = Entry::Value(Value::Sequence(Vec::new()));
            mistakes.extend(self.define(is_module, vec![module.name], empty).err());
            return mistakes;
        }
        for (name, entry) in module.entries {
            mistakes.extend(self.define(is_module, vec![module.name.clone(), name], entry).err());
        }
        mistakes
    }

    fn define(
        &mut self,
        is_module: bool,
        path: Vec<String>,
        entry: Entry,
    ) -> Result<&Definition, String> {
        let name = path.join(".");
        if path.iter().any(String::is_empty) {
            return Err(format!("'{name}' is no name for a function or value of the host"));
        }
        let same = |other: &Definition| other.is_module == is_module && other.path == path;
        if self.definitions.iter().any(same) {
            return Err(format!("'{name}' is registered twice; each name can be given once"));
        }
        let target = match entry {
            Entry::Value(value) => Target::Value(value),
            Entry::Function(function) => {
                let is_async = function.is_async();
                Target::Function { id: self.functions.add(function), is_async }
            }
        };
        self.definitions.push(Definition { is_module, path, target });
        self.definitions.last().ok_or_else(|| "nothing was registered".to_string())
    }
}
