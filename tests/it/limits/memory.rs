//! A memory limit holds, whatever the memory is spent on.

use luago_test_support::command::{Cli, lua, luago, script};
use luago_test_support::versions::Lua;

const MIB: u64 = 1 << 20;
const LIMIT: u64 = 32 * MIB;
const LINE: &str =
    "luago-run: stopped: not enough memory within the limit of 32.0 MiB; --memory raises it\n";

fn limited(version: Lua) -> Cli {
    lua(version).args(["--memory", "32MiB", "--timeout", "60s"])
}

/// With little memory. When it is almost full, some versions collect all of it for each thing
/// that is made: time that grows with the square of the memory.
fn limited_to_little(version: Lua) -> Cli {
    lua(version).args(["--memory", "5MiB", "--timeout", "60s"])
}

/// The code runs out of memory and does not catch it.
#[track_caller]
fn runs_out(version: Lua, code: &str) {
    let ran = limited(version).exec(code).exec("print('went on')").run();
    let said = ran.failed(122);
    assert!(said.starts_with(LINE), "{ran:#?}");
    assert_eq!(ran.stdout, "");
}

/// The same with little memory.
#[track_caller]
fn runs_out_of_little(version: Lua, code: &str) {
    let ran = limited_to_little(version).exec(code).exec("print('went on')").run();
    let said = ran.failed(122);
    assert!(said.starts_with(&LINE.replace("32.0", "5.0")), "{ran:#?}");
    assert_eq!(ran.stdout, "");
}

/// The code, inside `pcall`, fails with the message of Lua, and life goes on.
#[track_caller]
fn can_be_caught(version: Lua, code: &str) {
    can_be_caught_in(limited(version), code);
}

