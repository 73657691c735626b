//! The start of a Go program: its instance, its exports, and its control block.

use super::{Entry, Environment, Exit, Exports, GoGuest, enter, prepare};
use crate::engine::core::EngineCore;
use crate::go::control_block::ControlBlock;
use crate::go::module::GoModule;
use crate::go::stack::Stack;
use crate::go::state::{State, at_tick};
use crate::grants::go_grant::GoGrant;
use crate::memory::bytes::GuestBytes;
use crate::memory::install_watch;
use luago_abi::go::exports;
use luago_abi::segment::imports;
use std::sync::Arc;
use wasmtime::{Instance, Store};

impl GoGuest {
    /// Instantiates a module and runs its `init` functions.
    pub fn start(
        engine: &Arc<EngineCore>,
        module: &GoModule,
        name: &str,
        grant: &GoGrant,
        environment: Environment,
        entry: &Entry,
    ) -> Result<GoGuest, Exit> {
        let fail = |why: &str| Exit::start(name, why);
        if !module.is_of(engine) {
            return Err(fail("its module was loaded for another engine"));
        }
        let metered = environment.metered;
        let pre =
            module.prepare(metered, grant.depth()).map_err(|error| fail(&error.to_string()))?;
        let mut stack = Stack::new(grant.depth())
            .map_err(|error| fail(&format!("there is no memory for its stack: {error}")))?;
        let state = State::new(grant, environment).map_err(|why| fail(&why))?;
        let watch = state.segments.watch().clone();
        let mut store = Store::new(pre.module().engine(), state);
        let engine = store.engine().clone();
        // To advance the epoch is to add one to an atomic. Whatever else runs in the engine is
        // looked at, too, and goes on.
        let stop = move || engine.increment_epoch();
        install_watch(&mut store, watch, pre.module().image_range(), stop);
        store.limiter(|state| &mut state.limiter);
        store.epoch_deadline_callback(at_tick);
        prepare(&mut store, metered, entry);
        enter(&mut store);
        let instance = match stack.run(|| pre.instantiate(&mut store)) {
            Ok(instance) => instance,
            Err(error) => {
                return Err(match store.data().limiter.refused() {
                    Some(size) => fail(&format!(
                        "it needs {size} bytes of memory to begin with, and its limit is {}; \
                         grant it more",
                        grant.memory
                    )),
                    None => fail(&format!("{error:#}")),
                });
            }
        };
        if !pre.module().imports().any(|import| import.name() == imports::SEGMENT_DROP) {
            store.data().segments.handles.refuse_all();
        }
        let memory = instance
            .get_memory(&mut store, luago_abi::MEMORY)
            .ok_or_else(|| fail("it exports no memory"))?;
        store.data_mut().memory = Some(memory);
        let linked = |error: wasmtime::Error| fail(&format!("{error:#}"));
        let exports = Exports::find(&instance, &mut store).map_err(linked)?;
        let initialize =
            instance.get_typed_func::<(), ()>(&mut store, exports::INITIALIZE).map_err(linked)?;
        let ready =
            instance.get_typed_func::<(), u32>(&mut store, exports::READY).map_err(linked)?;
        let at = stack
            .run(|| initialize.call(&mut store, ()))
            .and_then(|()| {
                enter(&mut store);
                stack.run(|| ready.call(&mut store, ()))
            })
            .map_err(|error| Exit::of(name, grant.busy, &error, store.data_mut()))?;
        let data = &GuestBytes::of(&memory, &store);
        let block = ControlBlock::read(data, at).map_err(|what| Exit::abi(name, what))?;
        let functions = block.functions(data).map_err(|what| Exit::abi(name, &what))?;
        let name = name.to_string();
        let busy = grant.busy;
        let exit = None;
        Ok(GoGuest { store, stack, memory, block, exports, functions, name, busy, metered, exit })
    }
}

impl Exports {
    fn find(instance: &Instance, store: &mut Store<State>) -> wasmtime::Result<Exports> {
        Ok(Exports {
            room: instance.get_typed_func(&mut *store, exports::ROOM)?,
            call: instance.get_typed_func(&mut *store, exports::CALL)?,
            start: instance.get_typed_func(&mut *store, exports::START)?,
            deliver: instance.get_typed_func(&mut *store, exports::DELIVER)?,
            cancel: instance.get_typed_func(&mut *store, exports::CANCEL)?,
            drop_stream: instance.get_typed_func(&mut *store, exports::DROP_STREAM)?,
            poll: instance.get_typed_func(&mut *store, exports::POLL)?,
            close: instance.get_typed_func(&mut *store, exports::CLOSE)?,
        })
    }
}
