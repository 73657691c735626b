//! Calls with values: into Lua, and the functions of the host that Lua calls.

use crate::api::config::{Definition, Target};
use crate::api::sandbox::Sandbox;
use crate::api::script::Script;
use crate::error::Error;
use crate::frame::encoder::Encoder;
use crate::frame::rules::EncodeRules;
use crate::host::context::Context;
use crate::host::error_store::BoxError;
use crate::host::function::HostFunction;
use crate::host::mailbox::broken;
use crate::host::module::Module;
use crate::lua::exports::{self, Export};
use crate::outcome::End;
use crate::value::Value;
use crate::value::conversion_error::ConversionError;
use crate::value::function::Function;
use bstr::BString;
use luago_abi::lua::function;
use luago_abi::lua::status::{DONE, NO_MEMORY, UNSENDABLE};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::borrow::Borrow;
use std::pin::Pin;
use std::sync::Arc;
use tracing::Instrument;

mod sealed {
    pub trait Sealed {}
    impl Sealed for &crate::Function {}
    impl Sealed for &str {}
    impl Sealed for &String {}
}

/// What can be called: a [`Function`], or the name of a global function, with dots for
/// fields of tables. A name is looked up at each call; a handle is not.
///
/// ```
/// use luago::{Engine, Function, Sandbox};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// assert_eq!(sandbox.call::<String>("string.upper", "a")?, "A");
/// let upper: Function = sandbox.get("string.upper")?;
/// assert_eq!(sandbox.call::<String>(&upper, "a")?, "A");
/// # Ok::<(), luago::Error>(())
/// ```
pub trait Callee: sealed::Sealed {
    #[doc(hidden)]
    type Handle: Borrow<Function> + Send;

    #[doc(hidden)]
    fn resolve(self, sandbox: &mut Sandbox) -> Result<Self::Handle, Error>;
}

impl<'f> Callee for &'f Function {
    type Handle = &'f Function;

    fn resolve(self, _: &mut Sandbox) -> Result<&'f Function, Error> {
        Ok(self)
    }
}

impl Callee for &str {
    type Handle = Function;

    fn resolve(self, sandbox: &mut Sandbox) -> Result<Function, Error> {
        match sandbox.get::<Value>(self)? {
            Value::Function(function) => Ok(function),
            _ => Err(Error::missing(self)),
        }
    }
}

impl Callee for &String {
    type Handle = Function;

    fn resolve(self, sandbox: &mut Sandbox) -> Result<Function, Error> {
        self.as_str().resolve(sandbox)
    }
}

impl Sandbox {
    /// Loads a script and gives it as a function, which is called like any other: its
    /// arguments are the script's `...`. Several can be loaded side by side; they share the
    /// globals. The arguments of the [`Script`] are not used.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// let double = sandbox.load(&Script::new("double", "return 2 * ..."))?;
    /// assert_eq!(sandbox.call::<i64>(&double, 4)?, 8);
    /// assert_eq!(sandbox.call::<i64>(&double, 21)?, 42);
    /// # Ok::<(), luago::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::lua_error`] for an error of syntax.
    pub fn load(&mut self, script: &Script) -> Result<Function, Error> {
        let span = tracing::info_span!("load", script = %script.display_name()).entered();
        self.begin()?;
        let result = match self.guest.put(&script.input()) {
            Ok(true) => self.guest.call(exports::LOAD, script.parameters()),
            other => other.map(|_| NO_MEMORY),
        };
        let result = self.results(result);
        self.end();
        drop(span);
        result
    }

