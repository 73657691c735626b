//! Each flag does what `--help` says.

use luago_test_support::command::{self, lua, luago, script};
use luago_test_support::versions::{ALL, number};
use serde_json::Value;
use std::fs;

#[test]
fn lua_5_4_is_the_default() {
    assert_eq!(luago().exec("print(_VERSION)").run().out(), "Lua 5.4\n");
}

for_each_version! {
    fn lua_chooses_the_version(lua) {
        let ran = command::lua(lua).exec("print(_VERSION)").run();
        assert_eq!(ran.out(), format!("Lua {lua}\n"));
    }

    fn v_shows_the_version(lua) {
        let ran = command::lua(lua).arg("-v").run();
        assert_eq!(ran.code, 0, "{ran:?}");
        // `lua` of 5.1 writes it to standard error.
        let (out, other) = match number(lua) {
            51 => (&ran.stderr, &ran.stdout),
            _ => (&ran.stdout, &ran.stderr),
        };
        assert_eq!(other, "");
        assert!(out.starts_with(&format!("Lua {lua}.")), "{out}");
        assert!(out.contains("Lua.org, PUC-Rio"), "{out}");
        assert_eq!(out.lines().count(), 1);
    }

    fn e_and_l_run_in_the_order_in_which_they_are_given_before_the_script(lua) {
        let file = script("print('script', ...)");
        fs::write(file.folder.path().join("module.lua"), "print('module', ...) return 1").unwrap();
        let ran = command::lua(lua)
            .in_folder(file.folder.path())
            .args(["-e", "print('first')", "-l", "module", "-e", "print('second')"])
            .args(["script.lua", "argument"])
            .run();
        let lines: Vec<&str> = ran.out().lines().collect();
        assert_eq!(lines[0], "first");
        assert!(lines[1].starts_with("module\tmodule"), "{lines:?}");
        assert_eq!(lines[2..], ["second", "script\targument"]);
    }

    fn e_shares_globals_and_not_locals_with_what_follows(lua) {
        let ran = command::lua(lua).args(["-e", "a = 1 local b = 2", "-e", "print(a, b)"]).run();
        assert_eq!(ran.out(), "1\tnil\n");
    }

    fn an_error_in_e_ends_the_run(lua) {
        let ran = command::lua(lua).args(["-e", "error('first')", "-e", "print('second')"]).run();
        let said = ran.failed(1);
        assert!(said.starts_with("luago-run: (command line):1: first\nstack traceback:\n"), "{said}");
        assert_eq!(ran.stdout, "");
    }

    fn l_makes_a_global_of_the_module(lua) {
        let file = script("");
        fs::write(file.folder.path().join("answers.lua"), "x = 7 return {answer = 42}").unwrap();
        // In 5.1 only the module itself makes globals.
        let code = "print(x, answers and answers.answer)";
        let ran = command::lua(lua)
            .in_folder(file.folder.path())
            .args(["-l", "answers", "-e", code])
            .run();
        let expected = if number(lua) == 51 { "7\tnil\n" } else { "7\t42\n" };
        assert_eq!(ran.out(), expected);
    }

    fn l_of_a_missing_module_says_where_it_was_looked_for(lua) {
        let folder = tempfile::tempdir().unwrap();
        let ran = command::lua(lua).in_folder(folder.path()).args(["-l", "nowhere"]).run();
        let said = ran.failed(1);
        assert!(said.starts_with("luago-run: module 'nowhere' not found:\n"), "{said}");
        assert!(said.contains("no file './nowhere.lua'"), "{said}");
    }

    fn a_dash_reads_the_script_from_standard_input(lua) {
        let ran = command::lua(lua)
            .args(["-", "one", "two"])
            .stdin("print(arg[0], arg[1], ...)")
            .run();
        assert_eq!(ran.out(), "-\tone\tone\ttwo\n");
    }

    fn without_a_script_standard_input_is_the_script(lua) {
        let ran = command::lua(lua).stdin("#!/usr/bin/lua\nprint(select('#', ...))\nerror('x')").run();
        assert!(ran.failed(1).starts_with("luago-run: stdin:3: x\n"), "{ran:#?}");
        assert_eq!(ran.stdout, "0\n");
    }

    fn arg_has_the_whole_command_line_around_the_script(lua) {
        let file = script("for i = -9, 9 do if arg[i] then print(i, arg[i]) end end print(#arg, ...)");
        let ran = command::lua(lua)
            .in_folder(file.folder.path())
            .args(["script.lua", "-e", "two", "--lua"])
            .run();
        let lines: Vec<&str> = ran.out().lines().collect();
        assert!(lines[0].starts_with("-3\t") && lines[0].ends_with("luago-run"), "{lines:?}");
        assert_eq!(lines[1..], [
            "-2\t--lua", &format!("-1\t{lua}"), "0\tscript.lua", "1\t-e", "2\ttwo", "3\t--lua",
            "3\t-e\ttwo\t--lua",
        ]);
    }

    fn arg_is_there_for_code_without_a_script_from_5_3_on(lua) {
        let ran = command::lua(lua).exec("print(arg and arg[1], select('#', ...))").run();
        let expected = if number(lua) >= 53 { "--lua\t0\n" } else { "nil\t0\n" };
        assert_eq!(ran.out(), expected);
    }

    fn arguments_can_be_any_bytes(lua) {
        use std::os::unix::ffi::OsStrExt;
        let file = script("print(#..., (...):byte(1, -1))");
        let ran = command::lua(lua)
            .arg(&file.path)
            .arg(std::ffi::OsStr::from_bytes(b"\xff\xfe a"))
            .run();
        assert_eq!(ran.out(), "4\t255\t254\t32\t97\n");
    }

    fn a_thousand_arguments_reach_the_script(lua) {
        let file = script("print(select('#', ...), (select(1000, ...)), #arg)");
        let ran = command::lua(lua)
            .arg(&file.path)
            .args((1..=1000).map(|n| n.to_string()))
            .run();
        assert_eq!(ran.out(), "1000\t1000\t1000\n");
    }

    fn a_script_may_start_with_a_comment_and_from_5_2_on_with_a_byte_order_mark(lua) {
        let code = "#!/usr/bin/env lua\nprint(debug.getinfo(1, 'l').currentline)";
        assert_eq!(command::lua(lua).arg(&script(code).path).run().out(), "2\n");
        for code in [format!("\u{feff}{code}"), "\u{feff}print(1)".to_string()] {
            let file = script(&code);
            let in_folder = |cli: luago_test_support::command::Cli| cli.in_folder(file.folder.path());
            let native = in_folder(luago_test_support::oracle::oracle(lua)).arg("script.lua").run();
            let ran = in_folder(command::lua(lua)).arg("script.lua").run();
            assert_eq!((ran.code, &ran.stdout), (native.code, &native.stdout), "{ran:#?}");
            let expected = native.stderr.replacen("lua: ", "luago-run: ", 1);
            // The byte itself is no text.
            assert_eq!(ran.stderr.split("near").next(), expected.split("near").next());
            let ran = in_folder(command::lua(lua)).exec("print(pcall(dofile, 'script.lua'))").run();
            assert_eq!(ran.out().contains("unexpected symbol near"), native.code == 1, "{ran:#?}");
        }
    }

    fn a_script_can_be_a_binary_chunk(lua) {
        let file = script("");
        let dumped = command::lua(lua)
            .dir(file.folder.path(), ":out:rw")
            .exec("local f = assert(io.open('out/script.lua', 'wb'))
                f:write(string.dump((loadstring or load)('print(\"dumped\", ...)'))) f:close()")
            .run();
        dumped.out();
        assert_eq!(command::lua(lua).arg(&file.path).arg("x").run().out(), "dumped\tx\n");
    }

    fn env_grants_a_variable_or_sets_one(lua) {
        let ran = command::lua(lua)
            .env("GRANTED", "granted")
            .env("HIDDEN", "hidden")
            .args(["--env", "GRANTED", "--env", "SET=a=b", "--env", "EMPTY="])
            .exec("print(os.getenv('GRANTED'), os.getenv('SET'), os.getenv('EMPTY'), os.getenv('HIDDEN'))")
            .run();
        assert_eq!(ran.out(), "granted\ta=b\t\tnil\n");
    }

    fn lua_init_runs_only_when_it_is_granted(lua) {
        let init = "print('init')";
        let hidden = command::lua(lua).env("LUA_INIT", init).exec("print('code')").run();
        assert_eq!(hidden.out(), "code\n");
        let granted = command::lua(lua)
            .env("LUA_INIT", init)
            .args(["--env", "LUA_INIT"])
            .exec("print('code')")
            .run();
        assert_eq!(granted.out(), "init\ncode\n");
    }

    fn an_option_after_the_script_is_an_argument_of_the_script(lua) {
        let file = script("print(...)");
        let ran = command::lua(lua).arg(&file.path).args(["--help", "-v", "--timeout"]).run();
        assert_eq!(ran.out(), "--help\t-v\t--timeout\n");
    }

    fn deterministic_runs_are_the_same_each_time(lua) {
        let file = script("
            print(math.random(), math.random(1000), os.time(), os.clock(), os.date())
            print(tostring({}), tostring(print), tostring(coroutine.create(function() end)))
            local t = {} for i = 1, 200 do t['k' .. i] = i t[i * 1.5] = i end
            for i = 1, 20 do t[{}] = i t[function() end] = i end
            for k, v in pairs(t) do io.write(tostring(k), ' ', v, ' ') end
            print(pcall(function() error({}) end))
            local n = 0 for i = 1, 100000 do n = n + i % 7 end
            print(n, os.clock(), collectgarbage('count'))
            math.randomseed(1) print(math.random(1, 1000))
            math.randomseed(os.time()) print(math.random(1, 1000))");
        let run = || {
            let ran = command::lua(lua)
                .in_folder(file.folder.path())
                .args(["--deterministic", "--report", "-", "script.lua"])
                .run();
            let (out, report) = ran.out().trim_end().rsplit_once('\n').unwrap();
            let report: Value = serde_json::from_str(report).unwrap();
            (out.to_string(), report["fuel"].as_u64().unwrap(), report["peak_memory_bytes"].clone())
        };
        let first = run();
        assert!(first.0.contains("2000"), "{}", first.0);
        assert_eq!(first, run());
        assert_eq!(first, run());
    }

    fn a_seed_gives_its_own_random_numbers(lua) {
        // 5.1 to 5.3 start from the same numbers unless they are seeded.
        let code = "math.randomseed(os.time()) local t = {} print(math.random(), tostring(t))";
        let with = |seed: &str| {
            let ran = command::lua(lua).arg(format!("--deterministic={seed}")).exec(code).run();
            ran.out().to_string()
        };
        assert_eq!(with("1"), with("1"));
        if number(lua) >= 54 {
            let random = |seed: &str| {
                let flag = format!("--deterministic={seed}");
                command::lua(lua).arg(flag).exec("print(math.random())").run().out().to_string()
            };
            assert_ne!(random("1"), random("2"));
            assert_eq!(random("0"), {
                let ran = command::lua(lua).arg("--deterministic").exec("print(math.random())").run();
                ran.out().to_string()
            });
        }
    }

    fn random_numbers_differ_between_runs_without_a_seed(lua) {
        // Before 5.4, the manual leaves that to randomseed.
        let code = if number(lua) >= 54 { "print(math.random(2^53))" } else { "print({})" };
        if number(lua) >= 54 {
            let run = || command::lua(lua).exec(code).run().out().to_string();
            assert_ne!(run(), run());
        } else {
            let code = "print(math.random(1000000))";
            let run = || command::lua(lua).exec(code).run().out().to_string();
            assert_eq!(run(), run());
        }
    }

    fn report_has_every_field_after_success(lua) {
        let ran = command::lua(lua).args(["--report", "-"]).exec("io.write('four')").run();
        let report: Value = serde_json::from_str(ran.out().strip_prefix("four").unwrap()).unwrap();
        let mut keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, [
            "compiled_functions", "error", "exit_code", "fuel", "guest", "outcome", "output_bytes",
            "peak_memory_bytes", "stop", "wall_seconds",
        ]);
        assert_eq!(report["outcome"], "returned");
        assert_eq!(report["exit_code"], 0);
        assert_eq!(report["stop"], Value::Null);
        assert_eq!(report["error"], Value::Null);
        assert_eq!(report["fuel"], Value::Null);
        assert_eq!(report["output_bytes"], 4);
        let wall = report["wall_seconds"].as_f64().unwrap();
        assert!(wall > 0.0 && wall < 10.0, "{report}");
        let peak = report["peak_memory_bytes"].as_u64().unwrap();
        assert!((100_000..=256 << 20).contains(&peak), "{report}");
        let release = report["guest"]["lua"].as_str().unwrap();
        assert!(release.starts_with(&format!("{lua}.")), "{report}");
        let digest = report["guest"]["sha256"].as_str().unwrap();
        assert!(digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()), "{report}");
    }

    fn report_tells_of_errors_exits_and_stops(lua) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        let run = |args: &[&str]| {
            let ran = command::lua(lua).arg("--report").arg(&file).args(args).run();
            let report: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            assert_eq!(report["exit_code"], ran.code, "{report}");
            fs::remove_file(&file).unwrap();
            report
        };
        let report = run(&["-e", "error('told', 0)"]);
        assert_eq!(report["outcome"], "error");
        assert_eq!(report["error"]["message"], "told");
        let traceback = report["error"]["traceback"].as_str().unwrap();
        assert!(traceback.starts_with("stack traceback:\n\t[C]: in "), "{report}");
        assert!(traceback.contains("'error'\n\t(command line):1: in main chunk"), "{report}");

        let report = run(&["-e", "os.exit(7)"]);
        assert_eq!((&report["outcome"], &report["exit_code"]), (&"exited".into(), &7.into()));

        for (args, stop, code) in [
            (["--timeout", "100ms", "-e", "while true do end"], "deadline", 124),
            (["--fuel", "1000000", "-e", "while true do end"], "fuel", 121),
            (["--memory", "16MiB", "-e", "local s = ('x'):rep(1e9 / 10)"], "memory", 122),
            (["--max-output", "10", "-e", "print(('x'):rep(100))"], "output", 123),
        ] {
            let report = run(&args);
            assert_eq!(report["outcome"], "stopped", "{report}");
            assert_eq!(report["stop"], stop, "{report}");
            assert_eq!(report["exit_code"], code, "{report}");
            assert!(report["error"]["message"].is_string(), "{report}");
            assert_eq!(report["fuel"].is_null(), stop != "fuel", "{report}");
        }
    }

    fn no_cache_changes_nothing_that_the_script_sees(lua) {
        let ran = command::lua(lua).arg("--no-cache").exec("print(_VERSION)").run();
        assert_eq!(ran.out(), format!("Lua {lua}\n"));
    }
}

