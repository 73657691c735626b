//! What is no guest, and what a guest says of itself.

use super::tamper::{renamed, stripped, with_memory};
use super::*;
use crate::GoMetadata;
use luago_test_support::go_build_as;
use proptest::prelude::*;

/// Why these bytes cannot be a guest.
fn refused(wasm: impl Into<Vec<u8>>) -> String {
    let error = GoModule::new(&ENGINE, wasm).unwrap_err();
    assert!(error.is_guest());
    let message = error.to_string();
    message.strip_prefix("cannot load the Go guest: ").unwrap().to_string()
}

#[test]
fn what_is_no_webassembly_is_refused() {
    for bytes in [&b""[..], b"package main", b"\x7fELF"] {
        assert!(refused(bytes).starts_with("it is not a WebAssembly module; build one with GOOS="));
    }
}

#[test]
fn a_component_is_refused() {
    let why = refused(*b"\0asm\x0d\0\x01\0");
    assert!(why.starts_with("it is a component, and a guest is a core module; "), "{why}");
}

#[test]
fn a_command_is_refused_with_the_flag_that_it_lacks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/go/tests/guest");
    let command = go_build_as("exe", &folder, &[]);
    assert_eq!(
        refused(std::fs::read(command).unwrap()),
        "it was built as a command, which runs once and ends; build it with GOOS=wasip1 \
         GOARCH=wasm go build -buildmode=c-shared"
    );
}

#[test]
fn a_module_without_the_sdk_is_refused() {
    let why = refused(renamed(&wasm(), "luago_", "other_"));
    assert!(why.contains("so it is no luago guest; import the luago Go package"), "{why}");
}

#[test]
fn another_version_of_the_abi_is_refused_with_what_to_do() {
    let newer = refused(renamed(&wasm(), "luago_abi_1", "luago_abi_2"));
    assert_eq!(
        newer,
        "it speaks version 2 of the ABI, and this luago version 1; use a newer luago, or build it \
         with the luago Go package that came with this one"
    );
    let older = refused(renamed(&wasm(), "luago_abi_1", "luago_abi_0"));
    assert!(older.contains("version 0") && older.contains("build it again"), "{older}");
    let none = refused(renamed(&wasm(), "luago_abi_1", "luago_abi_x"));
    assert!(none.starts_with("it does not say which version of the ABI it speaks"), "{none}");
}

#[test]
fn imports_that_the_host_does_not_have_are_listed() {
    let one = refused(renamed(&wasm(), "poll_oneoff", "poll_twooff"));
    assert_eq!(
        one,
        "it imports wasi_snapshot_preview1.poll_twooff, wasi_snapshot_preview1.poll_twooff, which \
         the host does not have; remove the //go:wasmimport of them: a guest can import only \
         wasi_snapshot_preview1, and what the luago Go package does"
    );
    let all = refused(renamed(&wasm(), "wasi_snapshot_preview1", "wasi_snapshot_preview9"));
    assert!(all.starts_with("it imports wasi_snapshot_preview9."), "{all}");
    assert!(all.contains(" more, which the host does not have; "), "{all}");
}

#[test]
fn an_import_of_another_type_is_refused() {
    let why = refused(renamed(&wasm(), "poll_oneoff", "sched_yield"));
    assert!(why.contains("wasi_snapshot_preview1.sched_yield as (i32, i32, i32, i32)"), "{why}");
}

#[test]
fn a_missing_export_is_named() {
    assert_eq!(
        refused(renamed(&wasm(), "luago_close", "luago_clone")),
        "it lacks the export luago_close; build it with -buildmode=c-shared and an unchanged luago \
         Go package"
    );
}

#[test]
fn an_export_of_another_type_is_refused() {
    let swapped = renamed(&wasm(), "luago_call", "luago_cxll");
    let swapped = renamed(&swapped, "luago_room", "luago_call");
    let swapped = renamed(&swapped, "luago_cxll", "luago_room");
    let why = refused(swapped);
    assert!(
        why.starts_with("its export luago_room is (i32, i32, i32) -> (i64) and not (i32)"),
        "{why}"
    );
}

