//! What is granted works, and nothing else does.

use luago_test_support::command::{self, Cli, lua, luago, script};
use luago_test_support::versions::{Lua, number};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use tempfile::TempDir;

/// `open(NAME, MODE)` says whether a file can be opened, and reads it.
const OPEN: &str = "
    function open(name, mode)
      local f, why, code = io.open(name, mode)
      if not f then return 'refused' end
      return f:read('*a') or 'opened'
    end ";

/// A folder with `granted/` and `secret` beside it, and ways from one to the other.
fn scene() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("granted/sub")).unwrap();
    fs::create_dir_all(at("outside")).unwrap();
    fs::write(at("secret"), "secret").unwrap();
    fs::write(at("outside/secret"), "secret").unwrap();
    fs::write(at("outside/secret.lua"), "return 'secret'").unwrap();
    fs::write(at("granted/file"), "content").unwrap();
    fs::write(at("granted/sub/file"), "below").unwrap();
    symlink("file", at("granted/link")).unwrap();
    symlink("../secret", at("granted/out")).unwrap();
    symlink(at("secret"), at("granted/out-absolute")).unwrap();
    symlink("../outside", at("granted/out-dir")).unwrap();
    symlink(at("outside"), at("granted/out-dir-absolute")).unwrap();
    symlink("..", at("granted/sub/up")).unwrap();
    symlink("loop", at("granted/loop")).unwrap();
    folder
}

fn in_scene(version: Lua, scene: &Path, access: &str) -> Cli {
    lua(version).dir(&scene.join("granted"), &format!(":granted{access}")).exec(OPEN)
}

#[track_caller]
fn unchanged(scene: &Path) {
    assert_eq!(fs::read(scene.join("secret")).unwrap(), b"secret");
    assert_eq!(fs::read(scene.join("outside/secret")).unwrap(), b"secret");
    assert_eq!(fs::read_dir(scene).unwrap().count(), 3);
    assert_eq!(fs::read_dir(scene.join("outside")).unwrap().count(), 2);
}

/// Every name that would lead out of `granted`.
fn ways_out(scene: &Path) -> Vec<String> {
    let mut ways: Vec<String> = [
        "granted/../secret",
        "granted/sub/../../secret",
        "granted/out",
        "granted/out-absolute",
        "granted/out-dir/secret",
        "granted/out-dir-absolute/secret",
        "granted/sub/up/../secret",
        "granted/sub/up/out",
        "../secret",
        "secret",
        "./secret",
        "granted/./../secret",
        "granted//../secret",
        "granted/nowhere/../../secret",
        "granted/loop",
        "/etc/passwd",
        "/proc/self/environ",
        "/dev/null",
        "/",
        ".",
        "..",
        "",
        "granted/../../../../etc/passwd",
    ]
    .map(str::to_string)
    .to_vec();
    ways.push(scene.join("secret").display().to_string());
    ways.push(scene.join("granted/../secret").display().to_string());
    ways.push(scene.join("granted/file").display().to_string());
    ways
}

