//! From a module that would open its libraries to one that has opened them.

use anyhow::{Result, anyhow};
use luago_abi::lua::setup::SETUP;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wasmtime::{Engine, Instance, Linker, Module, Store, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

/// Runs the export that sets the guest up, and stores what it left in memory.
pub fn snapshot(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut wizer = Wizer::new();
    wizer.init_func(SETUP);
    let (context, instrumented) = wizer.instrument(wasm).map_err(|e| anyhow!("{e:?}"))?;

    let engine = Engine::default();
    let module = Module::new(&engine, &instrumented).map_err(|e| anyhow!("{e:?}"))?;
    let mut linker = Linker::new(&engine);
    let mut store = Store::new(&engine, ());
    // The C library looks for directories as it starts, and there are none yet.
    const BADF: i32 = 8;
    linker
        .func_wrap("wasi_snapshot_preview1", "fd_prestat_get", |_: i32, _: i32| BADF)
        .map_err(|e| anyhow!("{e:?}"))?;
    // A snapshot depends on nothing outside: whatever else it asks for is an error.
    linker.define_unknown_imports_as_traps(&module).map_err(|e| anyhow!("{e:?}"))?;
    let instance = linker.instantiate(&mut store, &module).map_err(|e| anyhow!("{e:?}"))?;
    instance
        .get_typed_func::<(), ()>(&mut store, SETUP)
        .and_then(|setup| setup.call(&mut store, ()))
        .map_err(|e| anyhow!("{SETUP} failed: {e:?}"))?;

    let mut state = State { store: &mut store, instance };
    let future = pin!(wizer.snapshot(&context, &mut state));
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.map_err(|e| anyhow!("{e:?}")),
        Poll::Pending => Err(anyhow!("the snapshot waits for something")),
    }
}

struct State<'a> {
    store: &'a mut Store<()>,
    instance: Instance,
}

impl InstanceState for State<'_> {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut *self.store, name);
        match global.map(|global| global.get(&mut *self.store)) {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(value)) => SnapshotVal::F32(value),
            Some(Val::F64(value)) => SnapshotVal::F64(value),
            other => panic!("the guest has a global `{name}` of an unexpected type: {other:?}"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.instance.get_memory(&mut *self.store, name) {
            Some(memory) => contents(memory.data(&*self.store)),
            None => panic!("the guest has no memory `{name}`"),
        }
    }
}
