//! Which file may import which.

use crate::layers::{Layers, Violation, arrows, violations};
use std::path::Path;
use tempfile::TempDir;

/// The rooms of the harness, from the top down.
const HARNESS: Layers<'_> = &[
    &["main", "lib"],
    &["cli"],
    &["run", "render"],
    &["corpus"],
    &["generate", "target"],
    &["report", "lua", "files"],
];

#[test]
fn no_file_of_the_harness_imports_from_further_up() {
    let found = violations(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), HARNESS);
    let found: Vec<String> = found.iter().map(Violation::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
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

/// The arrows of a crate, as `from to`.
fn drawn(files: &[(&str, &str)]) -> Vec<String> {
    let ends = |path: &Path| path.display().to_string().replace('\\', "/");
    let folder = sources(files);
    let drawn = arrows(folder.path());
    drawn.iter().map(|arrow| format!("{} {}", ends(&arrow.from), ends(&arrow.to))).collect()
}

/// The arrows from `a.rs` with this text, in a crate with other files.
#[track_caller]
fn from_a(text: &str, targets: &[&str]) {
    let found = drawn(&[
        ("lib.rs", "mod a;\nmod b;\nmod deep;\npub use deep::inner::Inner;\n"),
        ("a.rs", text),
        ("b.rs", "pub use crate::deep::Middle as Renamed;\npub struct B;\npub fn b() {}\n"),
        ("deep/mod.rs", "pub mod inner;\npub use inner::{Inner, other};\npub struct Middle;\n"),
        (
            "deep/inner.rs",
            "pub struct Inner;\npub fn other() {}\npub mod inline { pub fn f() {} }\n",
        ),
    ]);
    let found: Vec<&str> = found.iter().filter_map(|arrow| arrow.strip_prefix("a.rs ")).collect();
    assert_eq!(found, targets, "{text}");
}

#[test]
fn imports_are_found_in_groups_and_through_renames_globs_and_super() {
    from_a("use crate::b::B;", &["b.rs"]);
    from_a("use super::{b::{self, B}, deep::{Middle as M}};", &["b.rs", "deep/mod.rs"]);
    from_a("use crate::b; fn f() { b::b() }", &["b.rs"]);
    from_a("mod x { fn f(_: super::super::b::B) {} }", &["b.rs"]);
    from_a("fn f() { use crate::b::*; }", &["b.rs", "deep/mod.rs"]);
}

#[test]
fn re_exports_lead_to_the_file_that_defines() {
    from_a("use crate::Inner;", &["deep/inner.rs"]);
    from_a("use crate::deep::Inner;", &["deep/inner.rs"]);
    from_a("use crate::b::Renamed;", &["deep/mod.rs"]);
    from_a("use super::deep::*;", &["deep/inner.rs", "deep/mod.rs"]);
}

#[test]
fn paths_are_found_in_code_attributes_and_macros() {
    from_a("fn f() -> Vec<crate::b::B> { todo!() }", &["b.rs"]);
    from_a("use crate::deep as d; fn f() { d::inner::inline::f() }", &["deep/inner.rs"]);
    from_a("fn f() { let _ = format!(\"{:?}\", vec![crate::deep::other()]); }", &["deep/inner.rs"]);
    from_a("macro_rules! m { () => { $crate::b::b() } }", &["b.rs"]);
    from_a(
        "#[some(with = \"crate::b::B\", also = crate::deep::Middle)] struct S;",
        &["b.rs", "deep/mod.rs"],
    );
    from_a(
        "impl crate::b::B { fn f(&self) -> super::deep::Middle { Self::g() } }",
        &["b.rs", "deep/mod.rs"],
    );
}

#[test]
fn names_of_other_crates_fields_locals_and_tests_are_no_imports() {
    from_a("use std::collections::HashMap; use ::b::B; fn f(b: u8, s: S) { s.deep; g(b) }", &[]);
    from_a("fn f() { println!(\"{}\", x.b.deep::<u8>()); let deep = ::b::B; }", &[]);
    from_a(
        "#[cfg(test)] mod tests { use crate::b::B; } #[cfg(all(test, unix))] use crate::b::b;",
        &[],
    );
    from_a("use crate::deep; use super::b as c;", &[]);
}

#[test]
fn modules_are_found_where_rust_finds_them() {
    let found = drawn(&[
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
    let found = drawn(&[
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
    let found = drawn(&[
        ("lib.rs", "#[macro_use] mod m;\nmod a;\nmod b;"),
        ("m.rs", "#[macro_export] macro_rules! out { () => {} }\nmacro_rules! own { () => {} }"),
        ("a.rs", "crate::out!();"),
        ("b.rs", "fn f() { own!(); format!(\"\"); }"),
    ]);
    assert_eq!(found, ["a.rs m.rs", "b.rs m.rs"]);
}

/// The breaches of a table, a line each.
fn breaches(files: &[(&str, &str)], layers: Layers<'_>) -> Vec<String> {
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
fn an_arrow_up_is_a_violation_with_its_line() {
    let found = breaches(THREE, &[&["lib"], &["top", "side"], &["low"]]);
    assert_eq!(
        found,
        ["low.rs:3 imports crate::top::Child from top/child.rs: up, from low to top"]
    );
}

#[test]
fn an_arrow_to_a_room_at_its_side_is_a_violation() {
    let found = breaches(THREE, &[&["lib"], &["top"], &["top/child"], &["low", "side"]]);
    assert_eq!(
        found,
        [
            "low.rs:3 imports crate::top::Child from top/child.rs: up, from low to top/child",
            "side.rs:1 imports crate::low::Low from low.rs: sideways, from side to low",
        ]
    );
}

#[test]
fn files_of_one_room_that_import_each_other_are_a_circle() {
    let files = [
        ("lib.rs", "mod room;"),
        ("room/mod.rs", "mod a; mod b; mod c;\npub use a::A;\npub struct Own;"),
        ("room/a.rs", "pub struct A;\nuse super::b::B;\nuse super::Own;"),
        ("room/b.rs", "pub struct B;\nuse super::c::C;"),
        ("room/c.rs", "pub struct C;\nuse super::A;"),
    ];
    assert_eq!(
        breaches(&files, &[&["lib"], &["room"]]),
        ["3 files of room import each other in a circle:\n  room/a.rs:2 imports super::b::B from \
         room/b.rs\n  room/b.rs:2 imports super::c::C from room/c.rs\n  room/c.rs:2 imports \
         super::A from room/a.rs"]
    );
}

#[test]
fn a_file_without_a_room_and_a_room_without_a_file_are_violations() {
    let found = breaches(&[("lib.rs", "mod a;"), ("a.rs", "")], &[&["lib"], &["b"]]);
    assert_eq!(found, ["a.rs belongs to no room", "the room b has no file"]);
}
