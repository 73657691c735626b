//! How a sandbox is put together.

use crate::api::config::{Config, Streams};
use crate::api::engine::Engine;
use crate::api::sandbox::Sandbox;
use crate::bridge::event::BridgeEvent;
use crate::bridge::guests::Granted;
use crate::go::module::GoModule;
use crate::grants::capabilities::Capabilities;
use crate::grants::go_grant::GoGrant;
use crate::grants::limits::Limits;
use crate::host::context::Context;
use crate::host::error_store::BoxError;
use crate::host::function::HostFunction;
use crate::host::module::Module;
use crate::host::stdio::{Input, Sink};
use crate::lua::version::LuaVersion;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;

/// How a [`Sandbox`] is built. Nothing is granted by default.
///
/// ```
/// use luago::{Engine, Limits, LuaVersion, Sandbox};
///
/// let engine = Engine::new()?;
/// let sandbox = Sandbox::builder(&engine)
///     .lua(LuaVersion::Lua51)
///     .limits(Limits::default().memory(16 << 20))
///     .build()?;
/// # let _ = sandbox;
/// # Ok::<(), luago::Error>(())
/// ```
pub struct SandboxBuilder {
    pub(super) config: Config,
    pub(super) streams: Streams,
    pub(super) mistakes: Vec<String>,
}

impl SandboxBuilder {
    /// Which Lua to run; 5.4 by default.
    pub fn lua(mut self, version: LuaVersion) -> SandboxBuilder {
        self.config.version = version;
        self
    }

    /// What the sandbox may spend; see [`Limits`] for the defaults.
    pub fn limits(mut self, limits: Limits) -> SandboxBuilder {
        self.config.limits = limits;
        self
    }

    /// What the sandbox may reach; nothing by default.
    pub fn capabilities(mut self, capabilities: Capabilities) -> SandboxBuilder {
        self.config.capabilities = capabilities;
        self
    }

    /// Leaves `package.path` as it is in the interpreter, even if `LUA_PATH` was granted, as
    /// the interpreter's option `-E` does.
    pub fn ignore_lua_path(mut self) -> SandboxBuilder {
        self.config.ignores_lua_path = true;
        self
    }

    /// What the script reads as standard input; empty by default. It is read on a
    /// thread of its own, so that a deadline can pass while nothing comes.
    pub fn stdin(mut self, input: impl Read + Send + 'static) -> SandboxBuilder {
        self.streams.stdin = Input::new(Some(Box::new(input)));
        self
    }

    /// What the script reads as standard input, all of it: cheaper than
    /// [`stdin`](Self::stdin), as no thread is needed.
    ///
    /// ```
    /// use luago::{Engine, OutputBuffer, Sandbox, Script};
    ///
    /// let engine = Engine::new()?;
    /// let output = OutputBuffer::new();
    /// let mut sandbox = Sandbox::builder(&engine)
    ///     .stdin_bytes("3 4")
    ///     .stdout(output.clone())
    ///     .build()?;
    /// sandbox.run(&Script::new("sum", "print(io.read('n') + io.read('n'))"))?;
    /// assert_eq!(output.take(), b"7\n");
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn stdin_bytes(mut self, bytes: impl Into<Vec<u8>>) -> SandboxBuilder {
        self.streams.stdin = Input::bytes(bytes.into());
        self
    }

    /// A regular file as standard input, in which the script can seek.
    pub fn stdin_file(mut self, file: File) -> SandboxBuilder {
        self.streams.stdin = Input::file(file);
        self
    }

