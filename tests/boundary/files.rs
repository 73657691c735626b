//! Files, folders and standard streams.

use crate::measure::{Cost, alone, descriptors, measure};
use crate::wat::{Guest, engine, run, sandbox};
use luago::{Access, Capabilities, GoGrant, Limits, LuaVersion, Outcome, Sandbox, Script, Stop};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_millis(300);

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn with_fifo() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fifo(&folder.path().join("fifo"));
    folder
}

fn granted(folder: &Path) -> Capabilities {
    Capabilities::default().dir(folder, "d", Access::ReadWrite)
}

fn limits() -> Limits {
    Limits::default().memory(16 << 20).deadline(DEADLINE)
}

/// One of that version that may write to the folder `d`, and has run something.
fn beside(folder: &Path, version: LuaVersion, limits: Limits) -> Sandbox {
    let builder = Sandbox::builder(engine()).lua(version).limits(limits);
    let mut sandbox = builder.capabilities(granted(folder)).build().unwrap();
    run(&mut sandbox, "return");
    sandbox
}

/// Is stopped at the deadline.
#[track_caller]
fn stops(sandbox: &mut Sandbox, code: &str) -> Cost {
    let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", code)).unwrap());
    assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }), "{code}: {outcome:?}");
    cost.by(DEADLINE).within(16 << 20)
}

const WAITS: [&str; 4] = [
    "io.open('d/fifo'):read(1)",
    "for line in io.lines('d/fifo') do end",
    "io.open('d/fifo', 'w'):write('x')",
    "local f = io.open('d/fifo', 'r+') while true do f:write(('x'):rep(4096)) f:flush() end",
];

#[test]
fn a_deadline_ends_a_wait_for_a_fifo() {
    alone("files::a_deadline_ends_a_wait_for_a_fifo", || {
        let folder = with_fifo();
        for version in LuaVersion::ALL {
            for code in WAITS {
                stops(&mut beside(folder.path(), version, limits()), code);
            }
        }
    });
}

#[test]
fn a_deadline_ends_a_wait_for_a_fifo_in_a_future() {
    alone("files::a_deadline_ends_a_wait_for_a_fifo_in_a_future", || {
        let folder = with_fifo();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for code in WAITS {
            let mut sandbox = beside(folder.path(), LuaVersion::Lua54, limits());
            let script = Script::new("test", code);
            let (outcome, cost) = measure(|| runtime.block_on(sandbox.run_async(&script)).unwrap());
            assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }), "{outcome:?}");
            cost.by(DEADLINE);
        }
    });
}

#[test]
fn an_interrupt_ends_a_wait_for_a_fifo() {
    alone("files::an_interrupt_ends_a_wait_for_a_fifo", || {
        let folder = with_fifo();
        for code in WAITS {
            let limits = Limits::default().memory(16 << 20);
            let mut sandbox = beside(folder.path(), LuaVersion::Lua54, limits);
            let handle = sandbox.interrupt_handle();
            let interrupting = std::thread::spawn(move || {
                std::thread::sleep(DEADLINE);
                handle.interrupt();
            });
            let run = || sandbox.run(&Script::new("test", code)).unwrap();
            let (outcome, cost) = measure(run);
            assert_eq!(outcome.stop(), Some(&Stop::Interrupted), "{outcome:?}");
            cost.by(DEADLINE);
            interrupting.join().unwrap();
        }
    });
}

#[test]
fn a_fifo_beside_the_script_is_no_module_and_blocks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fifo(&folder.path().join("m.lua"));
    let capabilities = Capabilities::default().modules(folder.path());
    let mut sandbox = sandbox(16 << 20).capabilities(capabilities).build().unwrap();
    run(&mut sandbox, "assert(not pcall(require, 'm') and not loadfile('./m.lua'))");
}

/// A guest that opens the fifo in its folder and reads it.
fn reader() -> Guest {
    let read =
        "(drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x10000) (i32.const 4)
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x300)))
        (drop (call $fd_read (i32.load (i32.const 0x300)) (i32.const 0x10010) (i32.const 1)
            (i32.const 0x304)))";
    Guest {
        call: format!("{read} (i64.const 0)"),
        start: format!("{read} (call $done (local.get $task))"),
        imports: r#"(import "wasi_snapshot_preview1" "path_open" (func $path_open
                (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_read" (func $fd_read
                (param i32 i32 i32 i32) (result i32)))"#
            .to_string(),
        more: r#"(data (i32.const 0x10000) "fifo") (data (i32.const 0x10010) "\00\04\00\00\10\00\00\00")"#
            .to_string(),
        ..Guest::default()
    }
}

