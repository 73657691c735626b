//! Sandboxes that are called with values.

use crate::folders::compile_cache;
use crate::versions::Lua;
use luago::{Engine, Error, Function, Limits, Sandbox, SandboxBuilder, Script};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::OnceLock;
use std::time::Duration;

/// One engine for all tests, as a process has.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::builder().cache_dir(compile_cache()).build().unwrap())
}

/// Limits under which a test that hangs fails instead.
pub fn limits() -> Limits {
    Limits::default().deadline(Duration::from_secs(60))
}

/// A builder with these limits.
pub fn builder(lua: Lua) -> SandboxBuilder {
    Sandbox::builder(engine()).lua(lua.parse().unwrap()).limits(limits())
}

/// A sandbox with these limits.
pub fn sandbox(lua: Lua) -> Sandbox {
    builder(lua).build().unwrap()
}

/// Loads a chunk.
pub fn load(sandbox: &mut Sandbox, code: &str) -> Function {
    sandbox.load(&Script::new("test", code)).unwrap()
}

/// Runs code for what it defines.
#[track_caller]
pub fn run(sandbox: &mut Sandbox, code: &str) {
    let outcome = sandbox.run(&Script::new("test", code)).unwrap();
    assert!(outcome.is_returned(), "{outcome:?}");
}

/// Calls a chunk once.
pub fn call<R: DeserializeOwned>(
    sandbox: &mut Sandbox,
    code: &str,
    arguments: impl Serialize,
) -> Result<R, Error> {
    let chunk = sandbox.load(&Script::new("test", code))?;
    sandbox.call(&chunk, arguments)
}

/// Calls a chunk that gives a result.
#[track_caller]
pub fn result<R: DeserializeOwned>(sandbox: &mut Sandbox, code: &str) -> R {
    match call(sandbox, code, ()) {
        Ok(result) => result,
        Err(error) => panic!("{code}: {error}"),
    }
}

/// What a result that is an error says, without a traceback.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let text = result.unwrap_err().to_string();
    match text.split_once("\nstack traceback:") {
        Some((message, _)) => message.to_string(),
        None => text,
    }
}
