//! Any arguments for every import of both kinds of guests: what stands in for an interpreter,
//! or is a Go guest, calls what the input says. Whatever it does, the host answers in time,
//! keeps no more than it may, and other sandboxes work.
#![no_main]

use luago::{Access, Capabilities, Engine, GoModule, LuaVersion, Sandbox, Script, Sharing};
use luago_fuzz::watch::Watch;
use luago_fuzz::{host, imports, machine};
use std::fs;
use std::path::Path;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// An engine, in which an interpreter does what its script says, and a guest for it.
struct Place {
    engine: Engine,
    guest: GoModule,
}

/// The version of Lua that the machine stands in for.
const MACHINE: LuaVersion = LuaVersion::Lua55;

/// Where segments are mapped, and where they are copied.
static PLACES: LazyLock<[Place; 2]> = LazyLock::new(|| {
    imports::check();
    let interpreter = machine::interpreter(&imports::of_lua());
    let wasm = machine::go(&imports::of_go());
    [Sharing::Mapped, Sharing::Copied].map(|sharing| {
        let engine = Engine::builder()
            .cache_dir(host::cache())
            .sharing(sharing)
            .max_sandboxes(16)
            .interpreter(MACHINE, interpreter.clone())
            .build()
            .expect("an engine");
        let guest = GoModule::new(&engine, wasm.clone()).expect("a guest");
        let place = Place { engine, guest };
        place.check();
        place
    })
});

impl Place {
    fn check(&self) {
        host::check(&self.engine, |builder| builder.go("g", self.guest.clone(), host::grant(&[])));
    }
}

/// What is granted: a folder to read, one to write, and one of Lua modules.
struct Folders {
    _all: TempDir,
    read: std::path::PathBuf,
    write: std::path::PathBuf,
}

static FOLDERS: LazyLock<Folders> = LazyLock::new(|| {
    let all = TempDir::with_prefix("luago-fuzz-").expect("a folder");
    let (read, write) = (all.path().join("read"), all.path().join("write"));
    for folder in [&read, &write] {
        fs::create_dir(folder).expect("a folder");
    }
    fill(&read);
    fill(&write);
    Folders { _all: all, read, write }
});

/// A file, a file in a folder, a module of Lua, and a link that leads out.
fn fill(folder: &Path) {
    let result = fs::create_dir_all(folder.join("d"))
        .and_then(|()| fs::write(folder.join("a"), [b'a'; 5000]))
        .and_then(|()| fs::write(folder.join("d/e"), "text"))
        .and_then(|()| fs::write(folder.join("x.lua"), "return 1"))
        .and_then(|()| std::os::unix::fs::symlink("../../x", folder.join("link")));
    result.expect("files");
}

/// Makes the folder as it was.
fn restore(folder: &Path) {
    let names: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().collect();
    let is_as_it_was = names.len() == 4
        && fs::metadata(folder.join("a")).is_ok_and(|data| data.len() == 5000)
        && fs::metadata(folder.join("x.lua")).is_ok_and(|data| data.len() == 8)
        && fs::metadata(folder.join("d/e")).is_ok_and(|data| data.len() == 4)
        && fs::read_dir(folder.join("d")).is_ok_and(|names| names.count() == 1);
    if !is_as_it_was {
        fs::remove_dir_all(folder).and_then(|()| fs::create_dir(folder)).expect("a folder");
        fill(folder);
    }
}

static WATCH: LazyLock<Mutex<Watch>> = LazyLock::new(Mutex::default);

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [flags, more, program @ ..] = data else { return };
    let has = |bit: u8| flags & (1 << bit) != 0;
    let place = &PLACES[usize::from(has(0))];
    let is_go = has(1);
    let is_deterministic = has(5);
    let is_metered = has(4) || is_deterministic;
    let workers = if is_go && has(2) && !is_metered && more & 3 == 3 { 1 } else { 0 };
    let polls = has(3).then_some(usize::from(more >> 2) * 4);
    let folders = has(7).then(|| &*FOLDERS);
    let run = || {
        let limits = host::limits(is_metered, is_deterministic);
        let mut capabilities = Capabilities::default().env("NAME", "value");
        let mut grant = host::grant(program).workers(workers);
        if is_deterministic {
            capabilities = capabilities.deterministic(7);
        }
        if let Some(folders) = folders {
            capabilities = capabilities
                .dir(&folders.read, "/read", Access::ReadOnly)
                .dir(&folders.write, "/tmp", Access::ReadWrite)
                .modules(&folders.read);
            grant = grant.dir(&folders.read, "/read", Access::ReadOnly).dir(
                &folders.write,
                "/tmp",
                Access::ReadWrite,
            );
        }
        let mut builder = Sandbox::builder(&place.engine)
            .lua(if is_go { host::REAL } else { MACHINE })
            .limits(limits)
            .capabilities(capabilities)
            .stdin_bytes("some input\nand more");
        if has(6) {
            builder = builder.on_event(|event| drop(std::hint::black_box(event.clone())));
        }
        let builder =
            host::functions(builder.go("g", place.guest.clone(), grant), !is_deterministic);
        let Ok(mut sandbox) = builder.build() else { return };
        let script = match is_go {
            true => Script::new("imports", "local g = require 'g' pcall(g.g) pcall(g.f, 1)"),
            false => Script::new("imports", program),
        };
        host::run(&mut sandbox, &script, polls);
        if !is_go {
            // Whatever these give.
            let _ = sandbox.get::<luago::Value>("a.b");
            let _ = sandbox.set("a", 1);
            let _ = sandbox.call::<luago::Value>("f", (1, "x"));
        }
        let _ = sandbox.close();
    };
    // Of a stand-in, the last calls and what ends it have a deadline each.
    let runs = if is_go { 1 } else { 5 };
    let guests = u64::from(workers) + 2;
    let bytes = guests * (host::MEMORY + host::SEGMENTS);
    let mut watch = WATCH.lock().expect("a watch");
    let time = match is_deterministic {
        // Fuel counts no work of the host, which has an end all the same.
        true => Duration::from_secs(5),
        false => runs * host::DEADLINE + 2 * host::GRACE,
    };
    let is_time = watch.run(time, bytes, run);
    if let Some(folders) = folders {
        restore(&folders.read);
        restore(&folders.write);
    }
    if is_time {
        PLACES.iter().for_each(Place::check);
    }
});