#[test]
fn a_deadline_ends_a_go_guest_that_waits_for_a_fifo() {
    alone("files::a_deadline_ends_a_go_guest_that_waits_for_a_fifo", || {
        let (folder, module) = (with_fifo(), reader().module());
        for (workers, code) in [(0, "now()"), (0, "f()"), (1, "f()")] {
            let grant = GoGrant::new()
                .dir(folder.path(), "/", Access::ReadOnly)
                .workers(workers)
                .grace(Duration::ZERO);
            let builder = Sandbox::builder(engine()).limits(limits());
            let mut sandbox = builder.go("r", module.clone(), grant).build().unwrap();
            stops(&mut sandbox, &format!("require('r').{code}"));
        }
    });
}

#[test]
fn a_script_reads_and_writes_fifos() {
    let folder = with_fifo();
    fifo(&folder.path().join("back"));
    for version in LuaVersion::ALL {
        let limits = Limits::default().deadline(Duration::from_secs(20));
        let mut sandbox = beside(folder.path(), version, limits);
        let [path, back] = ["fifo", "back"].map(|name| folder.path().join(name));
        let writer = std::thread::spawn(move || {
            fs::write(&path, "line\nand 42\n").unwrap();
            assert_eq!(fs::read(&back).unwrap(), vec![b'x'; 100_000]);
            fs::write(&path, "one\ntwo").unwrap();
        });
        run(
            &mut sandbox,
            "local f = assert(io.open('d/fifo'))
            assert(f:read('*l') == 'line' and f:read(4) == 'and ' and f:read('*n') == 42)
            assert(f:read('*a') == '\\n' and f:read(1) == nil and f:seek('set', 0) == nil)
            f:close()
            f = assert(io.open('d/back', 'w'))
            assert(f:write(('x'):rep(100000)))
            f:close()
            local lines = {}
            for line in io.lines('d/fifo') do lines[#lines + 1] = line end
            assert(table.concat(lines, ' ') == 'one two')",
        );
        writer.join().unwrap();
    }
}

#[test]
fn a_sandbox_has_as_many_open_files_as_it_may() {
    alone("files::a_sandbox_has_as_many_open_files_as_it_may", || {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "text").unwrap();
        // What the engine has is there from the first sandbox on.
        drop(beside(folder.path(), LuaVersion::Lua54, limits()));
        let before = descriptors();
        let mut sandbox = beside(folder.path(), LuaVersion::Lua54, limits());
        run(
            &mut sandbox,
            "local open = {}
            for i = 1, 300 do
              local f, message = io.open('d/file')
              if not f then
                assert(i == 257 and message == 'd/file: Too many open files', message)
                break
              end
              open[i] = f
            end
            assert(#open == 256)
            open[1]:close()
            open[1] = assert(io.open('d/file'))
            assert(not pcall(require('lfs').dir, 'd'))
            kept = open",
        );
        assert!(descriptors() > before + 256);
        drop(sandbox);
        assert_eq!(descriptors(), before);
    });
}

#[test]
fn no_sandbox_takes_the_last_descriptor_of_the_process() {
    alone("files::no_sandbox_takes_the_last_descriptor_of_the_process", || {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "text").unwrap();
        let limits = limits().open_files(u32::MAX).deadline(Duration::from_secs(60));
        let mut sandboxes: Vec<Sandbox> =
            (0..20).map(|_| beside(folder.path(), LuaVersion::Lua54, limits.clone())).collect();
        let code = "kept = {}
            while true do
              local f = io.open('d/file')
              if not f then break end
              kept[#kept + 1] = f
            end";
        sandboxes.iter_mut().for_each(|sandbox| drop(run(sandbox, code)));
        assert!(descriptors() > 200);
        let mut honest = beside(folder.path(), LuaVersion::Lua54, limits);
        run(&mut honest, "local f = assert(io.open('d/file')) assert(f:read('*a') == 'text')");
        fs::read_dir(folder.path()).unwrap();
    });
}

/// A folder of so many files with long names.
fn crowded(files: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for index in 0..files {
        fs::File::create(folder.path().join(format!("{index:0200}"))).unwrap();
    }
    folder
}

#[test]
fn a_large_folder_is_listed_in_pieces() {
    alone("files::a_large_folder_is_listed_in_pieces", || {
        let folder = crowded(200_000);
        let folder = folder.path();
        for version in LuaVersion::ALL {
            let limits = Limits::default().memory(16 << 20).deadline(Duration::from_millis(500));
            let mut sandbox = beside(folder, version, limits);
            let code = "local lfs = require 'lfs'
                for i = 1, 1000 do
                  local n = 0
                  for name in lfs.dir('d') do n = n + 1 if n == 3 then break end end
                  assert(n == 3)
                  if i % 50 == 0 then collectgarbage() end
                end";
            let (_, cost) = measure(|| sandbox.run(&Script::new("test", code)).unwrap());
            cost.by(Duration::from_millis(500)).within(16 << 20);

            let mut sandbox = beside(folder, version, self::limits().deadline(None));
            let count = "local n = 0
                for name in require('lfs').dir('d') do
                  n = n + 1
                  assert(#name == 200 or name == '.' or name == '..')
                end
                assert(n == 200002, n)";
            let (_, cost) = measure(|| run(&mut sandbox, count));
            cost.within(16 << 20);
            println!("{version}: all of it in {:?}", cost.time);
        }
    });
}

#[test]
fn a_name_that_is_not_utf_8_is_listed_opened_and_made() {
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::write(folder.path().join(name), "text").unwrap();
    for version in LuaVersion::ALL {
        let limits = Limits::default().deadline(Duration::from_secs(20));
        let mut sandbox = beside(folder.path(), version, limits);
        run(
            &mut sandbox,
            "local names, lfs = {}, require 'lfs'
            for name in lfs.dir('d') do names[#names + 1] = name end
            table.sort(names)
            assert(table.concat(names, ' ') == '. .. caf\\233', table.concat(names, ' '))
            assert(io.open('d/caf\\233'):read('*a') == 'text')
            assert(io.open('d/\\255', 'w')):close()
            assert(lfs.attributes('d/\\255', 'size') == 0 and os.remove('d/\\255'))",
        );
    }
}

#[test]
fn a_path_is_refused_before_it_is_copied_if_it_is_too_long() {
    alone("files::a_path_is_refused_before_it_is_copied_if_it_is_too_long", || {
        let guest = Guest {
            pages: 1020,
            call: "(memory.fill (i32.const 0x20000) (i32.const 97) (i32.const 0x3c00000))
                (loop $again
                    (if (i32.ne (i32.const 37) (call $path_open (i32.const 3) (i32.const 0)
                        (i32.const 0x20000) (i32.const 0x3c00000) (i32.const 0) (i64.const 2)
                        (i64.const 0) (i32.const 0) (i32.const 0x300))) (then unreachable))
                    (br_if $again (i32.lt_u (i32.const 5)
                        (local.tee $i (i32.add (local.get $i) (i32.const 1))))))
                (i64.const 0)"
                .to_string(),
            ..reader()
        };
        let folder = tempfile::tempdir().unwrap();
        let grant = GoGrant::new().memory(64 << 20).dir(folder.path(), "/", Access::ReadOnly);
        let builder = sandbox(16 << 20).go("r", guest.module(), grant);
        let mut sandbox = builder.build().unwrap();
        let (_, cost) = measure(|| run(&mut sandbox, "require('r').now()"));
        cost.within(64 << 20);
    });
}

#[test]
fn a_path_through_as_many_links_as_there_can_be_ends_with_the_deadline() {
    alone("files::a_path_through_as_many_links_as_there_can_be_ends_with_the_deadline", || {
        let folder = tempfile::tempdir().unwrap();
        for (link, ahead) in [("before", true), ("after", false)] {
            for number in 0..40 {
                let (dots, next) = ("./".repeat(2000), format!("{link}{}", number + 1));
                let target = if ahead { format!("{dots}{next}") } else { format!("{next}/{dots}") };
                let own = folder.path().join(format!("{link}{number}"));
                std::os::unix::fs::symlink(target, own).unwrap();
            }
        }
        fs::create_dir(folder.path().join("after40")).unwrap();
        fs::write(folder.path().join("before40"), "end").unwrap();
        // The dots alone are eighty thousand.
        let patient = Limits::default().deadline(Duration::from_secs(20));
        let mut sandbox = beside(folder.path(), LuaVersion::Lua54, patient);
        run(
            &mut sandbox,
            "assert(io.open('d/../d/before0'):read('*a') == 'end')
            assert(require('lfs').attributes('d/../d/after0', 'mode') == 'directory')
            assert(select(3, io.open('d/../d/before0/x')) == 20)",
        );
        for link in ["before0", "after0", "after0/x"] {
            let mut sandbox = beside(folder.path(), LuaVersion::Lua54, limits());
            stops(
                &mut sandbox,
                &format!(
                    "while true do local f = io.open('d/../d/{link}') if f then f:close() end end"
                ),
            );
        }
    });
}

#[test]
fn output_in_pieces_takes_little_more_than_its_bytes() {
    alone("files::output_in_pieces_takes_little_more_than_its_bytes", || {
        let write = |fd: u32| {
            format!(
                "(drop (call $fd_write (i32.const {fd}) (i32.const 0x300) (i32.const 1)
                    (i32.const 0x310)))"
            )
        };
        let guest = Guest {
            call: format!(
                "(loop $again {} {} (br_if $again (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500000))))
                (i64.const 0)",
                write(1),
                write(2)
            ),
            imports: r#"(import "wasi_snapshot_preview1" "fd_write" (func $fd_write
                (param i32 i32 i32 i32) (result i32)))"#
                .to_string(),
            more: r#"(data (i32.const 0x300) "\00\02\00\00\01\00\00\00")"#.to_string(),
            ..Guest::default()
        };
        let grant = GoGrant::new().memory(4 << 20);
        let mut sandbox = sandbox(16 << 20).go("r", guest.module(), grant).build().unwrap();
        let (_, cost) = measure(|| run(&mut sandbox, "require('r').now()"));
        cost.within(0);
        assert_eq!(sandbox.usage().output, 1_000_000);
    });
}