    /// A global variable, or with dots a field of a global table; nil where there is
    /// nothing. Metatables are not asked, so no code of the script's runs.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// sandbox.run(&Script::new("settings", "limits = { depth = 3 }"))?;
    /// assert_eq!(sandbox.get::<i64>("limits.depth")?, 3);
    /// assert_eq!(sandbox.get::<Option<i64>>("limits.width.max")?, None);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, Error> {
        self.begin()?;
        let (encoder, rules) = self.guest.store.data_mut().calls.writer();
        let written = path
            .split('.')
            .try_fold(0, |count, name| encoder.value(rules, name).map(|()| count + 1));
        let result = match written {
            Ok(count) => self.send_to(exports::GET, |len| (count, len)),
            Err(error) => return Err(Error::of_conversion(error.at_root(path))),
        };
        let result = self.results(result);
        self.end();
        result
    }

    /// Sets a global variable, or with dots a field of a global table. Tables on the way
    /// are made where there are none. Metatables are not asked, so no code of the script's
    /// runs.
    ///
    /// ```
    /// use luago::{Engine, Sandbox};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// sandbox.set("config.names", vec!["a", "b"])?;
    /// assert_eq!(sandbox.get::<String>("config.names.1").ok(), None); // a name, not an index
    /// assert_eq!(sandbox.get::<Vec<String>>("config.names")?, ["a", "b"]);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn set(&mut self, path: &str, value: impl Serialize) -> Result<(), Error> {
        let path: Vec<&str> = path.split('.').collect();
        self.set_at(false, &path, |encoder, rules| encoder.value(rules, &value))
    }

    fn set_at(
        &mut self,
        is_module: bool,
        path: &[impl AsRef<str>],
        write: impl FnOnce(&mut Encoder, &EncodeRules) -> Result<(), ConversionError>,
    ) -> Result<(), Error> {
        self.begin()?;
        let (encoder, rules) = self.guest.store.data_mut().calls.writer();
        path.iter()
            .try_for_each(|name| encoder.value(rules, name.as_ref()))
            .and_then(|()| write(encoder, rules))
            .map_err(|error| Error::of_conversion(error.at_root("value")))?;
        let count = path.len() as u32 + 1;
        let module = i32::from(is_module);
        let result = self.send_to(exports::SET, |len| (module, count, len));
        let result = match self.ending(result) {
            Ok(End::Returned) => Ok(()),
            Ok(end) => Err(Error::ended(end)),
            Err(error) => Err(error),
        };
        self.end();
        result
    }

    /// Calls a function of Lua. `arguments` is one value, a tuple for several, `()` for
    /// none; `R` is what comes back, in the same ways, where missing results are nil and
    /// further ones are dropped. Blocks the thread until the function and all tasks that
    /// it has spawned are done.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize)]
    /// struct Request { path: String, size: u64 }
    ///
    /// #[derive(Debug, PartialEq, Deserialize)]
    /// struct Verdict { allow: bool, reason: Option<String> }
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// sandbox.run(&Script::new("policy", r#"
    ///     function check(request, limit)
    ///         if request.size > limit then return { allow = false, reason = "too large" } end
    ///         return { allow = true }
    ///     end
    /// "#))?;
    /// let request = Request { path: "/up".to_string(), size: 9000 };
    /// let verdict: Verdict = sandbox.call("check", (request, 4096))?;
    /// assert_eq!(verdict, Verdict { allow: false, reason: Some("too large".to_string()) });
    /// # Ok::<(), luago::Error>(())
    /// ```
    ///
    /// The sandbox cannot be called from inside a host function; there is no way to write
    /// that:
    ///
    /// ```compile_fail
    /// # let engine = luago::Engine::new()?;
    /// let mut sandbox = luago::Sandbox::builder(&engine).build()?;
    /// sandbox.function("again", |_, ()| sandbox.call::<()>("again", ()))?;
    /// # Ok::<(), luago::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::lua_error`] for what Lua raised, after which the sandbox can be called
    /// again; [`Error::stop`] after which it cannot, unless it was for memory;
    /// [`Error::is_conversion`] for a value of another type than was asked for;
    /// [`Error::is_dead`], [`Error::is_missing`], [`Error::is_foreign`].
    pub fn call<R: DeserializeOwned>(
        &mut self,
        function: impl Callee,
        arguments: impl Serialize,
    ) -> Result<R, Error> {
        // A span costs more than the rest of a small call, even where nobody looks.
        if tracing::enabled!(tracing::Level::DEBUG) {
            let span = tracing::debug_span!("call");
            return span.in_scope(|| self.call_now(function, &arguments));
        }
        self.call_now(function, &arguments)
    }

    #[inline]
    fn call_now<R: DeserializeOwned, A: Serialize + ?Sized>(
        &mut self,
        function: impl Callee,
        arguments: &A,
    ) -> Result<R, Error> {
        let (function, count) = self.prepare(function, arguments)?;
        self.begin()?;
        let result = match self.guest.send_frame() {
            Ok(Some(len)) => self.guest.call_function((function.borrow().id(), count, len)),
            other => other.map(|_| NO_MEMORY),
        };
        let result = self.results(result);
        self.end();
        result
    }

    /// The same in a future, under any executor. While the function waits for an
    /// asynchronous host function the executor's thread is free, and every few
    /// milliseconds of computing others have their turn. (Tokio looks at the network
    /// only every 61 turns of tasks, unless its builder's `event_interval` says otherwise:
    /// where many scripts compute at once, a small one keeps connections alive.)
    ///
    /// Dropping the future ends the call where it is, and what it waited for; the sandbox
    /// is dead then, and [`reset`](Self::reset) makes a new one of it.
    ///
    /// ```
    /// use luago::{Context, Engine, Sandbox, Script};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut sandbox = Sandbox::builder(&Engine::new()?)
    ///     .async_function("fetch", |_: Context, key: String| async move {
    ///         tokio::task::yield_now().await;
    ///         Ok::<_, String>(key.len())
    ///     })
    ///     .build()?;
    /// let rule = sandbox.load(&Script::new("rule", "return fetch('four') + fetch('seventh')"))?;
    /// assert_eq!(sandbox.call_async::<i64>(&rule, ()).await?, 11);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_async<'a, R: DeserializeOwned + 'a>(
        &'a mut self,
        function: impl Callee,
        arguments: impl Serialize,
    ) -> Pin<Box<dyn Future<Output = Result<R, Error>> + Send + 'a>> {
        let prepared = self
            .prepare(function, &arguments)
            .map(|(function, count)| (function.borrow().clone(), count));
        let call = async move {
            let (function, count) = prepared?;
            self.begin()?;
            let result = match self.guest.send_frame() {
                Ok(Some(len)) => self.left_alone(exports::CALL, (function.id(), count, len)).await,
                other => other.map(|_| NO_MEMORY),
            };
            let result = self.results(result);
            self.end();
            result
        };
        Box::pin(call.instrument(tracing::debug_span!("call")))
    }

    /// Finds the function and writes the arguments.
    #[inline]
    fn prepare<F: Callee, A: Serialize + ?Sized>(
        &mut self,
        function: F,
        arguments: &A,
    ) -> Result<(F::Handle, u32), Error> {
        if self.is_dead {
            return Err(Error::dead());
        }
        let function = function.resolve(self)?;
        let (encoder, rules) = self.guest.store.data_mut().calls.writer();
        if !rules.owners.accepts(function.borrow().owner_id()) {
            return Err(Error::foreign());
        }
        let count = encoder.arguments(rules, arguments).map_err(Error::of_conversion)?;
        Ok((function, count))
    }

    /// Sends what was written and calls an export.
    fn send_to<P: wasmtime::WasmParams + Sync>(
        &mut self,
        export: Export<P>,
        parameters: impl FnOnce(u32) -> P,
    ) -> wasmtime::Result<i32> {
        match self.guest.send_frame()? {
            Some(len) => self.guest.call(export, parameters(len)),
            None => Ok(NO_MEMORY),
        }
    }

    /// The results that the guest has left, or how it ended instead.
    #[inline]
    fn results<R: DeserializeOwned>(&mut self, result: wasmtime::Result<i32>) -> Result<R, Error> {
        let result = self.with_last_output(result);
        if result.is_ok() && self.guest.leave_segments() {
            return Err(Error::ended(self.end_of(result)));
        }
        match result {
            Ok(DONE) => {
                let (memory, state) = self.guest.parts();
                let calls = &state.calls;
                let read = calls.mailbox.sent(memory.bytes()).and_then(|sent| {
                    calls.read(memory.bytes(), sent, |decoder| decoder.results::<R>())
                });
                match read {
                    Some(result) => result.map_err(Error::of_conversion),
                    None => Err(Error::ended(self.end_of(Err(broken("a frame is elsewhere"))))),
                }
            }
            Ok(UNSENDABLE) => {
                let (memory, state) = self.guest.parts();
                let number = state.calls.mailbox.problem_number(memory.bytes());
                Err(Error::of_conversion(state.calls.mailbox.problem(memory.bytes(), number)))
            }
            other => Err(self.ending(other).map_or_else(|error| error, Error::ended)),
        }
    }

    /// What is to stand before a line that a person types: the first of a statement, or one
    /// that goes on. The script can set it with the globals `_PROMPT` and `_PROMPT2`, as the
    /// manual says of the standalone interpreter; from 5.4 on that can run code of the script.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// assert_eq!(sandbox.prompt(true)?, "> ");
    /// sandbox.run(&Script::new("init", "_PROMPT2 = '... '"))?;
    /// assert_eq!(sandbox.prompt(false)?, "... ");
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn prompt(&mut self, is_first: bool) -> Result<BString, Error> {
        self.begin()?;
        let result = self.guest.call(exports::PROMPT, i32::from(is_first));
        let prompt = self.results(result);
        self.end();
        prompt
    }

    /// The names that a piece of a line can go on with: `string.fo` with `format`, `f:re` with
    /// `read`, `loc` with `local`. They are names of globals, of fields, and of methods where
    /// the last mark is a colon. No code of the script runs for it, not even a metamethod, and
    /// of very many names only some are found.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call), if there is no memory.
    ///
    /// ```
    /// use luago::{Engine, Sandbox};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// assert_eq!(sandbox.complete("string.re")?, ["rep", "reverse"]);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn complete(&mut self, text: impl AsRef<[u8]>) -> Result<Vec<BString>, Error> {
        let text = text.as_ref();
        self.begin()?;
        let result = match self.guest.put(&[text]) {
            Ok(true) => self.guest.call(exports::COMPLETE, text.len() as u32),
            other => other.map(|_| NO_MEMORY),
        };
        let names = self.results::<Vec<BString>>(result);
        self.end();
        let mut names = names?;
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The one value that the guest has left, if it has.
    pub(crate) fn read_value(&mut self) -> Option<Value> {
        let (memory, state) = self.guest.parts();
        let sent = state.calls.mailbox.sent(memory.bytes())?;
        state.calls.read(memory.bytes(), sent, |decoder| decoder.value::<Value>())?.ok()
    }

    /// Registers a function of the host; see
    /// [`SandboxBuilder::function`](crate::SandboxBuilder::function).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid`] if the name is taken by another one.
    pub fn function<A, R, E, F>(&mut self, name: &str, function: F) -> Result<(), Error>
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(&Context, A) -> Result<R, E> + Send + Sync + 'static,
    {
        self.register(HostFunction::blocking(name, function))
    }

    /// Registers a function that takes its time; see
    /// [`SandboxBuilder::async_function`](crate::SandboxBuilder::async_function).
    pub fn async_function<A, R, E, F, Fut>(&mut self, name: &str, function: F) -> Result<(), Error>
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(Context, A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        self.register(HostFunction::asynchronous(name, function))
    }

    fn register(&mut self, function: HostFunction) -> Result<(), Error> {
        let invalid = |mistake| Error::invalid(vec![mistake]);
        let config = Arc::make_mut(&mut self.config);
        let before = config.definitions.len();
        config.define_function(function).map_err(invalid)?;
        self.announce(before)
    }

    /// Adds a module, which Lua gets with `require`.
    pub fn module(&mut self, module: Module) -> Result<(), Error> {
        let config = Arc::make_mut(&mut self.config);
        let before = config.definitions.len();
        let mistakes = config.define_module(true, module);
        if !mistakes.is_empty() {
            config.definitions.truncate(before);
            return Err(Error::invalid(mistakes));
        }
        self.announce(before)
    }

    /// Tells the guest of what was added to the configuration after so many definitions,
    /// and takes it back if the guest cannot have it.
    fn announce(&mut self, before: usize) -> Result<(), Error> {
        let functions = self.config.functions.clone();
        self.guest.store.data_mut().calls.functions.add_named(&functions);
        let added = self.config.definitions[before..].to_vec();
        let result = added.iter().try_for_each(|definition| self.define(definition));
        if result.is_err() {
            Arc::make_mut(&mut self.config).definitions.truncate(before);
        }
        result
    }

    pub(crate) fn define(&mut self, definition: &Definition) -> Result<(), Error> {
        self.set_at(definition.is_module, &definition.path, |encoder, rules| {
            match &definition.target {
                Target::Value(value) => encoder.value(rules, value),
                Target::Function { id, is_async } => {
                    encoder.host_function(rules, *id, if *is_async { function::ASYNC } else { 0 })
                }
            }
        })
    }

    /// A function of a Go guest as a handle, to be called like any other; the guest is
    /// started if it has not been. See [`SandboxBuilder::go`](crate::SandboxBuilder::go).
    ///
    /// ```no_run
    /// # use luago::{Engine, GoGrant, GoModule, Sandbox};
    /// # let engine = Engine::new()?;
    /// # let geo = GoModule::from_file(&engine, "geo.wasm")?;
    /// let mut sandbox = Sandbox::builder(&engine).go("geo", geo, GoGrant::new()).build()?;
    /// let add = sandbox.guest_function("geo", "add")?;
    /// assert_eq!(sandbox.call::<i64>(&add, (2, 3))?, 5);
    /// # Ok::<(), luago::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::lua_error`] if there is no such guest or it cannot be started,
    /// [`Error::is_missing`] if it has no such function.
    pub fn guest_function(&mut self, guest: &str, function: &str) -> Result<Function, Error> {
        let script = Script::new("guest", "local g, f = ... return require('luago').guest(g)[f]");
        let find = self.load(&script)?;
        let found: Option<Function> = self.call(&find, (guest, function))?;
        found.ok_or_else(|| Error::missing(&format!("{guest}.{function}")))
    }

    /// Makes a function of Lua from one of the host, to be passed as a value. It lives
    /// as long as Lua or a handle has a use for it, and cannot be part of a template.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// let each = sandbox.load(&Script::new("each", "local f = ... return f(1) + f(2)"))?;
    /// let base = 10;
    /// let add = sandbox.create_function(move |_, n: i64| Ok::<_, String>(n + base))?;
    /// assert_eq!(sandbox.call::<i64>(&each, add)?, 23);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn create_function<A, R, E, F>(&mut self, function: F) -> Result<Function, Error>
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(&Context, A) -> Result<R, E> + Send + Sync + 'static,
    {
        self.begin()?;
        let calls = &mut self.guest.store.data_mut().calls;
        let id = calls.functions.add_owned(HostFunction::blocking("?", function));
        let (encoder, rules) = calls.writer();
        encoder.host_function(rules, id, function::OWNED).map_err(Error::of_conversion)?;
        let result = self.send_to(exports::HANDLE, |len| (1, len));
        let result = self.results(result);
        if result.is_err() {
            self.guest.store.data_mut().calls.functions.forget(id);
        }
        self.end();
        result
    }

    /// Hands a value to the host functions of this sandbox, which find it with
    /// [`Context::data`]; one of each type.
    pub fn set_data<T: Any + Send + Sync>(&mut self, value: T) {
        self.guest.store.data_mut().calls.context.data.insert(value);
    }
}