#[track_caller]
fn can_be_caught_in(limited: Cli, code: &str) {
    let code = format!(
        "local ok, message = pcall(function() {code} end)
        print(ok, message:match('not enough memory'))
        collectgarbage() collectgarbage()
        local t = {{}} for i = 1, 1000 do t[i] = ('x'):rep(i) end
        print(#t)"
    );
    assert_eq!(limited.exec(&code).run().out(), "false\tnot enough memory\n1000\n");
}

const TABLE: &str = "local t = {} local i = 0 while true do i = i + 1 t[i] = i end";
const HASH: &str = "local t = {} local i = 0 while true do i = i + 1 t['k' .. i] = true end";
const TABLES: &str = "local t while true do t = {t} end";
const DOUBLING: &str = "local s = 'x' while true do s = s .. s end";
const STRINGS: &str = "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end";
const CLOSURES: &str = "local f while true do local g = f f = function() return g end end";
const COROUTINES: &str = "local t = {} while true do
    local c = coroutine.create(function() coroutine.yield() end)
    coroutine.resume(c) t[#t + 1] = c end";
const REP: &str = "local s = ('x'):rep(100000000)";
const CONCAT: &str = "local s, t = ('x'):rep(1000000), {}
    for i = 1, 100 do t[i] = s end table.concat(t)";
const GSUB: &str = "local s = ('x'):rep(1000000) s:gsub('x', ('y'):rep(100))";
const LOAD: &str = "local s = {} for i = 1, 400000 do s[i] = 'x' .. i .. '=' .. i .. ' ' end
    assert((loadstring or load)(table.concat(s)))";
const STACK_OF_COROUTINE: &str = "local unpack = unpack or table.unpack
    local t, all = {}, {} for i = 1, 5000 do t[i] = i end
    while true do local c = coroutine.create(function(...) coroutine.yield() end)
    all[#all + 1] = c coroutine.resume(c, unpack(t)) end";
const LONG_LINE: &str = "for l in io.lines() do local m = l .. l .. l .. l end";

for_each_version! {
    fn a_table_that_grows_runs_out_of_memory(lua) { runs_out(lua, TABLE); }
    fn a_hash_that_grows_runs_out_of_memory(lua) { runs_out_of_little(lua, HASH); }
    fn many_tables_run_out_of_memory(lua) { runs_out(lua, TABLES); }
    fn a_string_that_doubles_runs_out_of_memory(lua) { runs_out(lua, DOUBLING); }
    fn many_strings_run_out_of_memory(lua) { runs_out(lua, STRINGS); }
    fn many_closures_run_out_of_memory(lua) { runs_out(lua, CLOSURES); }
    fn many_coroutines_run_out_of_memory(lua) { runs_out(lua, COROUTINES); }
    fn coroutines_with_large_stacks_run_out_of_memory(lua) {
        if lua == "5.1" {
            // Its own `coroutine.resume` takes a stack that cannot grow for this.
            let ran = limited(lua).exec(STACK_OF_COROUTINE).run();
            assert!(ran.failed(1).contains("too many arguments to resume"), "{ran:#?}");
        } else {
            runs_out_of_little(lua, STACK_OF_COROUTINE);
        }
    }
    fn string_rep_runs_out_of_memory(lua) { runs_out(lua, REP); }
    fn table_concat_runs_out_of_memory(lua) { runs_out(lua, CONCAT); }
    fn gsub_runs_out_of_memory(lua) { runs_out(lua, GSUB); }
    fn load_runs_out_of_memory(lua) { runs_out(lua, LOAD); }

    fn a_long_line_of_input_runs_out_of_memory(lua) {
        let ran = limited(lua).exec(LONG_LINE).stdin(vec![b'x'; 20 << 20]).run();
        assert!(ran.failed(122).starts_with(LINE), "{ran:#?}");
    }

    fn a_table_that_runs_out_of_memory_can_be_caught(lua) { can_be_caught(lua, TABLE); }
    fn a_hash_that_runs_out_of_memory_can_be_caught(lua) {
        can_be_caught_in(limited_to_little(lua), HASH);
    }
    fn tables_that_run_out_of_memory_can_be_caught(lua) { can_be_caught(lua, TABLES); }
    fn a_string_that_runs_out_of_memory_can_be_caught(lua) { can_be_caught(lua, DOUBLING); }
    fn strings_that_run_out_of_memory_can_be_caught(lua) { can_be_caught(lua, STRINGS); }
    fn closures_that_run_out_of_memory_can_be_caught(lua) { can_be_caught(lua, CLOSURES); }
    fn coroutines_that_run_out_of_memory_can_be_caught(lua) { can_be_caught(lua, COROUTINES); }
    fn string_rep_that_runs_out_of_memory_can_be_caught(lua) { can_be_caught(lua, REP); }
    fn table_concat_that_runs_out_of_memory_can_be_caught(lua) { can_be_caught(lua, CONCAT); }
    fn gsub_that_runs_out_of_memory_can_be_caught(lua) { can_be_caught(lua, GSUB); }
    fn load_that_runs_out_of_memory_can_be_caught(lua) { can_be_caught(lua, LOAD); }

    fn running_out_of_memory_a_hundred_times_is_survived(lua) {
        let code = "local n = 0 for i = 1, 100 do
            if not pcall(function() local s = 'x' while true do s = s .. s end end) then n = n + 1 end
            collectgarbage() end print(n)";
        assert_eq!(limited(lua).exec(code).run().out(), "100\n");
    }

    fn running_out_of_memory_inside_a_coroutine_can_be_caught(lua) {
        let code = "local c = coroutine.create(function() local s = 'x' while true do s = s .. s end end)
            print(coroutine.resume(c)) print(coroutine.status(c))";
        assert_eq!(limited(lua).exec(code).run().out(), "false\tnot enough memory\ndead\n");
    }

    fn running_out_of_memory_names_the_line(lua) {
        let file = script("local function fill()\n  local t = {}\n  for i = 1, 1e9 do\n    t[i] = i\n  end\nend\nfill()\n");
        let ran = limited(lua).arg("script.lua").in_folder(file.folder.path()).run();
        let said = ran.failed(122);
        assert!(said.starts_with(&format!("{LINE}stack traceback:\n")), "{said}");
        assert!(said.contains("\tscript.lua:4: in "), "{said}");
        assert!(said.contains("\tscript.lua:7: in main chunk"), "{said}");
    }

    fn memory_that_was_freed_can_be_used_again(lua) {
        let code = "for i = 1, 200 do local s = ('x'):rep(1000000 + i) end
            for i = 1, 200 do local t = {} for j = 1, 20000 do t[j] = j end end print('ok')";
        assert_eq!(limited(lua).exec(code).run().out(), "ok\n");
    }

    fn an_error_text_that_is_not_about_memory_is_an_error(lua) {
        // With this very text, Lua itself raises an error of memory since 5.4.
        let ran = limited(lua).exec("error('not enough memory!', 0)").run();
        assert!(ran.failed(1).starts_with("luago-run: not enough memory!\n"), "{ran:#?}");
    }

    fn the_process_stays_within_the_limit_and_a_fixed_overhead(lua) {
        let base = peak(lua, "local keep = 1");
        for (what, fill) in [
            ("a table", TABLE),
            ("tables", TABLES),
            ("strings", STRINGS),
            ("a doubling string", DOUBLING),
            ("closures", CLOSURES),
            ("coroutines", COROUTINES),
            ("errors", "for i = 1, 200000 do pcall(error, {}) end"),
        ] {
            // 5.1 collects nothing by itself when memory runs out.
            let peak = peak(lua, &format!("pcall(function() {fill} end) collectgarbage()"));
            assert!(
                peak <= LIMIT + base + 10 * MIB,
                "{what}: {} MiB at the most, {} MiB without", peak / MIB, base / MIB
            );
        }
    }

    fn the_peak_in_the_report_is_within_the_limit(lua) {
        let ran = limited(lua).args(["--report", "-"]).exec(TABLES).run();
        ran.failed(122);
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let peak = report["peak_memory_bytes"].as_u64().unwrap();
        assert!(peak <= LIMIT && peak > LIMIT / 2, "{report}");
    }
}

/// Bytes of the largest resident set of a run that fills its memory and then waits.
#[track_caller]
fn peak(version: Lua, fill: &str) -> u64 {
    let mut run = limited(version).exec(fill).exec("print('full') io.flush() io.read()").start();
    run.wait_for_output("full\n");
    let peak = run.peak_resident().unwrap();
    run.close_stdin();
    assert_eq!(run.wait().out(), "full\n");
    peak
}

#[test]
fn a_limit_too_small_to_start_with_is_a_usage_error() {
    let ran = luago().args(["--memory", "1KiB"]).exec("").run();
    let said = ran.failed(2);
    assert_eq!(
        said,
        "luago-run: a memory limit of 1024 bytes is too small; a guest starts with 2 MiB\n"
    );
}

#[test]
fn a_limit_beyond_the_address_space_is_a_usage_error() {
    let said = luago().args(["--memory", "5GiB"]).exec("").run().failed(2).to_string();
    assert!(said.contains("a guest can address 4 GiB"), "{said}");
}

#[test]
fn the_default_limit_is_256_mib() {
    let ran = luago().exec("local s = ('x'):rep(300000000)").run();
    let line =
        "luago-run: stopped: not enough memory within the limit of 256.0 MiB; --memory raises it\n";
    assert!(ran.failed(122).starts_with(line), "{ran:#?}");
}

#[test]
fn a_larger_limit_lets_a_larger_string_be() {
    let ran = luago().args(["--memory", "1GiB"]).exec("print(#('x'):rep(300000000))").run();
    assert_eq!(ran.out(), "300000000\n");
}

for_each_version! {
    fn finalizers_that_find_no_memory_at_the_end_do_no_harm(version) {
        // In 5.2 and 5.3 each of them left its error on a stack that could not grow any more.
        let code = "
            local keep = {}
            local function fail() keep[#keep + 1] = ('x'):rep(100000) .. #keep end
            collectgarbage('stop')
            for i = 1, 3000 do
                if newproxy then getmetatable(newproxy(true)).__gc = fail
                else setmetatable({}, {__gc = fail}) end
            end
            print('ok')";
        assert_eq!(limited(version).exec(code).run().out(), "ok\n");
    }
}
