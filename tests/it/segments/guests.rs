//! Sandboxes with Go guests that know segments.

use crate::go::guests::build;
use luago::{Engine, GoGrant, GoModule, Sandbox, SandboxBuilder, Sharing};
use luago_test_support::folders::compile_cache;
use luago_test_support::sandboxes::{limits, run};
use luago_test_support::versions::Lua;
use std::path::Path;
use std::sync::OnceLock;

struct Side {
    engine: OnceLock<Engine>,
    guest: OnceLock<GoModule>,
}

impl Side {
    const fn new() -> Side {
        Side { engine: OnceLock::new(), guest: OnceLock::new() }
    }
}

fn side(sharing: Sharing) -> &'static Side {
    static MAPPED: Side = Side::new();
    static COPIED: Side = Side::new();
    if sharing == Sharing::Mapped { &MAPPED } else { &COPIED }
}

/// One engine for each way of sharing.
pub fn engine(sharing: Sharing) -> &'static Engine {
    side(sharing).engine.get_or_init(|| {
        Engine::builder().cache_dir(compile_cache()).sharing(sharing).build().unwrap()
    })
}

/// The file of the Go guest.
pub fn file() -> &'static Path {
    static FILE: OnceLock<std::path::PathBuf> = OnceLock::new();
    FILE.get_or_init(|| build("segments"))
}

pub fn guest(sharing: Sharing) -> GoModule {
    let module = || GoModule::from_file(engine(sharing), file()).unwrap();
    side(sharing).guest.get_or_init(module).clone()
}

/// With a function `hand_over` that does nothing: where segments are copied, a guest sees at a
/// call of the host what was written by others, or by itself through another handle.
pub fn builder(lua: Lua, sharing: Sharing) -> SandboxBuilder {
    let builder = Sandbox::builder(engine(sharing)).lua(lua.parse().unwrap()).limits(limits());
    builder.function("hand_over", |_, ()| Ok::<_, String>(()))
}

/// Two instances of the guest, `a` with a grant and `b` with none, for code that finds them,
/// `luago` and `caught` in globals.
pub fn prepared(builder: SandboxBuilder, sharing: Sharing, grant: GoGrant) -> Sandbox {
    let mut sandbox = builder
        .go("a", guest(sharing), grant)
        .go("b", guest(sharing), GoGrant::new())
        .build()
        .unwrap();
    run(
        &mut sandbox,
        "luago = require 'luago' a = require 'a' b = require 'b'
         function caught(f, ...)
             local ok, why = pcall(f, ...)
             assert(not ok, 'there was no error')
             return tostring(why)
         end
         function says(expected, f, ...)
             local why = caught(f, ...)
             assert(why:find(expected, 1, true), why)
         end",
    );
    sandbox
}

pub fn granted(lua: Lua, sharing: Sharing, grant: GoGrant) -> Sandbox {
    prepared(builder(lua, sharing), sharing, grant)
}

pub fn sandbox(lua: Lua, sharing: Sharing) -> Sandbox {
    granted(lua, sharing, GoGrant::new())
}

/// One without Go, which knows `luago` and the same helpers.
pub fn lua_only(lua: Lua, sharing: Sharing) -> Sandbox {
    let mut sandbox = builder(lua, sharing).build().unwrap();
    run(
        &mut sandbox,
        "luago = require 'luago'
         function says(expected, f, ...)
             local ok, why = pcall(f, ...)
             assert(not ok, 'there was no error')
             assert(tostring(why):find(expected, 1, true), tostring(why))
         end",
    );
    sandbox
}
