//! The Go guests of these tests, compiled from source once.

use luago::{GoGrant, GoModule, Sandbox, SandboxBuilder};
use luago_test_support::go_build_as;
use luago_test_support::sandboxes::engine;
use luago_test_support::sandboxes::{builder, limits};
use luago_test_support::versions::Lua;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Compiles the program in a folder of `tests/it/guests`.
pub fn build(folder: &str) -> PathBuf {
    build_as("c-shared", folder)
}

/// The same in another mode of building: `exe` makes a command.
pub fn build_as(mode: &str, folder: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (guests, sdk) = (root.join("tests/it/guests"), root.join("guests/go/luago"));
    go_build_as(mode, &guests.join(folder), &[&guests, &sdk])
}

/// The file of the guest that does what it is told to.
pub fn fixtures_file() -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| build("fixtures"))
}

/// That guest, as a module of the engine that all tests share.
pub fn fixtures() -> GoModule {
    static MODULE: OnceLock<GoModule> = OnceLock::new();
    MODULE.get_or_init(|| GoModule::from_file(engine(), fixtures_file()).unwrap()).clone()
}

/// Two sandboxed instances of it, `fixtures` with a grant and `more` with none, for code that
/// finds them and the module `luago` in globals.
pub fn prepared(builder: SandboxBuilder, grant: GoGrant) -> Sandbox {
    let mut sandbox = builder
        .go("fixtures", fixtures(), grant)
        .go("more", fixtures(), GoGrant::new())
        .build()
        .unwrap();
    luago_test_support::sandboxes::run(
        &mut sandbox,
        "luago = require 'luago' fixtures = require 'fixtures' more = require 'more'
         function caught(f, ...)
             local ok, why = pcall(f, ...)
             assert(not ok, 'there was no error')
             return tostring(why)
         end",
    );
    sandbox
}

/// The same for a version of Lua, under limits that only end what hangs.
pub fn granted(lua: Lua, grant: GoGrant) -> Sandbox {
    prepared(builder(lua), grant)
}

/// The same without a deadline, which would be one of every context in Go too.
pub fn timeless(lua: Lua) -> Sandbox {
    prepared(builder(lua).limits(limits().deadline(None)), GoGrant::new())
}

pub fn plain(lua: Lua) -> Sandbox {
    granted(lua, GoGrant::new())
}
