//! That C, Go and the documentation say what the crate says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../examples/generate/files/mod.rs"]
mod files;

use luago_abi::{
    Functions, GO_FUNCTIONS, GROUPS, IMPORT_MODULE, LUA_FUNCTIONS, go, lua, segment, version_of,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests").join(name)
}

fn names(lists: &[Functions]) -> BTreeSet<String> {
    lists.iter().flat_map(|list| list.functions).map(|f| f.name.to_string()).collect()
}

#[test]
fn the_files_for_c_and_go_are_what_make_abi_writes() {
    for file in files::all() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text == file.text, "{} is stale; run `make abi`", file.name);
    }
}

#[test]
fn no_two_constants_of_a_language_have_one_name() {
    for file in files::all() {
        let mut names = BTreeSet::new();
        for line in file.text.lines() {
            let line =
                line.trim_start().trim_start_matches("#define ").trim_start_matches("const ");
            let Some((name, _)) = line.split_once(['\t', ' ']) else { continue };
            let is_constant = line.contains(" = ") || line.contains('\t');
            assert!(!is_constant || names.insert(name), "{name} is twice in {}", file.name);
        }
        assert!(names.len() > 100, "{names:?}");
    }
}

#[test]
fn every_group_of_constants_is_listed() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let groups = std::fs::read_dir(source).unwrap().map(|file| {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        text.lines().filter(|line| *line == "facts! {").count()
    });
    assert_eq!(groups.sum::<usize>(), GROUPS.len());
}

#[test]
fn an_export_says_which_version_a_guest_speaks() {
    assert_eq!(version_of(["memory", lua::exports::ABI]), Some(lua::abi::VERSION));
    assert_eq!(version_of(["memory", go::exports::ABI]), Some(go::abi::VERSION));
    assert_eq!(version_of(["memory", "luago_abi_", "luago_abi_x"]), None);
}

/// What stands behind a directive of the Go compiler in the sources of the Go package.
fn directives(directive: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder("go/luago")).unwrap().map(|file| file.unwrap().path());
    let sources = files.filter(|path| path.extension().is_some_and(|kind| kind == "go"));
    let mut found = BTreeSet::new();
    for path in sources.filter(|path| !path.to_string_lossy().ends_with("_test.go")) {
        let text = std::fs::read_to_string(path).unwrap();
        found
            .extend(text.lines().filter_map(|line| line.strip_prefix(directive)).map(String::from));
    }
    found
}

#[test]
fn the_go_package_exports_what_the_host_calls() {
    let mut called = names(&[go::exports::FUNCTIONS]);
    // Go makes this one itself.
    assert!(called.remove(go::exports::INITIALIZE));
    assert_eq!(directives("//go:wasmexport "), called);
}

#[test]
fn the_go_package_imports_what_the_host_has() {
    let has = names(&[segment::imports::FUNCTIONS]);
    let imports: BTreeSet<String> =
        has.into_iter().map(|name| format!("{IMPORT_MODULE} {name}")).collect();
    assert_eq!(directives("//go:wasmimport "), imports);
}

/// That each of these functions stands on a page, with its parameters or by its name alone.
fn is_explained_in(page: &str, functions: &BTreeSet<String>) {
    let text = std::fs::read_to_string(folder(page)).unwrap();
    for name in functions {
        let is_there = ["(", "`"].iter().any(|end| text.contains(&format!("`{name}{end}")));
        assert!(is_there, "{page} says nothing of {name}");
    }
}

#[test]
fn the_page_of_lua_guests_explains_each_function() {
    let mut functions = names(LUA_FUNCTIONS);
    for only_of_go in [segment::imports::SEGMENT_WINDOW, segment::imports::RING_UNWAIT] {
        assert!(functions.remove(only_of_go));
    }
    is_explained_in("lua/ABI.md", &functions);
}

#[test]
fn the_page_of_go_guests_explains_each_function() {
    is_explained_in("go/ABI.md", &names(GO_FUNCTIONS));
}
