//! The page on the Lua module `luago` has all of it.

use crate::page::{Page, home, root};
use std::process::Command;

const LIST: &str = "for name in pairs(require 'luago') do print(name) end";

/// The names of the methods in the tables of `guests/lua/views.c`, and of those that are written
/// in Lua.
fn methods() -> Vec<String> {
    let source = std::fs::read_to_string(root().join("guests/lua/views.c")).unwrap();
    let mut names = Vec::new();
    let mut rest = source.as_str();
    while let Some((_, after)) = rest.split_once("_methods[] = {") {
        let (table, after) = after.split_once("};").unwrap();
        names.extend(table.split("{\"").skip(1).map(|entry| entry.split('"').next().unwrap()));
        rest = after;
    }
    let (_, after) = source.split_once("names[] = {").unwrap();
    names.extend(after.split('}').next().unwrap().split('"').skip(1).step_by(2));
    names.into_iter().map(String::from).collect()
}

#[test]
fn the_page_on_the_module_has_every_function_and_method() {
    let page = Page::read("docs/src/lua-module.md").text;
    let ended = Command::new(env!("CARGO_BIN_EXE_luago-run"))
        .args(["-e", LIST])
        .env("XDG_CACHE_HOME", home().join("cache"))
        .output()
        .unwrap();
    let functions = String::from_utf8(ended.stdout).unwrap();
    let functions = functions.lines().map(|name| format!("`luago.{name}"));
    let methods = methods();
    // Those that read a number are listed after the first of them.
    let is_there = |name: &String| {
        [format!(":{name}("), format!(".{name}`"), format!("`{name}`")]
            .iter()
            .any(|form| page.contains(form))
    };
    let mut missing: Vec<String> = functions.filter(|name| !page.contains(name)).collect();
    missing.extend(methods.iter().filter(|name| !is_there(name)).cloned());
    assert!(missing.is_empty(), "the page lacks {missing:?}");
    assert!(methods.len() > 40, "only {} methods were found", methods.len());
}
