//! Granted directories work on any thread, whether or not it belongs to a runtime.

use luago::{Access, Capabilities, OutputBuffer, Sandbox, Script};
use luago_test_support::sandboxes::engine;
use luago_test_support::versions::Lua;
use std::fs;
use tokio::runtime::{Builder, Runtime};

/// Writes, reads, lists, renames and removes files.
const FILES: &str = "
    local lfs = require 'lfs'
    local function contents(name)
      local file = assert(io.open(name)) local all = file:read('*a') file:close() return all
    end
    local file = assert(io.open('d/new', 'w')) assert(file:write('one\\n', 2, '\\n')) assert(file:close())
    file = assert(io.open('d/new', 'a')) file:write('three') file:close()
    file = assert(io.open('d/new', 'r+')) assert(file:seek('end') == 11)
    assert(file:seek('set', 1) == 1) file:write('N') file:seek('set') assert(file:read('*l') == 'oNe') file:close()
    assert(contents('d/new') == 'oNe\\n2\\nthree' and contents('d/given') == 'given')
    assert(lfs.mkdir('d/sub') and os.rename('d/new', 'd/sub/moved') and lfs.touch('d/sub/moved', 1000))
    assert(lfs.attributes('d/sub', 'mode') == 'directory' and lfs.attributes('d/sub/moved', 'modification') == 1000)
    local names = {}
    for name in lfs.dir('d/sub') do names[#names + 1] = name end
    table.sort(names)
    print(table.concat(names, ' '))
    assert(os.remove('d/sub/moved') and lfs.rmdir('d/sub'))
    file = io.tmpfile() file:write('temporary') file:seek('set') assert(file:read('*a') == 'temporary') file:close()
    io.output('d/kept') io.write('kept') io.close() io.input('d/kept') assert(io.read('*a') == 'kept')
    print(io.open('d/none'))
    print(os.getenv('STAGE'))";

const PRINTED: &str = ". .. moved\nnil\td/none: No such file or directory\t2\ntest\n";

/// Builds a sandbox, runs it and closes it, all on the thread that calls.
fn use_files(lua: Lua) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("given"), "given").unwrap();
    let output = OutputBuffer::new();
    let capabilities =
        Capabilities::default().dir(folder.path(), "d", Access::ReadWrite).env("STAGE", "test");
    let mut sandbox = Sandbox::builder(engine())
        .lua(lua.parse().unwrap())
        .capabilities(capabilities)
        .stdout(output.clone())
        .build()
        .unwrap();
    let outcome = sandbox.run(&Script::new("files", FILES)).unwrap();
    assert!(outcome.is_returned(), "{outcome:?}");
    // One is left open, to be closed with the interpreter.
    let outcome = sandbox.run(&Script::new("open", "f = io.open('d/late', 'w') f:write('late')"));
    assert!(outcome.unwrap().is_returned());
    assert!(sandbox.close().unwrap().is_returned());
    assert_eq!(String::from_utf8(output.take()).unwrap(), PRINTED);
    assert_eq!(fs::read(folder.path().join("kept")).unwrap(), b"kept");
    assert_eq!(fs::read(folder.path().join("late")).unwrap(), b"late");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

fn workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).build().unwrap()
}

for_each_version! {
    fn files_work_without_a_runtime(lua) {
        use_files(lua);
    }

    fn files_work_on_a_worker_of_a_runtime(lua) {
        let runtime = workers();
        runtime.block_on(runtime.spawn(async move { use_files(lua) })).unwrap();
    }

    fn files_work_on_the_thread_of_a_runtime_without_workers(lua) {
        Builder::new_current_thread().build().unwrap().block_on(async { use_files(lua) });
    }

    fn files_work_in_spawn_blocking(lua) {
        let runtime = workers();
        runtime.block_on(runtime.spawn_blocking(move || use_files(lua))).unwrap();
    }
}
