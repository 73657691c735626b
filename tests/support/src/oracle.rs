//! The native Lua to compare with.

use crate::command::{Cli, program};
use crate::versions::Lua;
use luago_harness::target::Targets;
use std::sync::LazyLock;

static TARGETS: LazyLock<Targets> =
    LazyLock::new(|| Targets::new(Targets::default_folder().unwrap(), None).unwrap());

/// A command line of the native interpreter, which is built when first needed.
pub fn oracle(lua: Lua) -> Cli {
    program(TARGETS.native_program(lua.parse().unwrap()).unwrap())
}
