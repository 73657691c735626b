//! Lua files beside the script.

use luago_test_support::command::{self, Cli, lua, luago, script};
use luago_test_support::versions::Lua;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use tempfile::TempDir;

/// A folder with modules in every place where they are looked for, and others
/// where they must not be found.
fn scene(version: Lua) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("app/main.lua", "");
    write("app/plain.lua", "return 'plain ' .. (...)");
    write("app/dir/init.lua", "return 'init ' .. (...)");
    write("app/dir/sub.lua", "return 'sub ' .. (...)");
    write(&format!("app/lua_modules/share/lua/{version}/rock.lua"), "return 'rock ' .. (...)");
    write(&format!("app/lua_modules/share/lua/{version}/stone/init.lua"), "return 'stone'");
    write("app/broken.lua", "return = 1");
    write("app/fails.lua", "error('from the module')");
    write("app/data.txt", "return 'data'");
    write("app/noext", "return 'noext'");
    write("app/.hidden.lua", "return 'hidden'");
    write("outside.lua", "return 'outside'");
    write("outside/secret.lua", "return 'secret'");
    symlink("plain.lua", folder.path().join("app/linked.lua")).unwrap();
    symlink("../outside.lua", folder.path().join("app/escape.lua")).unwrap();
    symlink(folder.path().join("outside.lua"), folder.path().join("app/absolute.lua")).unwrap();
    symlink("../outside", folder.path().join("app/escapedir")).unwrap();
    symlink("/etc/passwd", folder.path().join("app/passwd.lua")).unwrap();
    folder
}

fn main(version: Lua, scene: &Path, code: &str) -> Cli {
    fs::write(scene.join("app/main.lua"), code).unwrap();
    lua(version).arg("app/main.lua").in_folder(scene)
}

