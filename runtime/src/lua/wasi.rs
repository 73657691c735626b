//! What WASI serves to a Lua guest.

use super::guest::State;
use crate::stopping::Halt;
use crate::wasi::{Files, WasiState};
use wasmtime::Memory;

pub(crate) use crate::wasi::add_files_to_linker as add_to_linker;

impl WasiState for State {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }

    fn files(&mut self) -> &mut Files {
        State::files(self)
    }

    fn look(&mut self) -> wasmtime::Result<()> {
        match self.control.reason() {
            Some(stop) => Err(Halt::Stop(stop).into()),
            None => Ok(()),
        }
    }
}