    /// A regular file as standard output, in which the script can seek.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("out");
    /// let mut sandbox =
    ///     Sandbox::builder(&Engine::new()?).stdout_file(std::fs::File::create(&path)?).build()?;
    /// sandbox.run(&Script::new(
    ///     "twice",
    ///     "io.write('long'); io.stdout:seek('set', 0); io.write('s')",
    /// ))?;
    /// assert_eq!(std::fs::read_to_string(path)?, "song");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stdout_file(mut self, file: File) -> SandboxBuilder {
        self.streams.stdout = Some(Sink::File(file));
        self
    }

    /// A regular file as standard error, in which the script can seek.
    pub fn stderr_file(mut self, file: File) -> SandboxBuilder {
        self.streams.stderr = Some(Sink::File(file));
        self
    }

    /// Where standard output goes; nowhere by default.
    pub fn stdout(mut self, output: impl Write + Send + 'static) -> SandboxBuilder {
        self.streams.stdout = Some(Sink::Writer(Box::new(output)));
        self
    }

    /// Where standard error goes; nowhere by default.
    pub fn stderr(mut self, output: impl Write + Send + 'static) -> SandboxBuilder {
        self.streams.stderr = Some(Sink::Writer(Box::new(output)));
        self
    }

    /// Which of standard input, output and error are terminals, where Lua writes
    /// line by line. None by default.
    pub fn terminals(mut self, stdin: bool, stdout: bool, stderr: bool) -> SandboxBuilder {
        self.streams.terminals = [stdin, stdout, stderr];
        self
    }

    /// A function of the host, which Lua sees under `name`: a global variable, or with
    /// dots (`"db.get"`) a field of a global table.
    ///
    /// `A` is what it takes: one value, a tuple for several, `()` for none, a
    /// [`Variadic`](crate::Variadic) for any number. `R` is what it gives, in the same
    /// ways. Both are any types of serde's. Arguments of other types are an error of Lua,
    /// as an error that is returned is, with all its causes; so is a panic.
    ///
    /// The function can be called from any thread that runs a sandbox, and from several at
    /// once. It cannot call back into the sandbox: it has no way to reach it.
    ///
    /// ```
    /// use luago::{Engine, Sandbox};
    ///
    /// let engine = Engine::new()?;
    /// let mut sandbox = Sandbox::builder(&engine)
    ///     .function("db.get", |_, key: String| match key.as_str() {
    ///         "answer" => Ok(Some(42)),
    ///         "nothing" => Ok(None),
    ///         other => Err(format!("no key '{other}'")),
    ///     })
    ///     .build()?;
    /// assert_eq!(sandbox.call::<Option<i64>>("db.get", "answer")?, Some(42));
    /// let error = sandbox.call::<i64>("db.get", "x").unwrap_err();
    /// assert!(error.to_string().starts_with("no key 'x'"));
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn function<A, R, E, F>(mut self, name: &str, function: F) -> SandboxBuilder
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(&Context, A) -> Result<R, E> + Send + Sync + 'static,
    {
        let result = self.config.define_function(HostFunction::blocking(name, function));
        self.mistakes.extend(result.err());
        self
    }

    /// A function of the host that takes its time. While it does, the coroutine that
    /// called it waits and other tasks go on; under
    /// [`call_async`](Sandbox::call_async) the thread is free too, and dropping the
    /// future of the call drops that of the function. Its time counts for the deadline.
    ///
    /// ```
    /// use luago::{Context, Engine, Sandbox};
    ///
    /// # async fn lookup(key: String) -> Result<String, String> { Ok(key.to_uppercase()) }
    /// let engine = Engine::new()?;
    /// let mut sandbox = Sandbox::builder(&engine)
    ///     .async_function("lookup", |_: Context, key: String| async move { lookup(key).await })
    ///     .build()?;
    /// assert_eq!(sandbox.call::<String>("lookup", "a")?, "A");
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn async_function<A, R, E, F, Fut>(mut self, name: &str, function: F) -> SandboxBuilder
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(Context, A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let result = self.config.define_function(HostFunction::asynchronous(name, function));
        self.mistakes.extend(result.err());
        self
    }

    /// A module, which Lua gets with `require`.
    pub fn module(mut self, module: Module) -> SandboxBuilder {
        let mistakes = self.config.define_module(true, module);
        self.mistakes.extend(mistakes);
        self
    }

    /// A module that is there as a global variable.
    pub fn global(mut self, module: Module) -> SandboxBuilder {
        let mistakes = self.config.define_module(false, module);
        self.mistakes.extend(mistakes);
        self
    }

    /// A Go program that Lua gets with `require`, or with `luago.guest`, under that name. It
    /// is started when the script first asks for it, and can do only what it was granted.
    ///
    /// ```no_run
    /// use luago::{Engine, GoGrant, GoModule, Sandbox, Script};
    ///
    /// let engine = Engine::new()?;
    /// let geo = GoModule::from_file(&engine, "geo.wasm")?;
    /// let mut sandbox = Sandbox::builder(&engine)
    ///     .go("geo", geo, GoGrant::new().memory(32 << 20))
    ///     .build()?;
    /// sandbox.run(&Script::new("map", "
    ///     local geo = require 'geo'
    ///     print(geo.distance({x = 0, y = 0}, {x = 3, y = 4}))
    /// "))?;
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn go(mut self, name: &str, module: GoModule, grant: GoGrant) -> SandboxBuilder {
        let granted = Granted { name: name.into(), module, grant };
        let mistakes = self.config.define_guest(granted);
        self.mistakes.extend(mistakes);
        self
    }

    /// Who is told of each step in the life of a task, on the thread that runs the sandbox.
    /// It costs time, so it is for finding out what goes on, and for tests.
    ///
    /// ```
    /// use luago::{BridgeEvent, Engine, Phase, Sandbox, Script};
    /// use std::sync::{Arc, Mutex};
    ///
    /// let events: Arc<Mutex<Vec<BridgeEvent>>> = Arc::default();
    /// let seen = events.clone();
    /// let mut sandbox = Sandbox::builder(&Engine::new()?)
    ///     .on_event(move |event: &BridgeEvent| seen.lock().unwrap().push(event.clone()))
    ///     .build()?;
    /// sandbox.run(&Script::new("one", "require('luago').spawn(function() end)"))?;
    /// let phases: Vec<Phase> = events.lock().unwrap().iter().map(|event| event.phase).collect();
    /// assert_eq!(phases[0], Phase::Start);
    /// assert_eq!(phases.len(), 3);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn on_event(
        mut self,
        subscriber: impl Fn(&BridgeEvent) + Send + Sync + 'static,
    ) -> SandboxBuilder {
        self.config.subscriber = Some(Arc::new(subscriber));
        self
    }

    /// A value that host functions find with [`Context::data`], one of each type.
    pub fn data<T: Any + Send + Sync>(mut self, value: T) -> SandboxBuilder {
        self.config.data.insert(value);
        self
    }
}

impl Sandbox {
    /// Starts building a sandbox.
    pub fn builder(engine: &Engine) -> SandboxBuilder {
        SandboxBuilder {
            config: Config {
                engine: engine.clone(),
                version: LuaVersion::default(),
                limits: Limits::default(),
                capabilities: Capabilities::default(),
                functions: Default::default(),
                definitions: Vec::new(),
                data: Default::default(),
                guests: Arc::default(),
                subscriber: None,
                ignores_lua_path: false,
            },
            streams: Streams::default(),
            mistakes: Vec::new(),
        }
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("version", &self.config.version)
            .field("limits", &self.config.limits)
            .field("capabilities", &self.config.capabilities)
            .finish_non_exhaustive()
    }
}
