//! How a run ends, and what it says then.

use luago_test_support::command::{self, Ran, lua, luago, luago_run, script};
use luago_test_support::oracle::oracle;
use luago_test_support::versions::{Lua, number};
use std::time::{Duration, Instant};

/// What `lua` and `luago-run` say of a script, each under its own name.
#[track_caller]
fn says_the_same(version: Lua, code: &str) -> Ran {
    let file = script(code);
    let native = oracle(version).arg("script.lua").in_folder(file.folder.path()).run();
    let ran = lua(version).arg("script.lua").in_folder(file.folder.path()).run();
    let renamed = native.stderr.replacen("lua: ", "luago-run: ", 1);
    let expected = Ran { code: native.code, stdout: native.stdout, stderr: renamed };
    assert_eq!(ran, expected, "\n{code}");
    ran
}

for_each_version! {
    fn success_is_0(lua) {
        assert_eq!(says_the_same(lua, "print('fine')").out(), "fine\n");
    }

    fn an_error_is_1_with_the_words_of_lua(lua) {
        let ran = says_the_same(lua, "local function f() error('boom') end\nlocal t = {m = f}\nfunction g() t.m() end\ng()");
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.starts_with("luago-run: script.lua:1: boom\nstack traceback:\n"));
    }

    fn an_error_of_syntax_is_1_with_the_words_of_lua(lua) {
        for code in ["x = = 1", "x = 'open", "for", "goto nowhere", "x = 1 +", "break", "\x01", "return return", "local x <", "[[", "0x", "3e", "a.b:c = 1", "--[[ open"] {
            says_the_same(lua, code);
        }
    }

    fn an_error_of_each_kind_has_the_words_of_lua(lua) {
        for code in [
            "local x = nil\nlocal y = x.field",
            "x.y.z = 1",
            "local t = {}\nt.a.b = 1",
            "local t = {}\nt:method()",
            "undefined()",
            "local s = 'a' + 1",
            "local s = {} .. 'x'",
            "local s = 1 < 'x'",
            "local s = {} < {}",
            "local s = #5",
            "local t = {} t[nil] = 1",
            "local t = {} t[0/0] = 1",
            "for i = 1, 'x' do end",
            "for i = 1, 10, 0 do end",
            "string.rep()",
            "('x'):rep({})",
            "('x'):bad()",
            "string.format('%d', 'x')",
            "string.format('%y', 1)",
            "setmetatable(1, {})",
            "table.insert({}, 5, 1)",
            "tostring()",
            "ipairs()",
            "io.open()",
            "coroutine.resume(1)",
            "select(0)",
            "math.floor('x')",
            "string.char(256)",
            "assert(false)",
            "assert(nil, 'message')",
            "assert(false, {})",
            "error({})",
            "error(42)",
            "error(true)",
            "error('level 0', 0)",
            "error('level 2', 2)",
            "error(setmetatable({}, {__tostring = function() return 'an object' end}))",
            "error('two\\nlines')",
            "error('')",
            "coroutine.wrap(function() error('inside') end)()",
            "coroutine.wrap(function() error({}) end)()",
            "loadstring = loadstring or load\nassert(loadstring('x ='))",
            "string.dump(print)",
            "local function f(n) if n == 0 then error('deep') end f(n - 1) return 1 end f(50)",
            "local function f(n) if n == 0 then error('tail') end return f(n - 1) end f(50)",
            "table.sort({3, 2, 1}, function() error('in sort') end)",
            "string.gsub('abc', 'b', function() error('in gsub') end)",
            "local t = setmetatable({}, {__index = function(t, k) error('no ' .. k) end})\nprint(t.x)",
            "local t = setmetatable({}, {__add = function() error('add') end})\nprint(t + 1)",
            "xpcall(function() error('x') end, function() error('y') end) error('z')",
            "pcall(error)\nerror('after')",
        ] {
            says_the_same(lua, code);
        }
    }

    fn an_error_without_a_value_has_the_words_of_lua(lua) {
        says_the_same(lua, "error()");
        says_the_same(lua, "error(nil)");
    }

    fn a_message_with_a_zero_byte_is_an_error_like_any_other(lua) {
        let file = script("error('zero \\0 inside')");
        let ran = command::lua(lua).arg("script.lua").in_folder(file.folder.path()).run();
        assert!(ran.failed(1).starts_with("luago-run: script.lua:1: zero "), "{ran:#?}");
    }

    fn table_concat_names_the_index_that_it_cannot_use(lua) {
        says_the_same(lua, "table.concat({{}})");
        says_the_same(lua, "table.concat({1, 2, {}, 4}, ', ', 2, 3)");
    }

    fn a_module_that_is_not_found_is_looked_for_in_lua_files_only(lua) {
        let ran = command::lua(lua).exec("require 'a.b'").run();
        let said = ran.failed(1);
        assert!(said.contains("module 'a.b' not found:\n\tno field package.preload['a.b']\n"), "{said}");
        assert!(said.contains("\n\tno file './a/b.lua'\n"), "{said}");
        assert!(!said.contains("no file ''"), "{said}");
    }

    fn a_stack_overflow_is_an_error_with_the_words_of_lua(lua) {
        // How deep it was differs with what the host itself has on the stack.
        let words = |text: &str| {
            let lines = text.lines().filter(|line| !line.contains("levels)"));
            lines.collect::<Vec<_>>().join("\n")
        };
        let file = script("local function f() return 1 + f() end\nf()");
        let native = oracle(lua).arg("script.lua").in_folder(file.folder.path()).run();
        let ran = command::lua(lua).arg("script.lua").in_folder(file.folder.path()).run();
        assert!(ran.failed(1).contains("stack overflow"), "{ran:#?}");
        assert_eq!(words(&ran.stderr), words(&native.stderr.replacen("lua: ", "luago-run: ", 1)));
    }

    fn os_exit_gives_its_code(lua) {
        for (argument, code) in [("", 0), ("0", 0), ("1", 1), ("7", 7), ("255", 255), ("256", 0), ("-1", 255)] {
            let ran = says_the_same(lua, &format!("io.write('flushed') os.exit({argument}) print('not reached')"));
            assert_eq!((ran.code, ran.stdout.as_str()), (code, "flushed"), "{argument}: {ran:#?}");
        }
        if number(lua) >= 52 {
            assert_eq!(says_the_same(lua, "os.exit(true)").code, 0);
            assert_eq!(says_the_same(lua, "os.exit(false)").code, 1);
            let close = "setmetatable({}, {__gc = function() print('closed') end}) os.exit(3, true)";
            let ran = says_the_same(lua, close);
            assert_eq!((ran.code, ran.stdout.as_str()), (3, "closed\n"), "{ran:#?}");
        }
    }

    fn os_exit_inside_pcall_and_a_coroutine_is_not_caught(lua) {
        let ran = says_the_same(lua, "coroutine.wrap(function() pcall(function() os.exit(5) end) print('caught') end)()");
        assert_eq!((ran.code, ran.stdout.as_str()), (5, ""));
    }

    fn finalizers_run_at_the_end_and_after_an_error(lua) {
        let object = "x = newproxy and newproxy(true) or setmetatable({}, {__gc = function() print('closed') end})
            if newproxy then getmetatable(x).__gc = function() print('closed') end end ";
        assert_eq!(says_the_same(lua, object).stdout, "closed\n");
        let ran = says_the_same(lua, &format!("{object} error('x')"));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, "closed\n"));
    }

    fn standard_error_and_output_are_told_apart(lua) {
        says_the_same(lua, "io.stderr:write('to err\\n') io.stdout:write('to out\\n') io.write(1, ' ', 2.5, '\\n')");
    }

    fn fuel_is_121_and_names_the_flag_and_the_line(lua) {
        let file = script("local function f()\n  while true do\n  end\nend\nf()");
        let ran = command::lua(lua)
            .args(["--fuel", "5000000", "script.lua"])
            .in_folder(file.folder.path())
            .run();
        let said = ran.failed(121);
        let line = "luago-run: stopped: the fuel limit of 5000000 was used up; --fuel raises it\nstack traceback:\n";
        assert!(said.starts_with(line), "{said}");
        assert!(said.contains("\tscript.lua:2: in ") || said.contains("\tscript.lua:3: in "), "{said}");
        assert!(said.contains("\tscript.lua:5: in main chunk"), "{said}");
    }

    fn fuel_for_no_line_at_all_gives_no_traceback(lua) {
        for fuel in ["1", "100", "1000"] {
            let ran = command::lua(lua).args(["--fuel", fuel]).exec("while true do end").run();
            let said = ran.failed(121);
            assert!(!said.ends_with("stack traceback:\n"), "{fuel}: {said}");
        }
    }

    fn memory_is_122_and_names_the_flag(lua) {
        let ran = command::lua(lua).args(["--memory", "16MiB"]).exec("local s = 'x' while true do s = s .. s end").run();
        let line = "luago-run: stopped: not enough memory within the limit of 16.0 MiB; --memory raises it\n";
        assert!(ran.failed(122).starts_with(line), "{ran:#?}");
    }

    fn output_is_123_and_names_the_flag_and_the_line(lua) {
        let file = script("io.stdout:setvbuf('no')\nlocal function f()\n  print(('x'):rep(50))\nend\nfor i = 1, 10 do\n  f()\nend");
        let ran = command::lua(lua)
            .args(["--max-output", "100", "script.lua"])
            .in_folder(file.folder.path())
            .run();
        let said = ran.failed(123);
        let line = "luago-run: stopped: the output limit of 100 B was reached; --max-output raises it\nstack traceback:\n";
        assert!(said.starts_with(line), "{said}");
        assert!(said.contains("\tscript.lua:3: in "), "{said}");
        assert!(said.contains("\tscript.lua:6: in main chunk"), "{said}");
        assert_eq!(ran.stdout.len(), 100);
    }

    fn ctrl_c_is_130_with_a_traceback(lua) {
        let file = script("local function wait()\n  while true do end\nend\nprint('ready') io.flush()\nwait()");
        command::lua(lua).exec("").run().out();
        let mut run = command::lua(lua).arg("script.lua").in_folder(file.folder.path()).start();
        run.wait_for_output("ready");
        interrupt(run.id());
        let start = Instant::now();
        let ran = run.wait();
        assert!(start.elapsed() < Duration::from_secs(1), "{ran:#?}");
        let said = ran.failed(130);
        assert!(said.starts_with("luago-run: interrupted!\nstack traceback:\n\tscript.lua:2: in "), "{said}");
        assert!(said.contains("\tscript.lua:5: in main chunk"), "{said}");
        assert_eq!(ran.stdout, "ready\n");
    }

    fn ctrl_c_ends_a_script_that_waits_for_input(lua) {
        command::lua(lua).exec("").run().out();
        let mut run = command::lua(lua).exec("print('ready') io.flush() io.read()").start();
        run.wait_for_output("ready");
        interrupt(run.id());
        let ran = run.wait();
        assert!(ran.failed(130).starts_with("luago-run: interrupted!\n"), "{ran:#?}");
    }

    fn a_pipe_that_closes_ends_the_run_with_success(lua) {
        command::lua(lua).exec("").run().out();
        let start = Instant::now();
        let line = format!("{} --lua {lua} -e 'while true do print(1) end' | head -1; echo ${{PIPESTATUS[0]}}", luago_run());
        let ran = command::program("bash").args(["-c", &line]).run();
        assert_eq!(ran.out(), "1\n0\n");
        assert!(start.elapsed() < Duration::from_secs(2));
    }

    fn a_pipe_that_closes_cannot_be_caught(lua) {
        command::lua(lua).exec("").run().out();
        let line = format!("{} --lua {lua} -e 'while true do pcall(print, 1) end' | head -1; echo ${{PIPESTATUS[0]}}", luago_run());
        let ran = command::program("bash").args(["-c", &line]).within(Duration::from_secs(5)).run();
        assert_eq!(ran.out(), "1\n0\n");
    }

    fn a_chunk_that_breaks_the_interpreter_ends_as_an_error_a_stop_or_a_fault(lua) {
        // No chunk of bytes may do worse, whatever it makes the interpreter do.
        let file = script("
            local load = loadstring or load
            local good = string.dump(load('local t = {...} for i = 1, 10 do t[i] = t[i - 1] or i end return #t, t'))
            local n = tonumber(arg[1])
            local chunk = {good:byte(1, -1)}
            for i = 1, 8 do
              n = (n * 1103515245 + 12345) % 2147483648
              local at = 20 + n % (#chunk - 20)
              n = (n * 1103515245 + 12345) % 2147483648
              chunk[at] = math.floor(n / 65536) % 256
            end
            for i = 1, #chunk do chunk[i] = string.char(chunk[i]) end
            local f = load(table.concat(chunk))
            if f then print(f(1, 2, 3)) end");
        for seed in 1..=40 {
            let ran = command::lua(lua)
                .args(["--timeout", "500ms", "--memory", "32MiB", "--max-output", "1MiB"])
                .arg(&file.path)
                .arg(seed.to_string())
                .within(Duration::from_secs(10))
                .run();
            assert!([0, 1, 120, 122, 123, 124].contains(&ran.code), "seed {seed}: {ran:#?}");
        }
    }
}

fn interrupt(process: u32) {
    command::program("kill").args(["-INT", &process.to_string()]).run().out();
}

#[test]
fn a_standard_output_that_is_closed_from_the_start_is_survived() {
    let line = format!("{} -e 'for i = 1, 1e4 do print(i) end' >&-; echo $?", luago_run());
    let ran = command::program("bash").args(["-c", &line]).within(Duration::from_secs(20)).run();
    assert_eq!(ran.out(), "0\n");
}

#[test]
fn a_usage_error_is_2() {
    assert_eq!(luago().arg("--nonsense").run().code, 2);
}

#[test]
fn every_message_is_one_line_before_the_traceback() {
    let ran = luago().args(["--fuel", "100000"]).exec("while true do end").run();
    let said = ran.failed(121);
    let (head, _) = said.split_once("stack traceback:").unwrap();
    assert_eq!(head.lines().count(), 1, "{said}");
}

/// Nests a function in a binary chunk deeper than the loader of 5.2 and 5.4 can go.
const TOO_DEEP: &str = r#"
local outer = load("return function() end")
local whole, part = string.dump(outer, true), string.dump(outer(), true)
local at, first, last = 12
repeat
  at = at + 1
  first, last = whole:find(part:sub(at), 1, true)
until first
local front, back = whole:sub(at, first - 1), whole:sub(last + 1)
print("loading")
pcall(load, whole:sub(1, at - 1) .. front:rep(100000) .. part:sub(at) .. back:rep(100000), "deep", "b")
"#;

#[test]
fn a_chunk_that_breaks_its_interpreter_is_120_and_the_host_lives() {
    for version in ["5.2", "5.4"] {
        let ran = lua(version).exec(TOO_DEEP).run();
        let said = ran.failed(120);
        assert!(said.starts_with("luago-run: stopped: the guest failed: "), "{version}: {said}");
        assert!(said.contains("in function 'load"), "{version}: {said}");
        assert_eq!(ran.stdout, "loading\n", "{version}");
    }
}