#[test]
fn l_can_name_the_global_from_5_4_on() {
    let file = script("");
    for name in ["module.lua", "m=module.lua", "m-v2.lua"] {
        fs::write(file.folder.path().join(name), "return {name = ...}").unwrap();
    }
    for lua in ALL {
        let run = |module: &str, code: &str| {
            let cli = command::lua(lua).in_folder(file.folder.path());
            cli.args(["-l", module, "-e", code]).run().out().to_string()
        };
        let named = run("m=module", "print((m or _G['m=module'] or {}).name)");
        let cut = run("m-v2", "print((m or _G['m-v2'] or {}).name, m ~= nil)");
        match number(lua) {
            // In 5.1 only the module itself makes globals.
            51 => assert_eq!((&*named, &*cut), ("nil\n", "nil\tfalse\n")),
            52 | 53 => assert_eq!((&*named, &*cut), ("m=module\n", "m-v2\tfalse\n")),
            _ => assert_eq!((&*named, &*cut), ("module\n", "m-v2\ttrue\n")),
        }
    }
}

#[test]
fn the_report_of_a_deadline_in_a_stuck_write_is_written_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let mut child = luago()
        .args(["--timeout", "200ms", "--report"])
        .arg(&file)
        .exec("while true do io.write(('x'):rep(100000)) end")
        .into_command()
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(124));
    let report: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(report["stop"], "deadline");
}

