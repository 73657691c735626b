//! `--inspect`: what a Go guest says of itself.

use luago_test_support::command::{Cli, luago};
use luago_test_support::{go_build, go_build_as};
use std::path::{Path, PathBuf};

fn guest_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src/go/tests/guest")
}

fn inspected(path: &Path) -> Cli {
    luago().args(["--inspect", path.to_str().unwrap()])
}

#[test]
fn a_guest_is_listed_for_people() {
    let text = inspected(&go_build(&guest_folder(), &[])).run();
    let text = text.out();
    let line = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.get(14..).unwrap_or_default().to_string()
    };
    assert_eq!(line("runs here"), "yes", "{text}");
    assert!(line("go ").starts_with("go1."), "{text}");
    assert_eq!(line("module"), "example.com/guest (devel)");
    assert_eq!(line("luago abi"), "1");
    assert!(line("imports").starts_with("wasi_snapshot_preview1: args_get "), "{text}");
    assert!(line("memory").contains("MiB to begin with"), "{text}");
    assert_eq!(line("sha256").len(), 64);
    assert!(text.contains("GOOS=wasip1\n"), "{text}");
}

#[test]
fn a_guest_is_described_in_json() {
    let guest = go_build(&guest_folder(), &[]);
    let ran = inspected(&guest).arg("--json").run();
    let json: serde_json::Value = serde_json::from_str(ran.out()).unwrap();
    assert!(json["go_version"].as_str().unwrap().starts_with("go1."));
    assert_eq!(json["module"]["path"], "example.com/guest");
    assert_eq!(json["abi"], 1);
    assert_eq!(json["problem"], serde_json::Value::Null);
    assert_eq!(json["size"], std::fs::metadata(&guest).unwrap().len());
    assert_eq!(json["imports"][0]["module"], "wasi_snapshot_preview1");
}

#[test]
fn a_command_is_listed_with_the_reason_that_it_cannot_run() {
    let ran = inspected(&go_build_as("exe", &guest_folder(), &[])).run();
    assert_eq!(ran.code, 2);
    let first = "runs here     no: it was built as a command, which runs once and ends; build it \
                 with GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared\n";
    assert!(ran.stdout.starts_with(first), "{}", ran.stdout);
}

#[test]
fn what_is_no_guest_is_an_error_of_usage() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.wasm");
    let text = folder.path().join("text.wasm");
    let other = folder.path().join("other.wasm");
    std::fs::write(&text, "print(1)").unwrap();
    std::fs::write(&other, b"\0asm\x01\0\0\0").unwrap();
    for (path, problem) in [
        (&missing, "cannot open"),
        (&text, "it is not a WebAssembly module; build one with"),
        (&other, "it is a WebAssembly module, but Go has not built it"),
    ] {
        let ran = inspected(path).run();
        assert_eq!(ran.code, 2, "{}", path.display());
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains(problem), "{}", ran.stderr);
        assert!(ran.stderr.contains(path.to_str().unwrap()), "{}", ran.stderr);
    }
}

#[test]
fn json_alone_or_a_script_beside_the_guest_is_refused() {
    let ran = luago().args(["--json"]).run();
    assert_eq!(ran.code, 2);
    let ran = luago().args(["--inspect", "guest.wasm", "script.lua"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
}
