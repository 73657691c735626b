//! What passes between Lua and Go guests.

mod answers;
mod events;
mod tasks;
mod workers;

use crate::wat::engine;
use luago::GoModule;
use luago_test_support::go_build;
use std::path::Path;

/// Code that calls `r.f` and says what came of it.
const CALL: &str = "local r = require 'r' local ok, why = pcall(r.f) why = tostring(why)";

/// A guest that Go has compiled, from a folder beside these tests.
fn compiled(folder: &str) -> GoModule {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = go_build(
        &root.join("tests/boundary/guests").join(folder),
        &[&root.join("guests/go/luago")],
    );
    GoModule::from_file(engine(), file).unwrap()
}
