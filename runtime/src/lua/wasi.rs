//! What WASI serves to a Lua guest.

use super::guest::State;
use crate::wasi::WasiState;
use wasmtime::Memory;
use wasmtime_wasi::p1::WasiP1Ctx;

pub(crate) use crate::wasi::add_files_to_linker as add_to_linker;

impl WasiState for State {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }

    fn wasi(&mut self) -> &mut WasiP1Ctx {
        State::wasi(self)
    }
}
