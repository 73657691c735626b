//! Whatever is selected, wasmtime is built from the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::process::Command;

/// What `cargo tree` says of a selection, each line once: packages, with their features where the
/// format has them.
fn tree(format: &str, selection: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .args(["tree", "--offline", "--locked", "--prefix", "none", "--format", format])
        .args(selection)
        // Macros run on the host, and what they are built from has features of its own.
        .args(["-e", "no-proc-macro"])
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree {selection:?}:\n{problem}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| line.replace(" (*)", "");
    lines.lines().map(line).filter(|line| !line.is_empty()).collect()
}

#[test]
fn wasmtime_is_built_once_whichever_packages_are_selected() {
    let beneath = tree("{p}", &["-p", "wasmtime", "-e", "normal,no-proc-macro"]);
    assert!(beneath.len() > 50, "{beneath:#?}");
    let features = |selection: &[&str]| -> BTreeSet<String> {
        let package = |line: &String| beneath.contains(line.split('|').next().unwrap());
        tree("{p}|{f}", selection).into_iter().filter(package).collect()
    };

    // What only macros are made of has features of its own, which nothing else turns on.
    let all = features(&["-e", "normal,dev,no-proc-macro"]);
    for (package, edges) in [
        ("luago-run", "normal"),
        ("luago-run", "normal,dev"),
        ("luago", "normal,dev"),
        ("luago-harness", "normal"),
        ("luago-harness", "normal,dev"),
        ("luago-policy-service", "normal"),
        ("luago-policy-service", "normal,dev"),
    ] {
        let edges = format!("{edges},no-proc-macro");
        let selected = features(&["-p", package, "-e", &edges]);
        let missing: Vec<&String> = all.difference(&selected).collect();
        assert!(
            missing.is_empty(),
            "{package} ({edges}) builds wasmtime again, because elsewhere it is with these: \
             {missing:#?}; turn them on in tests/feature-unification/Cargo.toml"
        );
    }
    assert_eq!(
        all,
        features(&["-e", "normal,no-proc-macro"]),
        "`cargo run` and `cargo test` differ"
    );
}
