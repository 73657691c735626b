//! Binary chunks that were made elsewhere.

use luago_test_support::command::{self, script};
use luago_test_support::oracle::oracle;
use luago_test_support::versions::number;
use std::fs;

/// A function with everything that a chunk can hold.
const SOURCE: &str = r#"
local up, long = 40, ('x'):rep(1000)
local function inner(a, ...)
  local t = {n = select('#', ...), ...}
  for i, v in ipairs(t) do a = a + v end
  return a, up + 2, t.n
end
print(inner(1, 2, 3.5), #long, nil, true, -1e300, "zero \0 byte" == "zero \0 byte")
print("from bytecode", ..., #"a constant that is longer than what is short for 5.3, which is forty bytes"
  , #"LONG")
"#;

const DUMP: &str = "local f = assert(io.open('chunk', 'wb'))
    f:write(string.dump(assert((loadstring or load)(io.open('source.lua'):read('*a'), '@source.lua')))) f:close()";

for_each_version! {
    fn a_chunk_of_native_lua_runs_and_one_of_the_sandbox_is_the_same(lua) {
        let file = script(DUMP);
        let folder = file.folder.path();
        let long = "y".repeat(70_000);
        fs::write(folder.join("source.lua"), SOURCE.replace("LONG", &long)).unwrap();
        oracle(lua).arg("script.lua").in_folder(folder).run().out();
        let native_chunk = fs::read(folder.join("chunk")).unwrap();
        let native = oracle(lua).args(["source.lua", "x"]).in_folder(folder).run();
        let run = command::lua(lua).args(["chunk", "x"]).in_folder(folder).run();
        assert_eq!(run.out(), native.out());
        assert!(run.out().contains("from bytecode\tx\t") && run.out().ends_with("\t70000\n"), "{run:#?}");

        command::lua(lua).args(["--dir", ".:.:rw", "script.lua"]).in_folder(folder).run().out();
        assert!(fs::read(folder.join("chunk")).unwrap() == native_chunk, "string.dump differs");
    }

    fn an_error_in_a_chunk_names_its_line(lua) {
        let file = script(DUMP);
        let folder = file.folder.path();
        fs::write(folder.join("source.lua"), "local x = 1\nlocal function f(name) error(name .. x) end\nf 'here'").unwrap();
        oracle(lua).arg("script.lua").in_folder(folder).run().out();
        let run = command::lua(lua).arg("chunk").in_folder(folder).run();
        assert!(run.failed(1).starts_with("luago-run: source.lua:2: here1\nstack traceback:\n"), "{run:#?}");
    }

    fn a_chunk_with_sizes_of_32_bits_runs_as_well(lua) {
        // As luago itself wrote them once, and as machines of 32 bits do.
        if number(lua) >= 54 {
            return;
        }
        let at = if number(lua) == 53 { 13 } else { 8 };
        let code = format!("
            local name, zeros = '=' .. ('n'):rep(300), ('\\0'):rep(4)
            local chunk = string.dump((loadstring or load)('return 1 + ...', name))
            local function narrow(text, size)
              local from = chunk:find(size .. zeros .. text, 1, true)
              if from then chunk = chunk:sub(1, from + 3) .. chunk:sub(from + 8) end
            end
            assert(chunk:byte({at} + 1) == 8)
            chunk = chunk:sub(1, {at}) .. '\\4' .. chunk:sub({at} + 2)
            local before = #chunk
            narrow(name, '\\46\\1\\0\\0')
            narrow('_ENV\\0', '\\5\\0\\0\\0')
            print(#chunk < before, assert((loadstring or load)(chunk))(41))");
        let ran = command::lua(lua).exec(&code).run();
        assert_eq!(ran.out(), "true\t42\n");
    }

    fn a_size_that_no_memory_has_is_an_error(lua) {
        if number(lua) >= 54 {
            return;
        }
        // Every byte in turn becomes the largest: no chunk does more than fail.
        let code = "
            local load = loadstring or load
            local chunk = string.dump(load('local s = \"' .. ('x'):rep(300) .. '\" return s', '=name'))
            local failed = 0
            for i = 13, #chunk - 8 do
              local f = load(chunk:sub(1, i) .. ('\\255'):rep(8) .. chunk:sub(i + 9))
              if not f then failed = failed + 1 end
            end
            print(failed > 10)";
        let ran = command::lua(lua).args(["--memory", "64MiB"]).exec(code).run();
        assert!([0, 120, 122].contains(&ran.code), "{ran:#?}");
    }
}