for_each_version! {
    fn require_finds_modules_beside_the_script(lua) {
        let scene = scene(lua);
        let ran = main(lua, scene.path(), "for _, name in ipairs {'plain', 'dir', 'dir.sub', 'rock', 'stone', 'linked'} do io.write(require(name), ', ') end").run();
        assert_eq!(ran.out(), "plain plain, init dir, sub dir.sub, rock rock, stone, plain linked, ");
    }

    fn a_module_in_a_granted_folder_comes_before_one_beside_the_script(lua) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        // The command of a program has the name of its module, as is usual.
        write("bin/app.lua", "package.path = './?.lua;src/?/init.lua' print((require 'app'), (require 'other'))");
        write("bin/other.lua", "return 'beside'");
        write("src/app/init.lua", "return 'in src'");
        let cli = self::lua(lua).args(["--dir", "."]).in_folder(folder.path());
        assert_eq!(cli.arg("bin/app.lua").run().out(), "in src\tbeside\n");
    }

    fn require_loads_a_module_once(lua) {
        let scene = scene(lua);
        let code = "n = 0 package.preload.counted = function() n = n + 1 return {} end
            print(require 'counted' == require 'counted', n, require 'plain' == require 'plain', package.loaded.plain)";
        assert_eq!(main(lua, scene.path(), code).run().out(), "true\t1\ttrue\tplain plain\n");
    }

    fn require_cannot_leave_the_folder_of_the_script(lua) {
        let scene = scene(lua);
        let code = "for _, name in ipairs {'escape', 'absolute', 'passwd', 'escapedir.secret', '../outside', '..outside', 'outside', '/outside', 'x/../../outside', 'data.txt', 'noext'} do
            local ok, message = pcall(require, name) if ok then print(name, message) end end
            package.path = '../?.lua;?;/?;../?;./escapedir/?.lua;?.txt'
            for _, name in ipairs {'outside', 'secret', 'etc/passwd', 'app/data.txt', 'data', 'noext'} do
            local ok, message = pcall(require, name) if ok then print(name, message) end end";
        assert_eq!(main(lua, scene.path(), code).run().out(), "");
    }

    fn dofile_and_loadfile_find_lua_files_beside_the_script(lua) {
        let scene = scene(lua);
        let code = "print(loadfile('plain.lua')('x'), loadfile('./dir/sub.lua')('y'), dofile('dir/../linked.lua') )";
        let ran = main(lua, scene.path(), code).run();
        // The last path has dots that could lead anywhere; it is refused.
        assert!(ran.failed(1).contains("cannot open"), "{ran:#?}");
        let code = "print(loadfile('plain.lua')('x'), loadfile('./dir/sub.lua')('y')) print(select('#', loadfile('none.lua')), (loadfile('none.lua')))";
        assert_eq!(main(lua, scene.path(), code).run().out(), "plain x\tsub y\n2\tnil\n");
    }

    fn dofile_and_loadfile_read_nothing_else(lua) {
        let scene = scene(lua);
        let code = "for _, name in ipairs {'data.txt', 'noext', '../outside.lua', 'escape.lua', 'absolute.lua', 'passwd.lua', 'escapedir/secret.lua', '/etc/passwd', 'app/../outside.lua', ''} do
            local f = loadfile(name) if f then print(name, f()) end
            local ok, message = pcall(dofile, name) if ok then print(name, message) end end
            print(io.open('plain.lua'), (pcall(io.lines, 'plain.lua')))";
        let ran = main(lua, scene.path(), code).run();
        let out = ran.out();
        assert!(out.starts_with("nil\tplain.lua: ") || out.starts_with("nil\tfalse"), "{out}");
    }

    fn a_module_that_fails_is_named_in_the_message(lua) {
        let scene = scene(lua);
        let ran = main(lua, scene.path(), "require 'fails'").run();
        let said = ran.failed(1);
        assert!(said.contains("fails.lua:1: from the module"), "{said}");
        assert!(said.contains("main.lua:1: in main chunk"), "{said}");
        let ran = main(lua, scene.path(), "require 'broken'").run();
        assert!(ran.failed(1).contains("broken.lua:1: unexpected symbol near '='"), "{ran:#?}");
    }

    fn package_path_is_the_default_with_the_folders_of_projects(lua) {
        let ran = command::lua(lua).exec("print(package.path)").run();
        let expected = format!("./?.lua;./?/init.lua;./lua_modules/share/lua/{lua}/?.lua;./lua_modules/share/lua/{lua}/?/init.lua;/usr/local/share/lua/{lua}/?.lua;/usr/local/share/lua/{lua}/?/init.lua\n");
        assert_eq!(ran.out(), expected);
    }

    fn lua_path_finds_modules_in_a_granted_directory(lua) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("extra.lua"), "return 'extra'").unwrap();
        let ran = command::lua(lua)
            .dir(folder.path(), ":/lib")
            .args(["--env", "LUA_PATH=/lib/?.lua;;"])
            .exec("print(require 'extra', (package.path:gsub(';.*', '')), package.path:find('./?.lua', 1, true) ~= nil)")
            .run();
        assert_eq!(ran.out(), "extra\t/lib/?.lua\ttrue\n");
    }

    fn lua_path_of_the_caller_is_not_seen(lua) {
        let ran = command::lua(lua)
            .env("LUA_PATH", "/lib/?.lua")
            .env(&format!("LUA_PATH_{}", lua.replace('.', "_")), "/lib/?.lua")
            .env("LUA_CPATH", "/lib/?.so")
            .exec("print(package.path:find('/lib/?.lua', 1, true))")
            .run();
        assert_eq!(ran.out(), "nil\n");
    }

    fn modules_in_a_granted_directory_are_found_too(lua) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("granted.lua"), "return 'granted'").unwrap();
        let ran = command::lua(lua)
            .dir(folder.path(), ":lib")
            .exec("package.path = 'lib/?.lua;' .. package.path print((require 'granted'))")
            .run();
        assert_eq!(ran.out(), "granted\n");
    }

    fn code_without_a_script_finds_modules_in_the_current_folder(lua) {
        let scene = scene(lua);
        let ran = command::lua(lua).in_folder(&scene.path().join("app")).exec("print((require 'plain'))").run();
        assert_eq!(ran.out(), "plain plain\n");
    }

    fn a_module_may_be_a_binary_chunk_and_may_start_with_a_comment(lua) {
        let file = script("print(require 'binary', (require 'comment'))");
        command::lua(lua)
            .dir(file.folder.path(), ":out:rw")
            .exec("local f = io.open('out/binary.lua', 'wb') f:write(string.dump((loadstring or load)('return \"binary\"'))) f:close()")
            .run()
            .out();
        fs::write(file.folder.path().join("comment.lua"), "#!lua\nreturn debug.getinfo(1, 'l').currentline").unwrap();
        assert_eq!(command::lua(lua).arg(&file.path).run().out(), "binary\t2\n");
    }

    fn a_finalizer_that_loads_modules_while_another_is_loaded_does_no_harm(lua) {
        // The host keeps one file ready between two calls of the guest.
        let file = script("
            local function again() package.loaded.small = nil loadfile('large.lua') end
            for i = 1, 3000 do
              if newproxy then getmetatable(newproxy(true)).__gc = again
              else setmetatable({}, {__gc = again}) end
              if i % 10 == 0 then
                assert(loadfile('small.lua')() == 'small')
                local garbage = {} for j = 1, 20 do garbage[j] = {j} end
              end
            end
            print('ok')");
        fs::write(file.folder.path().join("small.lua"), "return 'small'").unwrap();
        let large = format!("return '{}'", "x".repeat(100_000));
        fs::write(file.folder.path().join("large.lua"), large).unwrap();
        assert_eq!(command::lua(lua).arg(&file.path).run().out(), "ok\n");
    }
}

#[test]
fn a_fifo_named_like_a_module_keeps_nobody_waiting() {
    let file = script("print(pcall(require, 'fifo'))");
    command::program("mkfifo").arg(file.folder.path().join("fifo.lua")).run().out();
    let ran = luago().arg(&file.path).within(std::time::Duration::from_secs(10)).run();
    assert!(ran.out().starts_with("false\t"), "{ran:#?}");
}

#[test]
fn a_module_larger_than_the_memory_is_not_read() {
    let file = script("print((pcall(require, 'large')))");
    fs::write(file.folder.path().join("large.lua"), vec![b' '; 40 << 20]).unwrap();
    let ran = luago().args(["--memory", "32MiB"]).arg(&file.path).run();
    assert!(ran.code == 0 && ran.stdout == "false\n" || ran.code == 122, "{ran:#?}");
}
