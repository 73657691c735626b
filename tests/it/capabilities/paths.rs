//! What a script calls the places that were granted, and the working directory.

use luago_test_support::command::{self, Cli, Ran, lua, luago};
use luago_test_support::versions::Lua;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// `read(NAME)` is what is in a file, or why it cannot be read.
const READ: &str = "
    function read(name)
      local f, why, number = io.open(name)
      if not f then return why .. ' ' .. number end
      local text = f:read('*a') f:close()
      return text
    end ";

/// A project with a folder `data`, and one beside it.
struct Scene {
    folder: TempDir,
    proj: PathBuf,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for name in ["proj/data", "proj/test", "other"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    for (name, text) in
        [("proj/data/x", "x"), ("proj/f", "f"), ("proj/m.lua", "return 'm'"), ("other/o", "o")]
    {
        fs::write(root.join(name), text).unwrap();
    }
    Scene { proj: root.join("proj"), folder }
}

impl Scene {
    fn run(&self, lua_version: Lua, at: &str, options: &[&str], code: &str) -> Ran {
        self.cli(lua_version, at).args(options).exec(READ).exec(code).run()
    }

    fn cli(&self, lua_version: Lua, at: &str) -> Cli {
        lua(lua_version).in_folder(&self.proj.join(at))
    }

