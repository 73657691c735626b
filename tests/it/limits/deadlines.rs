//! A deadline ends whatever a script does.

use luago_test_support::command::{self, Cli, Ran, lua, luago, script};
use luago_test_support::versions::{Lua, number};
use std::collections::HashSet;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(100);
const LINE: &str = "luago-run: stopped: the deadline of 100ms passed; --timeout raises it\n";

/// How late a stop may be. The machine that runs these tests may be busy.
const LATE: Duration = Duration::from_secs(1);

/// Compiles the guest, which counts for no deadline.
fn warm(lua_version: Lua) {
    static WARM: Mutex<Option<HashSet<Lua>>> = Mutex::new(None);
    let mut warm = WARM.lock().unwrap();
    if warm.get_or_insert_default().insert(lua_version) {
        lua(lua_version).exec("return").run().out();
    }
}

fn limited(version: Lua) -> Cli {
    warm(version);
    lua(version).args(["--timeout", "100ms"])
}

#[track_caller]
fn assert_stopped(start: Instant, ran: &Ran) {
    assert_ended(start, ran);
    assert!(ran.stderr.starts_with(LINE), "{ran:#?}");
}

#[track_caller]
fn assert_ended(start: Instant, ran: &Ran) {
    let took = start.elapsed();
    assert_eq!(ran.code, 124, "after {took:?}: {ran:#?}");
    assert!(took >= LIMIT, "stopped after {took:?}");
    assert!(took < LIMIT + LATE, "stopped after {took:?}: {}", ran.stderr);
}

/// Every run ends in time, and one says what it is to say: a machine that is busy may leave no time
/// for that, so there are three attempts.
#[track_caller]
fn are_stopped(run: impl Fn() -> Ran, says: impl Fn(&Ran) -> bool) {
    for attempt in 1..=3 {
        let start = Instant::now();
        let ran = run();
        assert_ended(start, &ran);
        if says(&ran) {
            return;
        }
        assert!(attempt < 3, "{ran:#?}");
    }
}