for_each_version! {
    fn no_file_can_be_opened_without_a_grant(lua) {
        let scene = scene();
        for mode in ["r", "w", "a", "r+", "w+"] {
            for name in ["granted/file", "secret", "./secret", "../x", "/etc/passwd", "new", "/tmp/luago-new"] {
                let code = format!("{OPEN} print(open('{name}', '{mode}'))");
                let ran = command::lua(lua).in_folder(scene.path()).exec(&code).run();
                assert_eq!(ran.out(), "refused\n", "{name} {mode}");
            }
        }
        unchanged(scene.path());
    }

    fn nothing_can_be_removed_or_renamed_without_a_grant(lua) {
        let scene = scene();
        let ran = command::lua(lua)
            .in_folder(scene.path())
            .exec("print((os.remove('secret'))) print((os.rename('secret', 'other'))) print((os.remove('/etc/passwd')))")
            .run();
        assert_eq!(ran.out(), "nil\nnil\nnil\n");
        unchanged(scene.path());
    }

    fn a_granted_directory_can_be_read(lua) {
        let scene = scene();
        let ran = in_scene(lua, scene.path(), "")
            .exec("print(open('granted/file'), open('granted/sub/file'), open('granted/link'), open('granted/sub/../file'), open('granted/sub/up/file'))
                for line in io.lines('granted/file') do print(line) end
                print(open('granted/none'))")
            .run();
        assert_eq!(ran.out(), "content\tbelow\tcontent\tcontent\tcontent\ncontent\nrefused\n");
    }

    fn a_granted_directory_can_be_named_from_the_current_one(lua) {
        let scene = scene();
        let ran = in_scene(lua, scene.path(), "")
            .exec("print(open('./granted/file'), open('./granted/sub/file'), open('./granted/sub/../file'))")
            .run();
        assert_eq!(ran.out(), "content\tbelow\tcontent\n");
    }

    fn no_path_leads_out_of_a_granted_directory(lua) {
        let scene = scene();
        for access in [":ro", ":rw"] {
            for way in ways_out(scene.path()) {
                let ran = in_scene(lua, scene.path(), access)
                    .in_folder(scene.path())
                    .exec(&format!("print(open('{way}'))"))
                    .run();
                let said = ran.out();
                assert!(!said.contains("secret") && !said.contains("root:") && !said.contains("content"), "{way}: {said}");
            }
        }
        unchanged(scene.path());
    }

    fn no_path_to_write_leads_out_of_a_granted_directory(lua) {
        let scene = scene();
        for way in ways_out(scene.path()) {
            let ran = in_scene(lua, scene.path(), ":rw")
                .in_folder(scene.path())
                .exec(&format!("
                    for _, mode in ipairs {{'w', 'a', 'r+', 'w+', 'a+'}} do
                      local f = io.open('{way}', mode) if f then f:write('overwritten') f:close() end
                    end
                    local f = io.open('{way}-new', 'w') if f then f:close() end
                    print(os.rename('granted/file', '{way}/../x'))"))
                .run();
            ran.out();
            unchanged(scene.path());
            let file = scene.path().join("granted/file");
            fs::write(file, "content").unwrap();
        }
    }

    fn no_rename_moves_a_file_out_or_in(lua) {
        let scene = scene();
        let ran = in_scene(lua, scene.path(), ":rw")
            .in_folder(scene.path())
            .exec("for _, pair in ipairs {
                  {'granted/file', '../moved'}, {'granted/file', 'granted/../moved'}, {'granted/file', 'granted/out-dir/moved'},
                  {'granted/file', '/tmp/moved'}, {'granted/../secret', 'granted/moved'}, {'secret', 'granted/moved'},
                  {'granted/out-dir/secret', 'granted/moved'}, {'/etc/hostname', 'granted/moved'}} do
                  print((os.rename(pair[1], pair[2])))
                end
                for _, name in ipairs {'granted/../secret', 'granted/out-dir/secret', '/etc/hostname', 'granted/..'} do
                  print((os.remove(name)))
                end")
            .run();
        assert_eq!(ran.out(), "nil\n".repeat(12));
        unchanged(scene.path());
        assert!(!scene.path().join("granted/moved").exists());
    }

    fn removing_a_link_removes_the_link_only(lua) {
        let scene = scene();
        in_scene(lua, scene.path(), ":rw").exec("assert(os.remove('granted/out')) assert(os.remove('granted/out-dir'))").run().out();
        unchanged(scene.path());
        assert!(scene.path().join("granted/out").symlink_metadata().is_err());
    }

    fn a_read_only_directory_cannot_be_written(lua) {
        let scene = scene();
        for access in ["", ":ro"] {
            let ran = in_scene(lua, scene.path(), access)
                .exec("for _, mode in ipairs {'w', 'a', 'r+', 'w+', 'a+', 'wb'} do print(open('granted/file', mode), open('granted/new', mode)) end
                    print((os.remove('granted/file'))) print((os.remove('granted/sub/file'))) print((os.remove('granted/sub')))
                    print((os.rename('granted/file', 'granted/moved'))) print((os.rename('granted/file', 'granted/sub/file')))
                    print((pcall(os.tmpname))) print((io.tmpfile()))
                    print(open('granted/file'))")
                .run();
            let expected = "refused\trefused\n".repeat(6) + &"nil\n".repeat(5) + "false\nnil\ncontent\n";
            assert_eq!(ran.out(), expected);
        }
        assert_eq!(fs::read_dir(scene.path().join("granted")).unwrap().count(), 8);
    }

    fn a_file_opened_for_reading_cannot_be_written(lua) {
        let scene = scene();
        let ran = in_scene(lua, scene.path(), ":ro")
            .exec("local f = io.open('granted/file') f:setvbuf('no') print((f:write('x'))) f:close() print(open('granted/file'))")
            .run();
        assert!(ran.out() == "nil\ncontent\n", "{ran:#?}");
    }

    fn a_writable_directory_can_be_written(lua) {
        let scene = scene();
        let ran = in_scene(lua, scene.path(), ":rw")
            .exec("
                local f = assert(io.open('granted/new', 'w')) f:write('one\\n', 2, '\\n') f:close()
                f = assert(io.open('granted/new', 'a')) f:write('three') f:close()
                for line in io.lines('granted/new') do io.write(line, ' ') end print()
                f = assert(io.open('granted/new', 'r+')) print(f:seek('end')) f:seek('set', 1) f:write('N') f:seek('set') print(f:read('*l')) f:close()
                assert(os.rename('granted/new', 'granted/sub/moved')) print(open('granted/new'), #open('granted/sub/moved'))
                assert(os.remove('granted/sub/moved')) print(open('granted/sub/moved'))
                print(os.remove('granted/none'))
                local name = os.tmpname() print((name:gsub('%w+$', '*'))) print(open(name) == '') assert(os.remove(name))
                local t = io.tmpfile() t:write('temporary') t:seek('set') print(t:read('*a')) t:close()
                io.output('granted/out2') io.write('by io.output') io.close() io.input('granted/out2') print(io.read('*a'))")
            .run();
        let out = ran.out();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[..5], ["one 2 three ", "11", "oNe", "refused\t11", "refused"], "{ran:#?}");
        assert!(lines[5].starts_with("nil\tgranted/none: No such file or directory\t"), "{ran:#?}");
        assert_eq!(lines[6..], ["/granted/lua_*", "true", "temporary", "by io.output"], "{ran:#?}");
        let mut names: Vec<_> = fs::read_dir(scene.path().join("granted")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names.len(), 9, "{names:?}");
        assert_eq!(fs::read(scene.path().join("granted/out2")).unwrap(), b"by io.output");
    }

    fn temporary_files_go_to_tmp_where_that_is_granted(lua) {
        let one = tempfile::tempdir().unwrap();
        let two = tempfile::tempdir().unwrap();
        let ran = command::lua(lua)
            .dir(one.path(), ":data:rw")
            .dir(two.path(), ":/tmp:rw")
            .exec("print((os.tmpname():gsub('%w+$', '*')))")
            .run();
        assert_eq!(ran.out(), "/tmp/lua_*\n");
        assert_eq!(fs::read_dir(two.path()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(one.path()).unwrap().count(), 0);
    }

    fn temporary_files_without_a_writable_directory_say_what_is_missing(lua) {
        let ran = command::lua(lua).exec("print(io.tmpfile()) print(select(2, pcall(os.tmpname)))").run();
        let out = ran.out();
        assert!(out.starts_with("nil\tno writable directory was granted to this sandbox\t"), "{out}");
        assert!(out.ends_with("unable to generate a unique filename: no writable directory was granted to this sandbox\n"), "{out}");
    }

    fn grants_keep_their_own_rights(lua) {
        let read = tempfile::tempdir().unwrap();
        let write = tempfile::tempdir().unwrap();
        fs::write(read.path().join("f"), "read").unwrap();
        let ran = command::lua(lua)
            .dir(read.path(), ":r")
            .dir(write.path(), ":w:rw")
            .exec(OPEN)
            .exec("print(open('r/f'), open('w/f', 'w'), open('r/new', 'w'), (os.rename('r/f', 'w/g')), (os.rename('w/f', 'r/g')), open('w/../r/f'))")
            .run();
        let out = ran.out();
        assert!(out.starts_with("read\topened\trefused\tnil\tnil\t"), "{out}");
        assert!(read.path().join("f").exists() && write.path().join("f").exists());
    }

    fn a_directory_opened_as_a_file_reads_nothing(lua) {
        let scene = scene();
        let ran = in_scene(lua, scene.path(), ":ro")
            .exec("local f = io.open('granted/sub') print(f and f:read('*a') or 'nothing')")
            .run();
        assert!(["nothing\n", "\n"].contains(&ran.out()), "{ran:#?}");
    }

    fn no_variable_is_seen_unless_it_is_granted(lua) {
        let ran = command::lua(lua)
            .env("SECRET", "s")
            .exec("print(os.getenv('SECRET'), os.getenv('PATH'), os.getenv('HOME'), os.getenv('PWD'), os.getenv(''), os.getenv('A=B'))")
            .run();
        assert_eq!(ran.out(), "nil\tnil\tnil\tnil\tnil\tnil\n");
    }

    fn no_process_can_be_started(lua) {
        let ran = command::lua(lua).exec("print(os.execute('true'))").run();
        if number(lua) == 51 {
            let said = ran.failed(1);
            assert!(said.contains("not supported: this sandbox cannot start processes"), "{said}");
        } else {
            let out = ran.out();
            assert!(out.starts_with("nil\ttrue: this sandbox cannot start processes\t"), "{out}");
        }
        let shell = command::lua(lua).exec("print(os.execute())").run();
        assert_eq!(shell.out(), if number(lua) == 51 { "0\n" } else { "false\n" });
        let ran = command::lua(lua).exec("print(pcall(io.popen, 'true'))").run();
        assert_eq!(ran.out(), "false\t'popen' not supported: this sandbox cannot start processes\n");
    }

    fn no_c_library_can_be_loaded(lua) {
        let ran = command::lua(lua).exec("print(package.loadlib('/lib/libc.so.6', '*'))").run();
        assert_eq!(ran.out(), "nil\tC modules not supported: this sandbox runs Lua code only\tabsent\n");
    }

    fn local_time_is_universal_time(lua) {
        let ran = command::lua(lua)
            .env("TZ", "America/New_York")
            .exec("print(os.date('%c', 0), os.date('!%c', 0), os.time({year=1970, month=1, day=1, hour=0}))")
            .run();
        assert_eq!(ran.out(), "Thu Jan  1 00:00:00 1970\tThu Jan  1 00:00:00 1970\t0\n");
    }

    fn the_locale_cannot_be_changed(lua) {
        let ran = command::lua(lua).env("LC_ALL", "de_DE.UTF-8").exec("os.setlocale('') print(string.format('%.1f', 1.5))").run();
        assert_eq!(ran.out(), "1.5\n");
    }
}

#[test]
fn a_granted_directory_that_is_a_file_is_refused() {
    let file = script("");
    let ran = luago().dir(&file.path, "").exec("").run();
    assert!(ran.failed(2).contains("there is no directory"), "{ran:#?}");
}

#[test]
fn a_fifo_without_a_writer_does_not_outlast_the_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    command::program("mkfifo").arg(&fifo).run().out();
    let start = std::time::Instant::now();
    let ran = luago()
        .dir(folder.path(), ":d")
        .args(["--timeout", "300ms"])
        .exec("local f = io.open('d/fifo') if f then f:read('*a') end while true do end")
        .run();
    assert_eq!(ran.code, 124, "{ran:#?}");
    assert!(start.elapsed() < std::time::Duration::from_millis(1500));
}

for_each_version! {
    fn what_linux_shows_of_processes_is_in_no_grant(lua) {
        let code = "
            local function number(...) return (select(3, ...)) end
            local lfs = require 'lfs'
            print(number(io.open('root/proc/self/environ')), number(io.open('root/proc/1/environ')), number(io.open('root/proc')))
            print(number(lfs.attributes('root/proc/self/status')), number(lfs.symlinkattributes('root/proc/self/exe')),
              lfs.chdir('root/proc') or 'no', (pcall(lfs.dir, 'root/proc')))
            print(io.open('root/etc/passwd'):read('*l') ~= nil, lfs.attributes('root/dev', 'mode'), lfs.chdir('root/dev/shm'))";
        let ran = command::lua(lua).dir(Path::new("/"), ":root").exec(code).run();
        assert_eq!(ran.out(), "13\t13\t13\n13\t13\tno\tfalse\ntrue\tdirectory\ttrue\n");
        let rw = command::lua(lua).dir(Path::new("/"), ":root:rw").arg("--no-cache");
        let rw = rw.exec("
            print((select(3, io.open('root/proc/self/mem', 'r+'))), (select(3, require('lfs').touch('root/proc/self/comm', 0))))").run();
        assert_eq!(rw.out(), "13\t13\n");
    }
}

#[test]
fn a_folder_that_shows_processes_cannot_be_granted() {
    for folder in ["/proc", "/proc/self", "/proc/self/task"] {
        let ran = luago().dir(Path::new(folder), ":p").exec("print(io.open('p/environ'))").run();
        let message = ran.failed(2);
        assert!(message.contains(folder), "{ran:#?}");
        assert_eq!(message.matches("shows processes").count(), 1, "{ran:#?}");
    }
}
