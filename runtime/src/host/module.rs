//! Functions and values of the host under one name.

use crate::host::context::Context;
use crate::host::error_store::BoxError;
use crate::host::function::HostFunction;
use crate::value::Value;
use crate::value::conversion_error::ConversionError;
use crate::value::to_value::to_value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// Functions and values of the host that Lua sees as a table: through `require` with
/// [`SandboxBuilder::module`](crate::SandboxBuilder::module), or as a global variable with
/// [`SandboxBuilder::global`](crate::SandboxBuilder::global).
///
/// ```
/// use luago::{Engine, Module, Sandbox, Script};
///
/// let shapes = Module::new("shapes")
///     .value("unit", "cm")
///     .function("area", |_, (width, height): (f64, f64)| Ok::<_, String>(width * height));
/// let engine = Engine::new()?;
/// let mut sandbox = Sandbox::builder(&engine).module(shapes).build()?;
/// let script = Script::new(
///     "rule",
///     "local shapes = require 'shapes' return shapes.area(3, 4), shapes.unit",
/// );
/// let rule = sandbox.load(&script)?;
/// assert_eq!(sandbox.call::<(f64, String)>(&rule, ())?, (12.0, "cm".to_string()));
/// # Ok::<(), luago::Error>(())
/// ```
pub struct Module {
    pub(crate) name: String,
    pub(crate) entries: Vec<(String, Entry)>,
    pub(crate) mistakes: Vec<String>,
}

pub(crate) enum Entry {
    Function(HostFunction),
    Value(Value),
}

impl Module {
    /// An empty module.
    pub fn new(name: impl Into<String>) -> Module {
        Module { name: name.into(), entries: Vec::new(), mistakes: Vec::new() }
    }

    /// A function; see [`SandboxBuilder::function`](crate::SandboxBuilder::function).
    pub fn function<A, R, E, F>(self, name: &str, function: F) -> Module
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(&Context, A) -> Result<R, E> + Send + Sync + 'static,
    {
        let full_name = format!("{}.{name}", self.name);
        self.entry(name, Entry::Function(HostFunction::blocking(&full_name, function)))
    }

    /// A function that takes its time; see
    /// [`SandboxBuilder::async_function`](crate::SandboxBuilder::async_function).
    pub fn async_function<A, R, E, F, Fut>(self, name: &str, function: F) -> Module
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(Context, A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let full_name = format!("{}.{name}", self.name);
        self.entry(name, Entry::Function(HostFunction::asynchronous(&full_name, function)))
    }

    /// A value. One that Lua cannot hold is an error of `build`.
    pub fn value(mut self, name: &str, value: impl Serialize) -> Module {
        match to_value(&value) {
            Ok(value) => self.entry(name, Entry::Value(value)),
            Err(error) => {
                self.mistakes.push(mistake(&format!("{}.{name}", self.name), &error));
                self
            }
        }
    }

    fn entry(mut self, name: &str, entry: Entry) -> Module {
        self.entries.push((name.to_string(), entry));
        self
    }
}

fn mistake(name: &str, error: &ConversionError) -> String {
    format!("the value '{name}' cannot be passed: {error}")
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.entries.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Module").field("name", &self.name).field("entries", &names).finish()
    }
}
