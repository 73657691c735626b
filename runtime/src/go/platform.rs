//! What Go guests run on: a wasmtime engine of their own, with the host's functions.

use super::state::State;
use super::{poll, wasi};
use crate::engine::depth::Depth;
use std::collections::HashMap;
use std::sync::LazyLock;
use wasmtime::{Config, Extern, InstancePre, Linker, Module, Store};

/// An engine, and everything that a guest can import.
pub(crate) struct Platform {
    pub engine: wasmtime::Engine,
    linker: Linker<State>,
}

impl Platform {
    pub fn new(metered: bool, depth: Depth) -> wasmtime::Result<Platform> {
        let mut config = Config::new();
        config.epoch_interruption(true);
        config.consume_fuel(metered);
        config.cranelift_nan_canonicalization(metered);
        config.wasm_backtrace_max_frames(None);
        config.generate_address_map(false);
        config.native_unwind_info(crate::platform::unwinding::NEEDS_TABLES);
        config.concurrency_support(false);
        config.max_wasm_stack(depth.bytes());
        // Nothing runs on one of wasmtime's, but it wants the one to have room in the other.
        config.async_stack_size(depth.bytes());
        // Segments are mapped at addresses.
        config.memory_may_move(false);
        // Go's compiler uses none of these, and a guest is to have one memory, whose size
        // is its limit.
        config.wasm_exceptions(false);
        config.wasm_function_references(false);
        config.wasm_gc(false);
        config.wasm_memory64(false);
        config.wasm_multi_memory(false);
        config.wasm_relaxed_simd(false);
        config.wasm_threads(false);
        let engine = wasmtime::Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        crate::host::wasi::add_files_to_linker(&mut linker)?;
        crate::host::wasi::add_more_files_to_linker(&mut linker)?;
        linker.allow_shadowing(true);
        wasi::add_to_linker(&mut linker)?;
        poll::add_to_linker(&mut linker)?;
        crate::memory::imports::add_to_linker(&mut linker)?;
        Ok(Platform { engine, linker })
    }

    pub fn link(&self, module: &Module) -> wasmtime::Result<InstancePre<State>> {
        self.linker.instantiate_pre(module)
    }
}

/// What the host has for guests, to check them against before they are compiled.
pub(crate) struct Host {
    engine: wasmtime::Engine,
    /// Signatures by module and name.
    functions: HashMap<(String, String), String>,
}

static HOST: LazyLock<wasmtime::Result<Host>> = LazyLock::new(|| {
    let Platform { engine, linker } = Platform::new(false, Depth::of(Depth::MIN))?;
    let mut store = Store::try_new(&engine, State::idle())?;
    let externs: Vec<_> = linker
        .iter(&mut store)
        .map(|(module, name, item)| (module.to_string(), name.to_string(), item))
        .collect();
    let mut functions = HashMap::new();
    for (module, name, item) in externs {
        if let Extern::Func(function) = item {
            let ty = function.ty(&store);
            let signature = signature(ty.params(), ty.results());
            functions.insert((module, name), signature);
        }
    }
    Ok(Host { engine, functions })
});

impl Host {
    /// The host of every Go guest.
    pub fn get() -> Result<&'static Host, String> {
        HOST.as_ref().map_err(|error| format!("WebAssembly cannot be started here: {error:#}"))
    }

    /// The signature of a function that guests can import.
    pub fn function(&self, module: &str, name: &str) -> Option<&str> {
        self.functions.get(&(module.to_string(), name.to_string())).map(String::as_str)
    }

    pub fn validate(&self, wasm: &[u8]) -> wasmtime::Result<()> {
        Module::validate(&self.engine, wasm)
    }
}

/// Types of parameters and results: `(i32, i64) -> (i32)`.
pub(crate) fn signature<T: std::fmt::Display>(
    params: impl IntoIterator<Item = T>,
    results: impl IntoIterator<Item = T>,
) -> String {
    let list = |types: &mut dyn Iterator<Item = T>| {
        types.map(|ty| ty.to_string()).collect::<Vec<_>>().join(", ")
    };
    let params = list(&mut params.into_iter());
    match list(&mut results.into_iter()) {
        results if results.is_empty() => format!("({params})"),
        results => format!("({params}) -> ({results})"),
    }
}