/// A run that was stopped and says where. How late it is, other tests say: a machine that is
/// busy may leave no time for the traceback, so there are several attempts.
#[track_caller]
fn stopped_with_traceback(cli: impl Fn() -> Cli) -> Ran {
    let start = Instant::now();
    loop {
        let ran = cli().run();
        assert_eq!(ran.code, 124, "{ran:#?}");
        assert!(ran.stderr.starts_with(LINE), "{ran:#?}");
        if ran.stderr.contains("stack traceback:") {
            return ran;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{ran:#?}");
    }
}

/// The code is stopped, and in time.
#[track_caller]
fn stops(version: Lua, code: &str) {
    let says_so = |ran: &Ran| ran.stderr.starts_with(LINE);
    warm(version);
    are_stopped(|| limited(version).exec(code).run(), says_so);
}

/// The same while standard input stays open and nothing comes.
#[track_caller]
fn stops_waiting(version: Lua, code: &str) {
    let says_so = |ran: &Ran| ran.stderr.starts_with(LINE);
    warm(version);
    are_stopped(|| limited(version).exec(code).start().wait(), says_so);
}

/// Loads bytecode with an instruction that goes back to itself, which the compiler never makes:
/// the preparation of a loop that counts, or the end of one with an iterator.
const FORGED: &str = r#"
    local op, bits, at, operand = (table.unpack or unpack)(({
        ["Lua 5.1"] = {32, 6, 14, 131070}, ["Lua 5.2"] = {33, 6, 14, 131070},
        ["Lua 5.3"] = {40, 6, 14, 131070}, ["Lua 5.4"] = {77, 7, 15, 1},
        ["Lua 5.5"] = {77, 7, 15, 1}})[_VERSION])
    local code = string.dump(function() for i = 1, 2 do end for k in pairs({1}) do end end)
    for i = 1, #code - 3 do
        local a, b, c, d = code:byte(i, i + 3)
        local word = a + b * 2^8 + c * 2^16 + d * 2^24
        -- A low register, as that of such a loop is.
        if word % 2^bits == op and (word - op) / 2^bits % 2^(at - bits) < 8 then
            local new, bytes = word % 2^at + operand * 2^at, ""
            for _ = 1, 4 do
                bytes, new = bytes .. string.char(math.floor(new % 256)), math.floor(new / 256)
            end
            local forged = code:sub(1, i - 1) .. bytes .. code:sub(i + 4)
            local endless = (loadstring or load)(forged)
            if endless then pcall(endless) end
        end
    end"#;

for_each_version! {
    fn a_deadline_stops_bytecode_that_goes_back_to_itself_and_says_where(lua) {
        warm(lua);
        let ran = stopped_with_traceback(|| limited(lua).exec(FORGED));
        assert!(ran.stderr.contains("in function <(command line):"), "{ran:#?}");
    }

    fn a_deadline_stops_a_search_that_calls_nothing_for_seconds(lua) {
        // Longer than the ticker waits for anybody who needs it.
        warm(lua);
        let code = "local s = ('a'):rep(1000000) s:find('[' .. ('b'):rep(1000000) .. 'a]*z')";
        let start = Instant::now();
        let ran = self::lua(lua).args(["--timeout", "2500ms"]).exec(code).run();
        let took = start.elapsed();
        assert_eq!(ran.code, 124, "after {took:?}: {ran:#?}");
        assert!(took < Duration::from_millis(2500) + LATE, "stopped after {took:?}");
        assert!(ran.stderr.contains("stack traceback:"), "{ran:#?}");
    }

    fn a_deadline_stops_code_without_a_jump(lua) {
        let code = "local x, y = 1, 2 local t = {} for i = 1, 4e5 do t[i] = 'x = x * y % 3 ' end
            local f = (loadstring or load)('local x, y = 1, 2 ' .. table.concat(t))
            while true do f() end";
        let run = || self::lua(lua).args(["--timeout", "1500ms"]).exec(code).run();
        warm(lua);
        let start = Instant::now();
        let ran = run();
        assert_eq!(ran.code, 124, "{ran:#?}");
        assert!(start.elapsed() < Duration::from_millis(1500) + LATE, "{ran:#?}");
    }

    fn a_deadline_stops_a_busy_loop(lua) {
        stops(lua, "while true do end");
    }

    fn a_deadline_stops_a_loop_with_for(lua) {
        stops(lua, "for i = 1, 1e300 do end");
    }

    fn a_deadline_stops_a_function_that_calls_itself_in_tail_position(lua) {
        stops(lua, "local function f() return f() end f()");
    }

    fn a_deadline_cannot_be_caught_by_pcall(lua) {
        stops(lua, "while true do pcall(function() while true do end end) end");
    }

    fn a_deadline_stops_a_loop_of_errors(lua) {
        stops(lua, "while true do pcall(error) end");
    }

    fn a_deadline_cannot_be_caught_by_xpcall(lua) {
        stops(lua, "while true do xpcall(error, function() while true do end end) end");
    }

    fn a_deadline_stops_a_busy_coroutine(lua) {
        stops(lua, "while true do coroutine.wrap(function() while true do end end)() end");
    }

    fn a_deadline_cannot_be_caught_inside_a_coroutine(lua) {
        stops(lua, "while true do local c = coroutine.create(function()
            while true do pcall(function() while true do end end) end end)
            coroutine.resume(c) end");
    }

    fn a_deadline_stops_endless_yields(lua) {
        stops(lua, "local c = coroutine.wrap(function() while true do coroutine.yield() end end)
            while true do c() end");
    }

    fn a_deadline_stops_endless_new_coroutines(lua) {
        stops(lua, "while true do coroutine.resume(coroutine.create(function() end)) end");
    }

    fn a_deadline_stops_string_rep(lua) {
        stops(lua, "while true do local s = ('x'):rep(20000000) end");
    }

    fn a_deadline_stops_a_pattern_that_takes_for_ever(lua) {
        stops(lua, "string.find(('a'):rep(30) .. 'b', ('a*'):rep(30) .. 'c')");
    }

    fn a_deadline_stops_a_pattern_of_quadratic_cost(lua) {
        stops(lua, "string.find(('a'):rep(2000000), '.-b')");
    }

    fn a_deadline_stops_gsub_with_an_endless_function(lua) {
        stops(lua, "string.gsub(('a'):rep(1000000), 'a', function() while true do end end)");
    }

    fn a_deadline_stops_table_concat(lua) {
        stops(lua, "local t = {} for i = 1, 1000000 do t[i] = 'x' end
            while true do table.concat(t, ',') end");
    }

    fn a_deadline_stops_table_sort(lua) {
        stops(lua, "local t = {} for i = 1, 1000000 do t[i] = (i * 7919) % 1000003 end
            while true do table.sort(t) table.sort(t, function(a, b) return a > b end) end");
    }

    fn a_deadline_stops_table_sort_with_a_comparator_that_lies(lua) {
        stops(lua, "local t = {} for i = 1, 100000 do t[i] = i end
            while true do pcall(table.sort, t, function(a, b) return true end) end");
    }

    fn a_deadline_stops_a_comparator_that_never_answers(lua) {
        stops(lua, "table.sort({3, 1, 2}, function() while true do end end)");
    }

    fn a_deadline_stops_table_insert_at_the_front(lua) {
        stops(lua, "local t = {} while true do table.insert(t, 1, 0) end");
    }

    fn a_deadline_stops_unpack(lua) {
        stops(lua, "local unpack = unpack or table.unpack
            local t = {} for i = 1, 5000 do t[i] = i end
            while true do pcall(unpack, t) end");
    }

    fn a_deadline_stops_concatenation(lua) {
        stops(lua, "local s = ('x'):rep(1000000) while true do local t = s .. s .. s end");
    }

    fn a_deadline_stops_string_format(lua) {
        stops(lua, "local f = ('%99.99f'):rep(20) local unpack = unpack or table.unpack
            local t = {} for i = 1, 20 do t[i] = 1e307 end
            while true do string.format(f, unpack(t)) end");
    }

    fn a_deadline_stops_an_endless_load(lua) {
        stops(lua, "local s = ('x = 1 '):rep(200000)
            while true do (loadstring or load)(s) end");
    }

    fn a_deadline_stops_a_reader_function_that_never_ends(lua) {
        stops(lua, "load(function() return ' ' end)");
    }

    fn a_deadline_stops_the_garbage_collector(lua) {
        stops(lua, "local t = {} for i = 1, 1000000 do t[i] = {} end
            while true do collectgarbage() end");
    }

    fn a_deadline_stops_a_loop_on_the_clock(lua) {
        stops(lua, "while os.clock() < 1e9 do end");
    }

    fn a_deadline_stops_a_loop_on_os_time(lua) {
        stops(lua, "local t = os.time() while os.time() < t + 1000 do end");
    }

    fn a_deadline_stops_an_endless_metamethod(lua) {
        stops(lua, "local t = setmetatable({}, {__index = function() while true do end end})
            return t.x");
    }

    fn a_deadline_stops_an_endless_iterator(lua) {
        stops(lua, "for _ in function() return 1 end do end");
    }

    fn a_deadline_stops_a_hook_that_never_returns(lua) {
        stops(lua, "debug.sethook(function() while true do end end, '', 1) local x = 1");
    }

    fn a_deadline_stops_a_script_with_a_hook_of_its_own(lua) {
        stops(lua, "debug.sethook(function() end, '', 1) while true do end");
    }

    fn a_deadline_stops_a_script_that_keeps_taking_hooks_away(lua) {
        stops(lua, "while true do debug.sethook() end");
    }

    fn a_deadline_stops_coroutines_that_keep_taking_hooks_away(lua) {
        stops(lua, "local main = coroutine.running() while true do
            local c = coroutine.create(function()
                for i = 1, 100 do debug.sethook() if main then debug.sethook(main) end end end)
            debug.sethook(c) coroutine.resume(c) debug.sethook() end");
    }

    fn a_deadline_stops_a_script_that_keeps_setting_hooks_that_fail(lua) {
        stops(lua, "while true do pcall(function()
            debug.sethook(function() debug.sethook() error('x') end, 'crl', 1)
            local x = 1 end) end");
    }

    fn a_deadline_stops_an_error_value_that_never_becomes_text(lua) {
        if number(lua) == 51 {
            // 5.1 does not ask the value but the function that makes tracebacks.
            return stops(lua, "debug.traceback = function() while true do end end error('x')");
        }
        stops(lua, "error(setmetatable({}, {__tostring = function() while true do end end}))");
    }

    fn a_deadline_stops_print_of_a_value_that_never_becomes_text(lua) {
        stops(lua, "print(setmetatable({}, {__tostring = function() while true do end end}))");
    }

    fn a_deadline_stops_a_finalizer(lua) {
        stops(lua, "local function forever() while true do end end
            if newproxy then getmetatable(newproxy(true)).__gc = forever
            else setmetatable({}, {__gc = forever}) end
            collectgarbage() collectgarbage()");
    }

    fn a_deadline_stops_a_finalizer_at_the_exit(lua) {
        stops(lua, "local function forever() while true do end end
            if newproxy then x = newproxy(true) getmetatable(x).__gc = forever
            else x = setmetatable({}, {__gc = forever}) end");
    }

    fn a_deadline_stops_finalizers_that_make_finalizers_at_the_exit(lua) {
        if number(lua) == 51 {
            return stops(lua, "local function again()
                getmetatable(newproxy(true)).__gc = function() while true do end end
                while true do pcall(again) end end
                x = newproxy(true) getmetatable(x).__gc = again");
        }
        stops(lua, "local mt = {} mt.__gc = function() while true do setmetatable({}, mt) end end
            x = setmetatable({}, mt)");
    }

    fn a_deadline_stops_a_finalizer_after_an_error(lua) {
        let cli = limited(lua).exec("local function forever() while true do end end
            if newproxy then x = newproxy(true) getmetatable(x).__gc = forever
            else x = setmetatable({}, {__gc = forever}) end error('first')");
        let start = Instant::now();
        let ran = cli.run();
        assert_eq!(ran.code, 124, "{ran:#?}");
        assert!(ran.stderr.contains("first"), "{ran:#?}");
        assert!(ran.stderr.contains(LINE), "{ran:#?}");
        assert!(start.elapsed() < LIMIT + LATE);
    }

    fn a_deadline_stops_io_read_while_nothing_comes(lua) {
        stops_waiting(lua, "io.read()");
    }

    fn a_deadline_stops_io_read_of_everything(lua) {
        stops_waiting(lua, "io.read('*a')");
    }

    fn a_deadline_stops_io_lines(lua) {
        stops_waiting(lua, "for _ in io.lines() do end");
    }

    fn a_deadline_stops_dofile_of_standard_input(lua) {
        stops_waiting(lua, "dofile()");
    }

    fn a_deadline_stops_endless_reads_at_the_end_of_input(lua) {
        stops(lua, "while true do io.read() end");
    }

    fn a_deadline_stops_endless_output(lua) {
        stops(lua, "while true do print('x') end");
    }

    fn a_deadline_stops_endless_output_to_standard_error(lua) {
        let cli = limited(lua).exec("while true do io.stderr:write('x\\n') end");
        let start = Instant::now();
        let ran = cli.run();
        assert_eq!(ran.code, 124, "{}", &ran.stderr[ran.stderr.len() - 200..]);
        assert!(ran.stderr.contains(LINE));
        assert!(start.elapsed() < LIMIT + LATE);
    }

    fn a_deadline_stops_a_write_to_a_pipe_that_nobody_reads(lua) {
        let mut pipe = unread(limited(lua).exec("while true do io.write(('x'):rep(100000)) end"));
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut pipe, &mut stderr).unwrap();
        assert!(stderr.starts_with(LINE), "{stderr}");
    }

    fn a_deadline_holds_where_nobody_reads_standard_error(lua) {
        for code in [
            "io.stderr:write(('x'):rep(65536)) while true do end",
            "while true do io.stderr:write(('x'):rep(100000)) end",
            "error(('x'):rep(200000))",
        ] {
            unread(limited(lua).exec(code));
        }
    }

    fn a_deadline_holds_inside_a_module(lua) {
        let file = script("require 'endless'");
        std::fs::write(file.folder.path().join("endless.lua"), "\nwhile true do end").unwrap();
        let ran = stopped_with_traceback(|| limited(lua).arg(&file.path));
        assert!(ran.stderr.contains("endless.lua:2: in "), "{ran:#?}");
    }

    fn a_deadline_is_for_everything_on_the_command_line_together(lua) {
        let busy = "local t = os.clock() while os.clock() - t < 0.04 do end";
        let cli = limited(lua).exec(busy).exec(busy).exec(busy).exec("print('too late')");
        let start = Instant::now();
        let ran = cli.run();
        assert_stopped(start, &ran);
        assert_eq!(ran.stdout, "");
    }

    fn the_traceback_of_a_deadline_names_the_line_of_the_loop(lua) {
        let file = script("local function outer()\n  local function inner()\n    local x = 0\n    while true do\n      x = x + 1\n    end\n  end\n  inner()\nend\nouter()\n");
        let ran = stopped_with_traceback(|| {
            limited(lua).arg("script.lua").in_folder(file.folder.path())
        });
        let lines: Vec<&str> = ran.stderr.lines().collect();
        assert_eq!(lines[1], "stack traceback:", "{ran:#?}");
        let innermost = lines[2];
        assert!(
            (4..=6).any(|line| innermost.starts_with(&format!("\tscript.lua:{line}: in "))),
            "{ran:#?}"
        );
        assert!(lines[3].starts_with("\tscript.lua:8: in "), "{ran:#?}");
        assert_eq!(lines[4], "\tscript.lua:10: in main chunk", "{ran:#?}");
    }

    fn the_traceback_of_a_deadline_goes_through_coroutines(lua) {
        let file = script("local function busy()\n  while true do end\nend\nlocal function resumes()\n  coroutine.wrap(busy)()\nend\nresumes()\n");
        let ran = stopped_with_traceback(|| {
            limited(lua).arg("script.lua").in_folder(file.folder.path())
        });
        let at = |text: &str| ran.stderr.find(text).unwrap_or_else(|| panic!("{text}: {ran:#?}"));
        assert!(at("script.lua:2: in ") < at("script.lua:5: in "));
        assert!(at("script.lua:5: in ") < at("script.lua:7: in main chunk"));
    }

    fn the_traceback_of_a_deadline_in_a_c_function_names_the_line_of_the_call(lua) {
        let file = script("local function slow()\n  return (string.find(('a'):rep(30) .. 'b', ('a*'):rep(30) .. 'c'))\nend\nslow()\n");
        let ran = stopped_with_traceback(|| {
            limited(lua).arg("script.lua").in_folder(file.folder.path())
        });
        assert!(ran.stderr.contains("\tscript.lua:2: in "), "{ran:#?}");
        assert!(ran.stderr.contains("\tscript.lua:4: in main chunk"), "{ran:#?}");
    }

    fn the_traceback_of_a_deadline_deep_in_a_recursion_is_short_and_comes_in_time(lua) {
        let file = script("local function f(n) if n == 0 then while true do end end return 1 + f(n - 1) end\nf(150000)");
        if number(lua) == 51 {
            // The stack of 5.1 is not that deep.
            let ran = self::lua(lua).arg("script.lua").in_folder(file.folder.path()).run();
            return assert!(ran.code == 1 && ran.stderr.contains("stack overflow"), "{ran:#?}");
        }
        let ran = stopped_with_traceback(|| {
            limited(lua).arg("script.lua").in_folder(file.folder.path())
        });
        assert!(ran.stderr.contains("\tscript.lua:1: in "), "{ran:#?}");
        assert!(ran.stderr.contains("\tscript.lua:2: in main chunk"), "{ran:#?}");
        assert!(ran.stderr.lines().count() < 40, "{ran:#?}");
    }

    fn what_was_printed_before_a_deadline_appears(lua) {
        warm(lua);
        let code = "print('before') io.write('no line feed') while true do end";
        are_stopped(
            || limited(lua).exec(code).run(),
            |ran| ran.stderr.starts_with(LINE) && ran.stdout == "before\nno line feed",
        );
    }

    fn a_script_that_ends_in_time_is_not_stopped(lua) {
        warm(lua);
        let ran = command::lua(lua).args(["--timeout", "30s"]).exec("print('done')").run();
        assert_eq!(ran.out(), "done\n");
    }
}

for_versions! {
    [lua_5_2 "5.2", lua_5_3 "5.3", lua_5_4 "5.4", lua_5_5 "5.5"]

    fn a_deadline_stops_goto(lua) {
        stops(lua, "::again:: goto again");
    }
}

for_versions! {
    [lua_5_3 "5.3", lua_5_4 "5.4", lua_5_5 "5.5"]

    fn a_deadline_stops_table_move_over_a_range_without_end(lua) {
        stops(lua, "table.move({}, 1, math.maxinteger - 1, 2)");
    }

    fn a_deadline_stops_table_concat_over_a_range_without_end(lua) {
        stops(lua, "table.concat(setmetatable({}, {__index = function() return '' end}),
            '', 1, math.maxinteger - 1)");
    }

    fn a_deadline_stops_a_loop_of_packing(lua) {
        stops(lua, "while true do string.unpack('s4', string.pack('s4', ('x'):rep(1000))) end");
    }
}

for_versions! {
    [lua_5_4 "5.4", lua_5_5 "5.5"]

    fn a_deadline_stops_a_to_be_closed_variable_at_the_exit(lua) {
        stops(lua, "local x <close> =
            setmetatable({}, {__close = function() while true do end end})");
    }

    fn a_deadline_stops_a_to_be_closed_variable_after_an_error(lua) {
        stops(lua, "local x <close> =
            setmetatable({}, {__close = function() while true do end end}) error('x')");
    }

    fn a_deadline_runs_no_to_be_closed_variable(lua) {
        let cli = limited(lua).exec("local x <close> =
            setmetatable({}, {__close = function() print('closed') end}) while true do end");
        let start = Instant::now();
        let ran = cli.run();
        assert_stopped(start, &ran);
        assert_eq!(ran.stdout, "");
    }

    fn a_deadline_stops_coroutine_close(lua) {
        stops(lua, "local c = coroutine.create(function() local x <close> =
            setmetatable({}, {__close = function() while true do end end})
            coroutine.yield() end) coroutine.resume(c) coroutine.close(c)");
    }

    fn a_deadline_stops_os_exit_that_closes_the_state(lua) {
        stops(lua, "x = setmetatable({}, {__gc = function() while true do end end})
            os.exit(0, true)");
    }
}

#[test]
fn string_rep_of_nothing_is_nothing_at_once_in_5_1_too() {
    let ran = lua("5.1").args(["--timeout", "10s"]).exec("print(#(''):rep(2147483647))").run();
    assert_eq!(ran.out(), "0\n");
}

#[test]
fn a_deadline_is_written_as_it_was_given() {
    warm("5.4");
    let ran = luago().args(["--timeout", "1s200ms"]).exec("while true do end").run();
    let said = ran.failed(124);
    let line = "luago-run: stopped: the deadline of 1s 200ms passed; --timeout raises it\n";
    assert!(said.starts_with(line), "{said}");
}

/// Runs something whose output nobody reads, until the deadline has ended it, and gives its
/// standard error.
#[track_caller]
fn unread(cli: luago_test_support::command::Cli) -> std::process::ChildStderr {
    let mut command = cli.into_command();
    let start = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        // An error that nobody reads is given more time than the end of a run.
        if start.elapsed() > LIMIT + LATE + Duration::from_secs(5) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("still running");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(status.code(), Some(124));
    child.stderr.take().unwrap()
}