    fn shown(&self) -> String {
        self.proj.display().to_string()
    }
}

for_each_version! {
    fn a_granted_folder_has_every_name_that_leads_there(lua) {
        let scene = scene();
        let code = format!("print(read('data/x'), read('./data/x'), read('../proj/data/x'), read('{}/data/x'), read('data/../data/x'))
            print(require('lfs').currentdir())", scene.shown());
        let ran = scene.run(lua, ".", &["--dir", "data"], &code);
        assert_eq!(ran.out(), format!("x\tx\tx\tx\tx\n{}\n", scene.shown()));
    }

    fn a_folder_above_grants_the_one_that_the_command_was_started_in(lua) {
        let scene = scene();
        let code = "print(read('../f'), read('../data/x'), require('m'), dofile('../m.lua')) for name in require('lfs').dir('.') do io.write(name, ' ') end print()";
        let ran = scene.run(lua, "test", &["--dir", "..", "-e", "package.path = '../?.lua'"], code);
        assert_eq!(ran.out(), "f\tx\tm\tm\n. .. \n");
    }

    fn a_link_of_the_shell_is_a_name_too(lua) {
        let scene = scene();
        let link = scene.folder.path().join("link");
        symlink("proj", &link).unwrap();
        let code = format!("print(read('{}/data/x'), read('{}/data/x'))", link.display(), scene.shown());
        let ran = scene.cli(lua, ".").env("PWD", &link).args(["--dir", "data"]).exec(READ).exec(&code).run();
        assert_eq!(ran.out(), "x\tx\n");
        let ran = scene.cli(lua, "..").args(["--dir", "link/data"]).exec(READ).exec(&code).run();
        assert_eq!(ran.out(), "x\tx\n");
    }

    fn the_working_directory_can_be_changed_within_what_is_granted(lua) {
        let scene = scene();
        let root = scene.shown();
        let code = "
            local lfs = require 'lfs'
            print(lfs.chdir('.'), lfs.chdir('data'), lfs.currentdir(), read('x'), read('../f'))
            for _, name in ipairs {'nope', 'x', 'x/', '/etc', '', '/dev/null'} do print(lfs.chdir(name)) end
            print(lfs.chdir('..'), lfs.currentdir(), read('data/x'), lfs.chdir('/'), lfs.currentdir(), lfs.chdir('..'), lfs.currentdir())";
        let ran = scene.run(lua, ".", &["--dir", "."], code);
        let failed = |name: &str, why: &str| format!("nil\tUnable to change working directory to '{name}'\n{why}\n\n");
        let missing = "No such file or directory";
        let expected = format!("true\ttrue\t{root}/data\tx\tf\n")
            + &failed("nope", missing) + &failed("x", "Not a directory") + &failed("x/", "Not a directory")
            + &failed("/etc", missing) + &failed("", missing) + &failed("/dev/null", "Not a directory")
            + &format!("true\t{root}\tx\ttrue\t/\ttrue\t/\n");
        assert_eq!(ran.out(), expected);
    }

    fn what_is_above_a_grant_is_a_folder_with_nothing_else_in_it(lua) {
        let scene = scene();
        fs::create_dir_all(scene.proj.join("b/c")).unwrap();
        let code = "
            local lfs = require 'lfs'
            local function list(at) local all = {} for name in lfs.dir(at) do all[#all + 1] = name end table.sort(all) return table.concat(all, ' ') end
            print(list('/'), list('/a'), list('/a/b'), list('/dev'), list('.'))
            print(lfs.attributes('/a', 'mode'), lfs.attributes('/a', 'permissions'), lfs.attributes('/dev/null', 'mode'), lfs.attributes('/x'))
            print(io.open('/new', 'w')) print(io.open('/a/new', 'w')) print(lfs.mkdir('/a/new')) print(lfs.mkdir('/a')) print(lfs.rmdir('/a')) print(os.remove('/a/b')) print((select(2, os.rename('/a/b/c', '/a/c')):gsub('^.*: ', '')))";
        let options = ["--dir", "b:/a/b:rw", "--dir", "data:/srv/d"];
        let ran = scene.run(lua, ".", &options, code);
        let missing = "cannot obtain information from file '/x': No such file or directory";
        assert_eq!(ran.out(), format!(". .. a dev srv\t. .. b\t. .. c\t. .. null\t. .. a dev srv\n\
            directory\tr-xr-xr-x\tchar device\tnil\t{missing}\t2\n\
            nil\t/new: Permission denied\t13\nnil\t/a/new: Permission denied\t13\nnil\tPermission denied\t13\nnil\tFile exists\t17\n\
            nil\tDevice or resource busy\t16\nnil\t/a/b: Device or resource busy\t16\nPermission denied\n"));
    }

    fn a_grant_within_another_has_its_own_rights_and_is_listed_there(lua) {
        let scene = scene();
        let code = "
            print(io.open('f', 'w')) print(io.open('data/new', 'w') ~= nil, io.open('../proj/data/new', 'w') ~= nil)
            print(read('lib/o')) local n = 0 for name in require('lfs').dir('.') do n = n + 1 end print(n)";
        let ran = scene.run(lua, ".", &["--dir", ".", "--dir", "data:rw", "--dir", "../other:lib"], code);
        assert_eq!(ran.out(), "nil\tf: Operation not permitted\t1\ntrue\ttrue\no\n7\n");
        assert!(scene.proj.join("data/new").exists());
    }

    fn a_link_leads_from_one_grant_to_another_and_nowhere_else(lua) {
        let scene = scene();
        symlink("../other", scene.proj.join("relative")).unwrap();
        symlink(scene.folder.path().join("other").canonicalize().unwrap(), scene.proj.join("absolute")).unwrap();
        let code = "print(read('relative/o')) print(read('absolute/o')) print(require('lfs').symlinkattributes('relative', 'target'))";
        for other in ["../other", "../other:/elsewhere"] {
            let ran = scene.run(lua, ".", &["--dir", ".", "--dir", other], code);
            assert_eq!(ran.out(), "o\no\n../other\n", "{other}");
        }
        let write = "print(io.open('relative/new', 'w') ~= nil, io.open('absolute/new', 'a') ~= nil)";
        let ran = scene.run(lua, ".", &["--dir", ".", "--dir", "../other:rw"], write);
        assert_eq!(ran.out(), "true\ttrue\n");
        let ran = scene.run(lua, ".", &["--dir", "."], code);
        let outside = "Symbolic link leads outside of the granted directories 13";
        assert_eq!(ran.out(), format!("relative/o: {outside}\nabsolute/o: {outside}\n../other\n"));
    }

    fn the_null_device_is_in_every_sandbox(lua) {
        let code = "
            local f = assert(io.open('/dev/null', 'w')) print(f:write('x') == f or f:write('x') == true, f:seek('cur'), f:close())
            f = assert(io.open('/dev/null', 'r')) print(f:read('*a') == '', f:read('*l'), f:seek('end')) f:close()
            io.output('/dev/null') io.write('nothing') io.close() io.output(io.stdout) io.input('/dev/null') print(io.read(1))
            print((os.remove('/dev/null')))";
        for options in [&[][..], &["--dir", "."], &["--dir", "data:/"]] {
            let ran = scene().run(lua, ".", options, code);
            assert_eq!(ran.out(), "true\t0\ttrue\ntrue\tnil\t0\nnil\nnil\n", "{options:?}");
        }
    }

    fn error_numbers_are_those_of_linux(lua) {
        let scene = scene();
        fs::create_dir_all(scene.proj.join("data/d/e")).unwrap();
        symlink("loop", scene.proj.join("data/loop")).unwrap();
        let code = "
            local function number(...) return (select(3, ...)) end
            print(number(io.open('nope')), number(io.open('')), number(io.open('data/x/y')), number(io.open('data', 'w')), number(io.open('data/loop')),
              number(io.open(('n'):rep(300))), number(os.remove('data/d')), number(os.rename('data/nope', 'data/y')), number(require('lfs').mkdir('data/d')), number(io.open('data'):read(1)),
              number(io.open('f', 'w')))";
        let ran = scene.run(lua, ".", &["--dir", ".", "--dir", "data:rw"], code);
        assert_eq!(ran.out(), "2\t2\t20\t21\t40\t36\t39\t2\t17\t21\t1\n");
    }

    fn a_script_knows_the_lua_files_beside_it_by_its_own_name(lua) {
        let scene = scene();
        fs::write(scene.proj.join("test/beside.lua"), "return 42").unwrap();
        let script = "
            local here = arg[0]:match('^(.*/)') or './'
            print(pcall(dofile, here .. 'beside.lua'))
            local source = debug.getinfo(1, 'S').source:sub(2):match('^(.*/)') or './'
            local chunk = loadfile(source .. 'beside.lua')
            print(chunk ~= nil, chunk and chunk(), require('beside'), (loadfile(here .. '../m.lua')), (io.open(here .. 'beside.lua')))";
        fs::write(scene.proj.join("test/script.lua"), script).unwrap();
        let absolute = scene.proj.join("test/script.lua").display().to_string();
        for (at, name) in [(".", "test/script.lua"), ("test", "script.lua"), ("data", "../test/script.lua"), (".", "./test/../test/script.lua"), ("data", absolute.as_str())] {
            let ran = scene.cli(lua, at).arg(name).run();
            assert_eq!(ran.out(), "true\t42\ntrue\t42\t42\tnil\tnil\n", "{at} {name}");
            let ran = scene.cli(lua, at).args(["--dir", &scene.proj.join("data").display().to_string()]).arg(name).run();
            assert_eq!(ran.out(), "true\t42\ntrue\t42\t42\tnil\tnil\n", "{at} {name}");
        }
    }
}

#[test]
fn two_grants_of_one_name_are_refused_with_both() {
    let scene = scene();
    for dirs in
        [["data:d", "../other:d"], ["data", "./test/../data:rw"], ["data:/d", "../other:/x/../d/"]]
    {
        let ran = luago()
            .in_folder(&scene.proj)
            .args(["--dir", dirs[0], "--dir", dirs[1]])
            .exec("")
            .run();
        let said = ran.failed(2);
        let hosts = dirs.map(|dir| dir.split(':').next().unwrap().to_string());
        assert!(hosts.iter().all(|host| said.contains(host.as_str())), "{said}");
        assert!(said.contains("have one name in the guest"), "{said}");
    }
}

#[test]
fn a_name_that_is_not_utf_8_is_granted_and_listed() {
    use std::os::unix::ffi::OsStrExt;
    let scene = scene();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::create_dir(scene.proj.join(name)).unwrap();
    fs::write(scene.proj.join(name).join(name), "coffee").unwrap();
    let code = "print(read('caf\\233/caf\\233')) for name in require('lfs').dir('.') do if name ~= '.' and name ~= '..' then print((name:gsub('\\233', 'e'))) end end";
    let ran = luago().in_folder(&scene.proj).arg("--dir").arg(name).exec(READ).exec(code).run();
    assert_eq!(ran.out(), "coffee\ncafe\n");
}

#[test]
fn a_script_without_grants_does_not_learn_where_the_command_was_started() {
    let scene = scene();
    fs::write(scene.proj.join("test/script.lua"), "local lfs = require 'lfs' print(lfs.currentdir()) for name in lfs.dir('/') do io.write(name, ' ') end").unwrap();
    let ran = luago().in_folder(&scene.proj).arg("test/script.lua").run();
    assert_eq!(ran.out(), "/\n. .. dev ");
}

fn is_lock_free(folder: &Path) -> bool {
    folder.join("lockfile.lfs").symlink_metadata().is_err()
}

for_each_version! {
    fn lfs_has_what_luafilesystem_has(lua) {
        let scene = scene();
        let code = "
            local lfs = require 'lfs'
            print(rawget(_G, 'lfs') == lfs, lfs._VERSION)
            print(lfs.link('x', 'y'), lfs.link('x', 's', true), lfs.link('nope', 'z'))
            print(lfs.attributes('y', 'nlink'), lfs.attributes('s', 'mode'), lfs.symlinkattributes('s', 'mode'), lfs.symlinkattributes('s', 'target'), lfs.symlinkattributes('s').target, lfs.attributes('s').target)
            print(lfs.symlinkattributes('x', 'target')) print(lfs.symlinkattributes('nope', 'target'))
            local f = io.open('x', 'r+')
            print(lfs.lock(f, 'w', 0, 1), lfs.unlock(f), lfs.lock(f, 'r'), pcall(lfs.lock, f, 'x'))
            local g = io.open('x', 'r+') print(lfs.lock(g, 'w')) lfs.unlock(f) print(lfs.lock(g, 'w', 2, 3), lfs.lock(f, 'w', 0, 2), lfs.lock(f, 'w', 4, 1))
            print(lfs.setmode(f, 'binary')) print(lfs.setmode(f, 'text')) f:close() print(pcall(lfs.lock, f, 'r'))
            local lock = lfs.lock_dir('.') print(lock ~= nil, lfs.lock_dir('.')) print(lfs.symlinkattributes('lockfile.lfs', 'target')) lock:free() lock:free()
            lock = lfs.lock_dir('.') print(lock ~= nil) lock = nil collectgarbage() collectgarbage() print(lfs.lock_dir('nope'))
            local t = {mine = 1} print(lfs.attributes('x', t) == t, t.mine, t.mode, t.size, t.permissions, t.nlink)
            print(pcall(lfs.attributes, 'x', 'nothing'))
            print(lfs.touch('x', 86400, 172800), lfs.attributes('x', 'access'), lfs.attributes('x', 'modification'))";
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(scene.proj.join("data/x"), fs::Permissions::from_mode(0o640)).unwrap();
        let ran = scene.run(lua, "data", &["--dir", ".:rw"], code);
        assert_eq!(ran.out().replace("[string \"?\"]", "?"), "true\tLuaFileSystem 1.8.0\n\
            true\ttrue\tnil\tNo such file or directory\t2\n\
            2\tfile\tlink\tx\tx\tnil\n\
            nil\tcould not obtain link target: Invalid argument\t22\nnil\tcould not obtain link target: No such file or directory\t2\n\
            true\ttrue\ttrue\tfalse\tlock: invalid mode\n\
            nil\tResource temporarily unavailable\ntrue\ttrue\tnil\tResource temporarily unavailable\n\
            true\tbinary\ntrue\tbinary\nfalse\tlock: closed file\n\
            true\tnil\tFile exists\nlock\ntrue\nnil\tNo such file or directory\n\
            true\t1\tfile\t1\trw-r-----\t2\nfalse\tinvalid attribute name 'nothing'\ntrue\t86400\t172800\n");
        assert!(is_lock_free(&scene.proj.join("data")));
    }

    fn lfs_tells_the_kinds_of_files(lua) {
        let scene = scene();
        command::program("mkfifo").arg(scene.proj.join("data/fifo")).run().out();
        let _socket = std::os::unix::net::UnixListener::bind(scene.proj.join("data/socket")).unwrap();
        symlink("x", scene.proj.join("data/l")).unwrap();
        let code = "local lfs = require 'lfs' for _, name in ipairs {'x', '.', 'l', 'fifo', 'socket', '/dev/null'} do print(lfs.attributes(name, 'mode'), lfs.symlinkattributes(name, 'mode')) end";
        let ran = scene.run(lua, "data", &["--dir", "."], code);
        assert_eq!(ran.out(), "file\tfile\ndirectory\tdirectory\nfile\tlink\nnamed pipe\tnamed pipe\nsocket\tsocket\nchar device\tchar device\n");
    }
}