#[test]
fn a_file_is_named_whether_it_is_missing_or_no_guest() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("geo.wasm");
    let error = GoModule::from_file(&ENGINE, &missing).unwrap_err();
    assert!(error.is_guest());
    let first = format!("cannot load the Go guest {}: it cannot be read: ", missing.display());
    assert!(error.to_string().starts_with(&first), "{error}");
    std::fs::write(&missing, "text").unwrap();
    let error = GoModule::from_file(&ENGINE, &missing).unwrap_err();
    assert!(error.is_guest() && error.to_string().contains("geo.wasm: it is not a WebAssembly"));
}

#[test]
fn a_module_of_another_engine_cannot_start() {
    let engine = Engine::new().unwrap();
    let started = GoGuest::start(
        engine.core(),
        &MODULE,
        "geo",
        &GoGrant::new(),
        environment(),
        &Entry::default(),
    );
    assert_eq!(
        guilty(started.err().unwrap()),
        "the Go guest 'geo' cannot start: its module was loaded for another engine"
    );
}

#[test]
fn a_module_is_compiled_once_and_kept_by_its_digest() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::builder().cache_dir(folder.path().join("cache")).build().unwrap();
    for _ in 0..2 {
        GoModule::new(&engine, wasm()).unwrap().prepare(false, GoGrant::new().depth()).unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(folder.path().join("cache"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 1);
    assert!(names[0].starts_with("go-") && names[0].ends_with(".cwasm"), "{names:?}");
}

#[test]
fn metadata_says_what_the_guest_was_built_from() {
    let wasm = wasm();
    let metadata = GoMetadata::read(&wasm).unwrap();
    assert!(metadata.go_version.unwrap().starts_with("go1."));
    assert_eq!(metadata.path.as_deref(), Some("example.com/guest"));
    assert_eq!(metadata.module.unwrap().path, "example.com/guest");
    assert!(metadata.settings.iter().any(|s| s.key == "GOOS" && s.value == "wasip1"));
    assert_eq!((metadata.abi, metadata.problem), (Some(1), None));
    assert_eq!(metadata.size, wasm.len() as u64);
    assert_eq!(metadata.sha256, MODULE.sha256());
    assert_eq!(metadata.imports.len(), 1);
    assert!(metadata.imports[0].names.iter().any(|name| name == "poll_oneoff"));
    assert!(metadata.memory_pages.unwrap() > 10);
}

#[test]
fn metadata_of_what_cannot_run_says_why() {
    let metadata = GoMetadata::read(&renamed(&wasm(), "luago_close", "luago_clone")).unwrap();
    assert!(metadata.problem.unwrap().starts_with("it lacks the export luago_close"));
    let stripped = GoMetadata::read(&stripped(&wasm())).unwrap();
    assert_eq!((stripped.go_version, stripped.problem), (None, None));
    let error = GoMetadata::read(b"\0asm\x01\0\0\0").unwrap_err();
    assert!(error.is_guest());
    assert!(error.to_string().ends_with("it is a WebAssembly module, but Go has not built it"));
}

#[test]
fn a_guest_that_starts_with_more_memory_than_it_has_is_told() {
    let module = GoModule::new(&ENGINE, with_memory(&wasm(), 1000)).unwrap();
    let grant = GoGrant::new().memory(32 << 20);
    let started =
        GoGuest::start(ENGINE.core(), &module, "geo", &grant, environment(), &Entry::default());
    assert_eq!(
        guilty(started.err().unwrap()),
        "the Go guest 'geo' cannot start: it needs 65536000 bytes of memory to begin with, and its \
         limit is 33554432; grant it more"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_modules_are_refused_or_read_and_never_end_the_host(
        at in 0.0..1.0f64, byte: u8, cut in 0.0..1.0f64,
    ) {
        static WASM: LazyLock<Vec<u8>> = LazyLock::new(wasm);
        // The beginning, where the sections are that are looked at.
        let mut damaged = WASM[..(cut * 20_000.0) as usize].to_vec();
        if !damaged.is_empty() {
            let at = (at * damaged.len() as f64) as usize;
            damaged[at] = byte;
        }
        let _ = GoMetadata::read(&damaged);
    }
}
