//! Output and fuel.

use luago_test_support::command::{self, Cli, lua, luago};
use luago_test_support::versions::Lua;
use serde_json::Value;

const LINE: &str =
    "luago-run: stopped: the output limit of 1000 B was reached; --max-output raises it\n";

fn limited(version: Lua) -> Cli {
    lua(version).args(["--max-output", "1000", "--timeout", "20s"])
}

/// The code writes too much; what was allowed appears.
#[track_caller]
fn writes_too_much(version: Lua, code: &str) {
    let ran = limited(version).exec(code).run();
    assert!(ran.failed(123).starts_with(LINE), "{ran:#?}");
    assert_eq!(ran.stdout, "x".repeat(1000));
}

fn fuel(version: Lua, code: &str) -> u64 {
    let ran = lua(version).args(["--fuel", "1000000000", "--report", "-"]).exec(code).run();
    let report: Value = serde_json::from_str(ran.out().lines().last().unwrap()).unwrap();
    report["fuel"].as_u64().unwrap()
}

for_each_version! {
    fn many_small_writes_reach_the_output_limit(lua) {
        writes_too_much(lua, "while true do io.write('x') end");
    }

    fn one_large_write_reaches_the_output_limit(lua) {
        writes_too_much(lua, "io.write(('x'):rep(1000000))");
    }

    fn unbuffered_writes_reach_the_output_limit(lua) {
        writes_too_much(lua, "io.stdout:setvbuf('no') while true do io.write('x') end");
    }

    fn the_output_limit_cannot_be_caught(lua) {
        writes_too_much(lua, "while true do pcall(io.write, ('x'):rep(100)) pcall(io.stdout.flush, io.stdout) end");
    }

    fn print_reaches_the_output_limit(lua) {
        let ran = limited(lua).exec("while true do print('x') end").run();
        assert!(ran.failed(123).starts_with(LINE), "{ran:#?}");
        assert_eq!(ran.stdout, "x\n".repeat(500));
    }

    fn standard_error_counts_too(lua) {
        let ran = limited(lua).exec("while true do io.stderr:write('y') end").run();
        let said = ran.failed(123);
        assert!(said.starts_with(&"y".repeat(1000)), "{said}");
        assert!(said[1000..].trim_start().starts_with(LINE), "{said}");
    }

    fn output_and_error_count_together(lua) {
        let code = "io.stdout:setvbuf('no') while true do io.write('x') io.stderr:write('y') end";
        let ran = limited(lua).exec(code).run();
        assert_eq!(ran.code, 123, "{ran:#?}");
        assert_eq!(ran.stdout, "x".repeat(500));
        assert!(ran.stderr.starts_with(&"y".repeat(500)) && !ran.stderr.starts_with(&"y".repeat(501)));
    }

    fn output_at_the_exit_is_limited(lua) {
        let code = "x = newproxy and newproxy(true) or setmetatable({}, {__gc = function() io.write(('x'):rep(2000)) end})
            if newproxy then getmetatable(x).__gc = function() io.write(('x'):rep(2000)) end end";
        writes_too_much(lua, code);
    }

    fn output_up_to_the_limit_is_no_stop(lua) {
        let ran = limited(lua).exec("io.write(('x'):rep(1000))").run();
        assert_eq!(ran.out(), "x".repeat(1000));
    }

    fn a_file_does_not_count_as_output(lua) {
        let folder = tempfile::tempdir().unwrap();
        let ran = limited(lua)
            .dir(folder.path(), ":out:rw")
            .exec("local f = io.open('out/f', 'w') f:write(('x'):rep(5000)) f:close() print('ok')")
            .run();
        assert_eq!(ran.out(), "ok\n");
    }

    fn fuel_is_the_same_on_each_run(lua) {
        let code = "local t = {} for i = 1, 1000 do t[i] = tostring(i) .. #t end
            for i = 1, 100 do pcall(error, {}) coroutine.wrap(function() coroutine.yield(i) end)() end";
        let first = fuel(lua, code);
        assert!(first > 10_000);
        assert_eq!(first, fuel(lua, code));
        assert_eq!(first, fuel(lua, code));
    }

    fn more_work_uses_more_fuel(lua) {
        let work = |n: u32| fuel(lua, &format!("local x = 0 for i = 1, {n} do x = x + i end"));
        let (none, some, twice) = (work(0), work(100_000), work(200_000));
        let one = some - none;
        assert!(one >= 300_000, "{one}");
        let ratio = (twice - none) as f64 / one as f64;
        assert!((1.99..2.01).contains(&ratio), "{none} {some} {twice}");
    }

    fn fuel_runs_out_at_the_same_place_each_time(lua) {
        let run = || {
            let code = "io.stdout:setvbuf('no') local i = 0 while true do i = i + 1 print(i) end";
            let ran = command::lua(lua).args(["--fuel", "3000000"]).exec(code).run();
            ran.failed(121);
            ran
        };
        let first = run();
        assert!(first.stdout.lines().count() > 10, "{first:#?}");
        assert_eq!(first, run());
    }

    fn fuel_stops_each_kind_of_loop(lua) {
        for code in [
            "while true do end",
            "while true do pcall(error) end",
            "local c = coroutine.wrap(function() while true do coroutine.yield() end end) while true do c() end",
            "string.find(('a'):rep(30) .. 'b', ('a*'):rep(30) .. 'c')",
            "while true do local s = ('x'):rep(100000) end",
            "table.sort({3, 1, 2}, function() while true do end end)",
            "x = newproxy and newproxy(true) or setmetatable({}, {__gc = function() while true do end end})
             if newproxy then getmetatable(x).__gc = function() while true do end end end",
        ] {
            let ran = command::lua(lua).args(["--fuel", "20000000"]).exec(code).run();
            let line = "luago-run: stopped: the fuel limit of 20000000 was used up; --fuel raises it\n";
            assert!(ran.failed(121).starts_with(line), "{code}: {ran:#?}");
        }
    }

    fn the_fuel_in_the_report_of_a_stop_is_all_of_it(lua) {
        let ran = command::lua(lua).args(["--fuel", "1000000", "--report", "-"]).exec("while true do end").run();
        ran.failed(121);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let used = report["fuel"].as_u64().unwrap();
        assert!((990_000..=1_000_000).contains(&used), "{report}");
    }
}

#[test]
fn too_little_fuel_to_start_is_a_stop() {
    let ran = luago().args(["--fuel", "10"]).exec("print(1)").run();
    assert!(ran.failed(121).contains("--fuel raises it"), "{ran:#?}");
}
