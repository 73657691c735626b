//! Blocks of Lua.

use crate::page::{home, pages};
use std::io::Write;
use std::process::{Command, Stdio};

/// A script that compiles its input, and fails with the message of the compiler.
const COMPILE: &str = "assert(load(io.read 'a', '=block'))";

#[test]
fn every_block_of_lua_compiles() {
    let mut count = 0;
    let mut faults = String::new();
    for block in pages().iter().flat_map(|page| page.blocks()) {
        if block.language != "lua" {
            continue;
        }
        count += 1;
        let mut child = Command::new(env!("CARGO_BIN_EXE_luago-run"))
            .args(["-e", COMPILE])
            .env("XDG_CACHE_HOME", home().join("cache"))
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(block.code.as_bytes()).unwrap();
        let ended = child.wait_with_output().unwrap();
        if !ended.status.success() {
            faults += &format!("{}: {}\n", block.place, String::from_utf8_lossy(&ended.stderr));
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(count > 5, "only {count} blocks of Lua were found");
}