#[test]
fn help_has_defaults_examples_and_exit_codes() {
    let ran = luago().arg("--help").run();
    let help = ran.out();
    for part in [
        "Usage: luago-run [OPTIONS] [SCRIPT [ARGS]]...",
        "[default: 5.4]",
        "[default: 256MiB]",
        "[default: never]",
        "[default: not metered]",
        "[default: unlimited]",
        "Examples:",
        "Exit codes:",
        "Nothing is granted by default",
    ] {
        assert!(help.replace("\n ", " ").contains(part) || help.contains(part), "{part}: {help}");
    }
    for flag in [
        "--lua",
        "-e",
        "-l",
        "-i",
        "-v",
        "--dir",
        "--env",
        "--memory",
        "--open-files",
        "--timeout",
        "--fuel",
        "--max-output",
        "--value-depth",
        "--value-elements",
        "--value-bytes",
        "--host-bytes",
        "-W",
        "-E",
        "--deterministic",
        "--report",
        "--no-cache",
        "--completions",
        "--man-page",
    ] {
        assert!(help.contains(&format!("  {flag}")), "{flag}: {help}");
    }
    for code in ["0", "1", "2", "120", "121", "122", "123", "124", "130"] {
        assert!(help.contains(&format!("\n{code:>5}  ")), "{code}: {help}");
    }
    assert!(luago().arg("-h").run().out().contains("Exit codes:"));
}