#[test]
fn output_is_counted_from_when_a_go_guest_writes_it() {
    alone("files::output_is_counted_from_when_a_go_guest_writes_it", || {
        let guest = Guest {
            pages: 40,
            call: "(loop $again
                    (drop (call $fd_write (i32.const 1) (i32.const 0x300) (i32.const 1)
                        (i32.const 0x310)))
                    (br_if $again (i32.lt_u
                        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 300))))
                (i64.const 0)"
                .to_string(),
            imports: r#"(import "wasi_snapshot_preview1" "fd_write" (func $fd_write
                (param i32 i32 i32 i32) (result i32)))"#
                .to_string(),
            more: r#"(data (i32.const 0x300) "\00\00\01\00\00\00\10\00")"#.to_string(),
            ..Guest::default()
        };
        let grant = GoGrant::new().memory(4 << 20).output(1 << 30);
        let mut sandbox = sandbox(16 << 20).go("r", guest.module(), grant).build().unwrap();
        let code = "local ok, why = pcall(require('r').now)
            assert(not ok and tostring(why):find('limit host_bytes', 1, true), why)";
        let (_, cost) = measure(|| run(&mut sandbox, code));
        cost.within(20 << 20);
    });
}

#[test]
fn showing_output_in_pieces_ends_with_the_deadline() {
    alone("files::showing_output_in_pieces_ends_with_the_deadline", || {
        struct Slow(Mutex<u32>);
        impl std::io::Write for Slow {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                std::thread::sleep(Duration::from_micros(20));
                *self.0.lock().unwrap() += 1;
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let code = "(loop $again
                (drop (call $fd_write (i32.const 1) (i32.const 0x300) (i32.const 1) (i32.const 0x310)))
                (drop (call $fd_write (i32.const 2) (i32.const 0x300) (i32.const 1) (i32.const 0x310)))
                (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                    (i32.const 500000))))
            (i64.const 0)";
        let guest = Guest {
            call: code.to_string(),
            imports: r#"(import "wasi_snapshot_preview1" "fd_write" (func $fd_write
                (param i32 i32 i32 i32) (result i32)))"#
                .to_string(),
            more: r#"(data (i32.const 0x300) "\00\02\00\00\01\00\00\00")"#.to_string(),
            ..Guest::default()
        };
        let builder = Sandbox::builder(engine()).limits(limits());
        let builder = builder.stdout(Slow(Mutex::new(0))).stderr(Slow(Mutex::new(0)));
        let mut sandbox = builder.go("r", guest.module(), GoGrant::new()).build().unwrap();
        let script = Script::new("test", "require('r').now()");
        let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
        assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
        cost.by(DEADLINE);
    });
}

#[test]
fn reading_and_writing_much_at_once_ends_with_the_deadline() {
    alone("files::reading_and_writing_much_at_once_ends_with_the_deadline", || {
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits::default().memory(256 << 20).deadline(DEADLINE);
        let mut sandbox = beside(folder.path(), LuaVersion::Lua54, limits);
        let start = Instant::now();
        let code = "local f = io.open('d/large', 'w+')
            f:setvbuf('full', 100 << 20)
            while true do
              f:seek('set', 0) f:write(('x'):rep(64 << 20)) f:seek('set', 0) f:read(64 << 20)
            end";
        let outcome: Outcome = sandbox.run(&Script::new("test", code)).unwrap();
        let time = start.elapsed();
        assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
        Cost { time, memory: 0 }.by(DEADLINE);
    });
}
