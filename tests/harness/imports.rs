//! Which file may import which.

use crate::layers::{Layers, Violation, dependencies, violations};
use std::path::Path;
use tempfile::TempDir;

/// The layers of the harness, from the top down.
const HARNESS: Layers<'_> = &[
    &["main", "lib"],
    &["cli"],
    &["run", "render"],
    &["corpus"],
    &["generate", "target"],
    &["report", "lua", "files"],
];

/// Those of the crate `luago`.
const RUNTIME: Layers<'_> = &[
    &["lib"],
    &["api"],
    &["lua"],
    &["bridge"],
    &["go"],
    &["grants"],
    &["host"],
    &["engine"],
    &["error"],
    &["outcome"],
    &["frame"],
    &["memory"],
    &["value"],
    &["ledger"],
    &["platform"],
];

/// Those of the crate `luago-segment`.
const SEGMENT: Layers<'_> = &[
    &["lib", "internal"],
    &["passing"],
    &["ring", "view"],
    &["layout/layout_macro"],
    &["plain"],
    &["layout"],
    &["periodic_wake", "segment"],
    &["serde_bridge", "shared"],
    &["host_mapping"],
    &["barrier", "memfd", "region", "waiters"],
    &["error", "side"],
];

/// Those of the crate `luago-abi`.
const ABI: Layers<'_> = &[
    &["lib"],
    &[
        "compiled", "frame", "go", "layout", "lua", "mailbox", "polling", "report", "ring",
        "segment",
    ],
    &["fact"],
];

/// Those of the crate `luago-compiler`.
const COMPILER: Layers<'_> = &[
    &["lib"],
    &["module"],
    &["emit"],
    &["registers"],
    &["body", "effect", "flow"],
    &["bytecode", "helpers", "refusal"],
];

/// Those of the command `luago-run`.
const COMMAND: Layers<'_> = &[
    &["main"],
    &["run"],
    &["plan", "repl", "report", "trace"],
    &["completion", "destination", "go", "inspect", "programs", "terminal"],
    &["args", "places", "reading"],
    &["exit_code", "platform"],
];