#[test]
fn the_examples_in_help_are_command_lines_that_work() {
    let file = script("local f = io.open('data/x') print(..., f ~= nil)");
    fs::create_dir(file.folder.path().join("data")).unwrap();
    fs::write(file.folder.path().join("data/x"), "").unwrap();
    let help = luago().arg("--help").run().out().to_string();
    let examples = help.split("Examples:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut seen = 0;
    for line in examples.lines() {
        let command = line.trim().split("  ").next().unwrap();
        let args = command.strip_prefix("luago-run ").unwrap();
        let words: Vec<String> = match args.split_once('\'') {
            Some((before, rest)) => before
                .split_whitespace()
                .map(str::to_string)
                .chain([rest.trim_end_matches('\'').to_string()])
                .collect(),
            None => args.split_whitespace().map(str::to_string).collect(),
        };
        let ran = luago().in_folder(file.folder.path()).args(words).run();
        assert_eq!(ran.code, 0, "{command}: {ran:#?}");
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn completions_are_made_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = luago().args(["--completions", shell]).run();
        assert!(ran.out().contains("luago-run") && ran.out().contains("deterministic"), "{shell}");
    }
}

#[test]
fn bash_takes_the_completions() {
    let text = luago().args(["--completions", "bash"]).run().out().to_string();
    let check = command::program("bash").args(["-n", "/dev/stdin"]).stdin(text).run();
    check.out();
}

#[test]
fn the_manual_page_is_a_manual_page() {
    let ran = luago().arg("--man-page").run();
    let page = ran.out();
    assert!(page.contains(".TH luago-run 1") || page.contains(".TH luago\\-run 1"), "{page}");
    assert!(page.contains("Exit codes:") && page.contains("timeout"), "{page}");
}

#[test]
fn version_is_that_of_luago() {
    assert_eq!(
        luago().arg("--version").run().out(),
        format!("luago-run {}\n", env!("CARGO_PKG_VERSION"))
    );
}

/// The arguments are a usage error whose message has all these parts.
#[track_caller]
fn refused(args: &[&str], parts: &[&str]) {
    let ran = luago().args(args).run();
    let said = ran.failed(2);
    assert_eq!(ran.stdout, "");
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    refused(&["--tiemout", "1s"], &["--tiemout", "--timeout", "--help"]);
}

#[test]
fn an_unknown_version_is_a_usage_error_that_names_the_versions() {
    refused(&["--lua", "5.6"], &["5.6", "5.1, 5.2, 5.3, 5.4 and 5.5"]);
}

#[test]
fn a_duration_without_a_unit_is_a_usage_error_that_names_units() {
    refused(&["--timeout", "5", "x.lua"], &["--timeout", "5", "unit"]);
}

#[test]
fn a_size_that_is_none_is_a_usage_error() {
    refused(&["--memory", "lots", "x.lua"], &["--memory", "lots"]);
    refused(&["--max-output", "-1", "x.lua"], &["-1"]);
}

#[test]
fn a_deadline_of_zero_is_a_usage_error() {
    refused(&["--timeout", "0s", "-e", ""], &["a deadline of zero leaves no time to run"]);
}

#[test]
fn every_setting_that_cannot_work_is_named_at_once() {
    refused(&["--timeout", "0s", "--memory", "1B", "-e", ""], &["a deadline of zero", "too small"]);
}

#[test]
fn a_deadline_of_a_deterministic_run_is_a_usage_error_that_names_fuel() {
    refused(
        &["--deterministic", "--timeout", "1s", "-e", ""],
        &["deterministic", "limit the fuel instead"],
    );
}

#[test]
fn a_script_that_is_not_there_is_a_usage_error() {
    refused(&["nowhere.lua"], &["luago-run: cannot open nowhere.lua", "No such file or directory"]);
}

#[test]
fn a_directory_that_is_not_there_is_a_usage_error() {
    refused(&["--dir", "/nowhere", "-e", ""], &["--dir /nowhere", "there is no directory"]);
}

#[test]
fn a_directory_without_a_name_is_a_usage_error_that_shows_the_form() {
    refused(&["--dir", ":x", "-e", ""], &["HOST[:GUEST][:ro|rw]"]);
    refused(&["--dir", ".:a:b", "-e", ""], &["only ro or rw can follow"]);
}

#[test]
fn a_variable_that_is_not_there_is_a_usage_error_that_shows_how_to_set_it() {
    refused(&["--env", "NOWHERE", "-e", ""], &["--env NOWHERE", "--env NOWHERE=VALUE"]);
}

#[test]
fn an_option_without_its_value_is_a_usage_error() {
    refused(&["-e"], &["-e <CODE>", "--help"]);
}

#[test]
fn dir_can_rename_and_be_repeated() {
    let one = tempfile::tempdir().unwrap();
    let two = tempfile::tempdir().unwrap();
    fs::write(one.path().join("a"), "in one").unwrap();
    fs::write(two.path().join("a"), "in two").unwrap();
    for lua in ALL {
        let ran = command::lua(lua)
            .dir(one.path(), ":first")
            .dir(two.path(), ":/second:ro")
            .exec("print(io.open('first/a'):read('*a'), io.open('/second/a'):read('*a'))")
            .run();
        assert_eq!(ran.out(), "in one\tin two\n", "{lua}");
    }
}

#[test]
fn dir_keeps_the_name_of_the_host() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/a"), "text").unwrap();
    for name in ["data", "./data", "data/"] {
        let ran = luago()
            .in_folder(folder.path())
            .args(["--dir", name])
            .exec("print(io.open('data/a'):read('*a'))")
            .run();
        assert_eq!(ran.out(), "text\n", "{name}");
    }
    let ran = luago()
        .in_folder(folder.path())
        .args(["--dir", "."])
        .exec("print(io.open('data/a'):read('*a'), io.open('./data/a'):read('*a'))")
        .run();
    assert_eq!(ran.out(), "text\ttext\n");
}

#[test]
fn the_last_value_of_a_variable_counts() {
    let ran = lua("5.4").args(["--env", "A=1", "--env", "A=2"]).exec("print(os.getenv('A'))").run();
    assert_eq!(ran.out(), "2\n");
}

#[cfg(unix)]
#[test]
fn a_program_is_read_as_far_as_there_is_memory_for_it() {
    let endless = || std::fs::File::open("/dev/zero").unwrap();
    for (args, code, why) in [
        (
            &["-"][..],
            122,
            "standard input: it has more than 8.0 MiB, half of the memory limit; --memory",
        ),
        (
            &["/dev/zero"],
            122,
            "cannot open /dev/zero: it has more than 8.0 MiB, half of the memory limit",
        ),
        (&["-i"], 2, "luago-run: a line has more than 1.0 MiB\n"),
        (&["--inspect", "/dev/zero"], 2, "a module can have 128.0 MiB, and it has more"),
    ] {
        let cli = match args[0] {
            "--inspect" => command::luago(),
            _ => command::luago().args(["--memory", "16MiB"]),
        };
        let output = cli.args(args).into_command().stdin(endless()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
        assert!(stderr.contains(why), "{args:?}: {stderr}");
    }
}
