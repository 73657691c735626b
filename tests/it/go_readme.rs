//! What the README and the book show of Go guests is what happens.

use luago::{BridgeEvent, Engine, GoGrant, GoModule, Restart, Sandbox, Script};
use luago_test_support::command::{lua, luago_run};
use luago_test_support::folders::lasting_folder;
use luago_test_support::sandboxes::engine;
use luago_test_support::{go_build, go_cache};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = include_str!("../../README.md");
const FIRST_GUEST: &str = include_str!("../../docs/src/go-guests.md");
const FROM_LUA: &str = include_str!("../../docs/src/go-from-lua.md");
const FROM_RUST: &str = include_str!("../../docs/src/go-from-rust.md");
const SHARING: &str = include_str!("../../docs/src/sharing.md");
const SEGMENTS: &str = include_str!("../../runtime/SEGMENTS.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sdk() -> PathBuf {
    root().join("guests/go/luago")
}

/// The block of code that stands after this mark.
fn block(text: &'static str, mark: &str) -> &'static str {
    let mark = format!("<!-- tested: {mark} -->\n```");
    let (_, after) = text.split_once(&mark).unwrap_or_else(|| panic!("there is no {mark}"));
    let (_, code) = after.split_once('\n').unwrap();
    code.split_once("\n```").unwrap().0
}

/// The path by which a guest imports the Go package.
fn sdk_path(guest: &str) -> &str {
    let mut imports =
        guest.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
    imports.find(|path| path.ends_with("/go/luago")).expect("it imports the Go package")
}

/// Has a script call a guest of that name, and compares what it prints with its comments.
#[track_caller]
fn prints_what_its_comments_say(name: &str, options: &str, guest: &str, script: &str) {
    // Always the same one, so that the guest is compiled only once.
    let folder = lasting_folder(&format!("{name}-of-the-book"));
    let package = sdk_path(guest);
    let module = format!(
        "module {name}\n\ngo 1.24\n\nrequire {package} v0.0.0\n\nreplace {package} => {}\n",
        sdk().display()
    );
    std::fs::write(folder.join("go.mod"), module).unwrap();
    std::fs::write(folder.join("main.go"), guest).unwrap();
    let guest = go_build(&folder, &[&sdk()]);

    let file = folder.join(name).with_extension("lua");
    std::fs::write(&file, script).unwrap();
    let says = |line| str::split_once(line, "--> ").map(|(_, says)| says);
    let expected: Vec<&str> = script.lines().filter_map(says).collect();
    for version in ["5.4", "5.5"] {
        let grant = format!("{name}={}{options}", guest.display());
        let ran = lua(version).arg("--go").arg(grant).arg(&file).run();
        assert_eq!(ran.out().lines().collect::<Vec<_>>(), expected, "{version}");
    }
}

#[test]
fn a_go_developer_gets_from_an_empty_folder_to_a_call_in_five_commands() {
    let folder = tempfile::tempdir().unwrap();
    let mut path = Path::new(luago_run()).parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let ran = Command::new("bash")
        .args(["-euo", "pipefail", "-c", block(README, "commands")])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("LUAGO", root())
        .env("XDG_CACHE_HOME", lasting_folder("home").join("cache"))
        .env("GOCACHE", go_cache()) // where Go's own packages have been compiled already
        .env("GOPROXY", "off") // it needs no network
        .output()
        .unwrap_or_else(|error| panic!("cannot run bash: {error}; install it"));
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success(),
        "the commands of the README fail; they need Go 1.24 or later, from \
         https://go.dev/dl/:\n{said}"
    );
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim_end(), block(README, "printed"));

    let mut commands = 0;
    let (mut is_text, mut goes_on) = (false, false);
    for line in block(README, "commands").lines() {
        commands += usize::from(!is_text && !goes_on);
        is_text = (is_text || line.ends_with("<<'GO'")) && line != "GO";
        goes_on = line.ends_with('\\');
    }
    assert_eq!(commands, 5);
    for mark in ["commands", "printed"] {
        assert_eq!(block(FIRST_GUEST, mark), block(README, mark), "the book has other {mark}");
    }
}

#[test]
fn the_tour_of_both_sides_prints_what_its_comments_say() {
    let (guest, script) = (block(FIRST_GUEST, "guest"), block(FROM_LUA, "script"));
    prints_what_its_comments_say("tour", ",call=string.upper", guest, script);
}

#[test]
fn segments_as_the_book_introduces_them_print_what_their_comments_say() {
    let (guest, script) = (block(SHARING, "sharing guest"), block(SHARING, "sharing script"));
    prints_what_its_comments_say("shared", "", guest, script);
}

#[test]
fn the_chapter_on_segments_prints_what_its_comments_say() {
    let (guest, script) = (block(SEGMENTS, "guest"), block(SEGMENTS, "script"));
    prints_what_its_comments_say("demo", "", guest, script);
}

#[derive(Serialize)]
struct Point {
    x: f64,
    y: f64,
}

/// The code that the book shows, which stands here in the same words. Its first line loads
/// the module.
fn as_the_book_has_it(engine: Engine, geo: GoModule) -> Result<(), Box<dyn std::error::Error>> {
    let mut sandbox = Sandbox::builder(&engine)
        .go("geo", geo, GoGrant::new().memory(32 << 20).restart(Restart::OnFailure))
        .on_event(|event: &BridgeEvent| println!("task {}: {:?}", event.task, event.phase))
        .build()?;
    let distance = sandbox.guest_function("geo", "distance")?; // a handle, as of one of Lua
    let d: f64 = sandbox.call(&distance, (Point { x: 0.0, y: 0.0 }, Point { x: 3.0, y: 4.0 }))?;
    assert_eq!(d, 5.0);

    let usage = sandbox.guest_usage("geo").ok_or("it was never started")?;
    println!("{} bytes, {} goroutines", usage.peak_memory, usage.goroutines);
    sandbox.close()?; // cancels what is left, and waits for it as long as `grace` says
    Ok(())
}

fn example(name: &str) -> GoModule {
    let guest = go_build(&root().join("guests/go/examples").join(name), &[&sdk()]);
    GoModule::from_file(engine(), guest).unwrap()
}

#[test]
fn the_code_in_rust_is_compiled_and_runs() {
    as_the_book_has_it(engine().clone(), example("geo")).unwrap();

    let (first, code) = block(FROM_RUST, "rust").split_once('\n').unwrap();
    assert_eq!(first, r#"let geo = GoModule::from_file(&engine, "geo.wasm")?;"#);
    let indented = |line: &str| if line.is_empty() { String::new() } else { format!("    {line}") };
    let code: Vec<String> = code.lines().map(indented).collect();
    assert!(include_str!("go_readme.rs").contains(&code.join("\n")), "the book has other code");
}

#[test]
fn functions_of_go_that_a_template_has_kept_call_a_new_guest_in_each_copy() {
    let mut sandbox =
        Sandbox::builder(engine()).go("kv", example("kv"), GoGrant::new()).build().unwrap();
    let code = "local kv = require 'kv' kv.set('a', 1) get = kv.get set = kv.set";
    sandbox.run(&Script::new("load", code)).unwrap();
    assert_eq!(sandbox.call::<Option<i64>>("get", "a").unwrap(), Some(1));
    let template = sandbox.into_template().unwrap();
    for value in [2, 3] {
        let mut copy = template.instantiate().unwrap();
        assert_eq!(copy.call::<Option<i64>>("get", "a").unwrap(), None);
        copy.call::<()>("set", ("a", value)).unwrap();
        assert_eq!(copy.call::<Option<i64>>("get", "a").unwrap(), Some(value));
    }
}