#[track_caller]
fn points_down(folder: &str, layers: Layers<'_>) {
    let found = violations(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), layers);
    let found: Vec<String> = found.iter().map(Violation::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_of_the_harness_imports_from_a_higher_layer() {
    points_down("src", HARNESS);
}

#[test]
fn no_file_of_the_crate_imports_from_a_higher_layer() {
    points_down("../runtime/src", RUNTIME);
}

#[test]
fn no_file_of_the_segment_crate_imports_from_a_higher_layer() {
    points_down("../runtime/segment/src", SEGMENT);
}

#[test]
fn no_file_of_the_abi_crate_imports_from_a_higher_layer() {
    points_down("../runtime/abi/src", ABI);
}

#[test]
fn no_file_of_the_compiler_imports_from_a_higher_layer() {
    points_down("../runtime/compiler/src", COMPILER);
}

#[test]
fn no_file_of_the_command_imports_from_a_higher_layer() {
    points_down("../runtime/cli", COMMAND);
}

/// A crate with these sources.
fn sources(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The dependencies of a crate, as `from to`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let ends = |path: &Path| path.display().to_string().replace('\\', "/");
    let folder = sources(files);
    let found = dependencies(folder.path());
    found.iter().map(|one| format!("{} {}", ends(&one.from), ends(&one.to))).collect()
}

/// Asserts what `a.rs` imports from, with this text and in a crate with other files.
#[track_caller]
fn a_imports(text: &str, targets: &[&str]) {
    let found = found(&[
        ("lib.rs", "mod a;\nmod b;\nmod deep;\npub use deep::inner::Inner;\n"),
        ("a.rs", text),
        ("b.rs", "pub use crate::deep::Middle as Renamed;\npub struct B;\npub fn b() {}\n"),
        ("deep/mod.rs", "pub mod inner;\npub use inner::{Inner, other};\npub struct Middle;\n"),
        (
            "deep/inner.rs",
            "pub struct Inner;\npub fn other() {}\npub mod inline { pub fn f() {} }\n",
        ),
    ]);
    let found: Vec<&str> = found.iter().filter_map(|one| one.strip_prefix("a.rs ")).collect();
    assert_eq!(found, targets, "{text}");
}

#[test]
fn imports_are_found_in_groups_and_through_renames_globs_and_super() {
    a_imports("use crate::b::B;", &["b.rs"]);
    a_imports("use super::{b::{self, B}, deep::{Middle as M}};", &["b.rs", "deep/mod.rs"]);
    a_imports("use crate::b; fn f() { b::b() }", &["b.rs"]);
    a_imports("mod x { fn f(_: super::super::b::B) {} }", &["b.rs"]);
    a_imports("fn f() { use crate::b::*; }", &["b.rs", "deep/mod.rs"]);
}

#[test]
fn re_exports_lead_to_the_file_that_defines() {
    a_imports("use crate::Inner;", &["deep/inner.rs"]);
    a_imports("use crate::deep::Inner;", &["deep/inner.rs"]);
    a_imports("use crate::b::Renamed;", &["deep/mod.rs"]);
    a_imports("use super::deep::*;", &["deep/inner.rs", "deep/mod.rs"]);
}

#[test]
fn paths_are_found_in_code_attributes_and_macros() {
    a_imports("fn f() -> Vec<crate::b::B> { todo!() }", &["b.rs"]);
    a_imports("use crate::deep as d; fn f() { d::inner::inline::f() }", &["deep/inner.rs"]);
    a_imports(
        "fn f() { let _ = format!(\"{:?}\", vec![crate::deep::other()]); }",
        &["deep/inner.rs"],
    );
    a_imports("macro_rules! m { () => { $crate::b::b() } }", &["b.rs"]);
    a_imports(
        "#[some(with = \"crate::b::B\", also = crate::deep::Middle)] struct S;",
        &["b.rs", "deep/mod.rs"],
    );
    a_imports(
        "impl crate::b::B { fn f(&self) -> super::deep::Middle { Self::g() } }",
        &["b.rs", "deep/mod.rs"],
    );
}

#[test]
fn names_of_other_crates_fields_locals_and_tests_are_no_imports() {
    a_imports("use std::collections::HashMap; use ::b::B; fn f(b: u8, s: S) { s.deep; g(b) }", &[]);
    a_imports("fn f() { println!(\"{}\", x.b.deep::<u8>()); let deep = ::b::B; }", &[]);
    a_imports(
        "#[cfg(test)] mod tests { use crate::b::B; } #[cfg(all(test, unix))] use crate::b::b;",
        &[],
    );
    a_imports("use crate::deep; use super::b as c;", &[]);
}

#[test]
fn modules_are_found_where_rust_finds_them() {
    let found = found(&[
        ("main.rs", "mod a; mod inline { mod b; }\n#[path = \"x/other.rs\"] mod c;\nfn main() {}"),
        ("a.rs", "mod below;"),
        ("a/below.rs", "use crate::c::C;"),
        ("inline/b.rs", "use super::super::a;\nfn f() -> crate::c::near::Near {}"),
        ("x/other.rs", "pub mod near;\npub struct C;"),
        ("x/near.rs", "pub struct Near;"),
    ]);
    assert_eq!(found, ["a/below.rs x/other.rs", "inline/b.rs x/near.rs"]);
}

#[test]
fn two_modules_of_one_name_for_two_systems_are_both_seen() {
    let found = found(&[
        (
            "lib.rs",
            "mod a;\n#[cfg(unix)] #[path = \"u.rs\"] mod sys;\n#[cfg(windows)] #[path = \"w.rs\"] mod sys;",
        ),
        ("a.rs", "use crate::sys::open;"),
        ("u.rs", "pub fn open() {}"),
        ("w.rs", "pub fn open() {}"),
    ]);
    assert_eq!(found, ["a.rs u.rs", "a.rs w.rs"]);
}

#[test]
fn macros_are_found_by_path_and_by_place() {
    let found = found(&[
        ("lib.rs", "#[macro_use] mod m;\nmod a;\nmod b;"),
        ("m.rs", "#[macro_export] macro_rules! out { () => {} }\nmacro_rules! own { () => {} }"),
        ("a.rs", "crate::out!();"),
        ("b.rs", "fn f() { own!(); format!(\"\"); }"),
    ]);
    assert_eq!(found, ["a.rs m.rs", "b.rs m.rs"]);
}

/// The violations of a table, as text.
fn shown(files: &[(&str, &str)], layers: Layers<'_>) -> Vec<String> {
    let folder = sources(files);
    violations(folder.path(), layers).iter().map(Violation::to_string).collect()
}

const THREE: &[(&str, &str)] = &[
    ("lib.rs", "pub mod top; mod low; mod side;"),
    ("top/mod.rs", "mod child;\npub use child::Child;\nuse crate::low::Low;"),
    ("top/child.rs", "pub struct Child;"),
    ("low.rs", "pub struct Low;\n\nuse crate::top::Child;"),
    ("side.rs", "use crate::low::Low;"),
];

#[test]
fn an_import_from_a_higher_layer_is_a_violation_with_its_line() {
    let found = shown(THREE, &[&["lib"], &["top", "side"], &["low"]]);
    assert_eq!(
        found,
        ["low.rs:3 imports crate::top::Child from top/child.rs: up, from low to top"]
    );
}

#[test]
fn an_import_from_another_module_of_the_layer_is_a_violation() {
    let found = shown(THREE, &[&["lib"], &["top"], &["top/child"], &["low", "side"]]);
    assert_eq!(
        found,
        [
            "low.rs:3 imports crate::top::Child from top/child.rs: up, from low to top/child",
            "side.rs:1 imports crate::low::Low from low.rs: sideways, from side to low",
        ]
    );
}

#[test]
fn files_of_one_module_that_import_each_other_are_a_cycle() {
    let files = [
        ("lib.rs", "mod module;"),
        ("module/mod.rs", "mod a; mod b; mod c;\npub use a::A;\npub struct Own;"),
        ("module/a.rs", "pub struct A;\nuse super::b::B;\nuse super::Own;"),
        ("module/b.rs", "pub struct B;\nuse super::c::C;"),
        ("module/c.rs", "pub struct C;\nuse super::A;"),
    ];
    assert_eq!(
        shown(&files, &[&["lib"], &["module"]]),
        [
            "3 files of module import each other in a cycle:\n  module/a.rs:2 imports super::b::B from \
         module/b.rs\n  module/b.rs:2 imports super::c::C from module/c.rs\n  module/c.rs:2 imports \
         super::A from module/a.rs"
        ]
    );
}

#[test]
fn a_file_without_a_layer_and_a_module_without_a_file_are_violations() {
    let found = shown(&[("lib.rs", "mod a;"), ("a.rs", "")], &[&["lib"], &["b"]]);
    assert_eq!(found, ["a.rs belongs to no layer", "the module b has no file"]);
}
