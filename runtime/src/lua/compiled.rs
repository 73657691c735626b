//! What a sandbox has of functions that are compiled.

use crate::engine::functions::{Digest, Functions};
use std::collections::HashMap;
use std::sync::Arc;
use wasmtime::Module;

/// The most functions of one sandbox: each takes an instance in its store.
pub(super) const MOST_FUNCTIONS: usize = 1000;

/// The most instructions of the functions that one sandbox wants compiled: each takes some 100 to
/// 300 microseconds of a thread that all sandboxes of the engine share.
pub(super) const MOST_WANTED: usize = 100_000;

/// What a sandbox has of it.
#[derive(Clone)]
pub(crate) struct Compiled {
    pub functions: Arc<Functions>,
    /// Where their code is in the guest's table.
    pub places: HashMap<Digest, u32>,
    /// What is in it, in order.
    pub modules: Vec<Module>,
    /// The instructions of all that were asked for, whatever has become of them.
    pub wanted: usize,
}

impl Compiled {
    pub fn new(functions: Arc<Functions>) -> Compiled {
        Compiled { functions, places: HashMap::new(), modules: Vec::new(), wanted: 0 }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.modules.len() as u64
    }
}
