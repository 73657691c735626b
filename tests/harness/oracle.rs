//! Native Lua: the same sources as the guests', and `lua` as people know it.

use luago_harness::corpus::Case;
use luago_harness::lua::Lua;
use luago_harness::target::{Bounds, End, Observation, Target, Targets};
use std::path::Path;

fn run(lua: Lua, code: &str) -> Observation {
    let targets = Targets::new(Targets::default_folder().unwrap(), None).unwrap();
    let case = Case::new("script", code).unwrap();
    case.with_job(Bounds::default(), |job| targets.run(Target::native(lua), job)).unwrap()
}

/// The version of a package in a lock file.
fn locked(lock: &str, package: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join(lock)).unwrap();
    let head = format!("name = \"{package}\"\nversion = \"");
    let at = text.find(&head).unwrap_or_else(|| panic!("{lock} does not name {package}"));
    let rest = &text[at + head.len()..];
    assert!(!rest.contains(&head), "{lock} names {package} twice");
    rest.split('"').next().unwrap().to_string()
}

#[test]
fn guests_and_the_oracle_are_built_from_the_same_sources() {
    assert_eq!(locked("Cargo.lock", "lua-src"), locked("harness/oracle/Cargo.lock", "lua-src"));
}

#[test]
fn each_native_lua_says_who_it_is() {
    for lua in Lua::ALL {
        let seen = run(lua, "print(_VERSION, jit and jit.version:match('%a+'))");
        let expected = match lua {
            Lua::Jit => "Lua 5.1\tLuaJIT\n".to_string(),
            Lua::Luau => "Luau\tnil\n".to_string(),
            puc => format!("Lua {puc}\tnil\n"),
        };
        assert_eq!((seen.end, String::from_utf8(seen.stdout).unwrap()), (End::Exit(0), expected));
    }
}

#[test]
fn memory_is_counted_and_bounded_in_every_native_lua() {
    for lua in Lua::ALL {
        let seen = run(lua, "local s = ('x'):rep(10 * 2^20); print(#s)");
        assert_eq!(seen.end, End::Exit(0), "{lua}");
        let megabytes = seen.peak_memory >> 20;
        assert!((10..50).contains(&megabytes), "{lua}: {megabytes} MiB");
        let seen = run(lua, "local t = {} for i = 1, 1e9 do t[i] = i end");
        assert_eq!(seen.end, End::Memory, "{lua}: {}", String::from_utf8_lossy(&seen.stderr));
    }
}

#[test]
fn a_script_that_asks_for_its_exit_code_gets_it() {
    for lua in Lua::ALL.into_iter().filter(|lua| *lua != Lua::Luau) {
        assert_eq!(run(lua, "io.write('x') os.exit(3)").end, End::Exit(3), "{lua}");
    }
}
