//! `-i` with lines from a pipe.

use luago_test_support::command::{self, lua, luago, script};
use luago_test_support::versions::number;

for_each_version! {
    fn i_prints_results_and_goes_on_after_errors(lua) {
        let ran = command::lua(lua)
            .arg("-i")
            .stdin("= 1 + 1\nx = 5\nreturn x, 'y'\nprint('printed')\nerror('oops')\nx = = 2\nreturn x * 2\n")
            .run();
        assert_eq!(ran.code, 0, "{ran:#?}");
        let version = if lua == "5.1" { &ran.stderr } else { &ran.stdout };
        assert!(version.starts_with(&format!("Lua {lua}.")), "{ran:#?}");
        for line in ["5\ty", "printed", "10"] {
            assert!(ran.stdout.lines().any(|l| l.trim_start_matches("> ") == line), "{line}: {ran:#?}");
        }
        assert!(ran.stderr.contains("luago-run: stdin:1: oops\nstack traceback:\n"), "{ran:#?}");
        assert!(ran.stderr.contains("luago-run: stdin:1: unexpected symbol near '='"), "{ran:#?}");
    }

    fn i_prints_what_comes_after_an_equals_sign_up_to_5_4(lua) {
        let ran = command::lua(lua).arg("-i").stdin("=40 + 2\n= 1 +\n40\n").run();
        let has = |line: &str| ran.stdout.lines().any(|l| l.trim_start_matches(['>', ' ']) == line);
        if number(lua) < 55 {
            assert!(has("42") && has("41"), "{ran:#?}");
        } else {
            assert!(ran.stderr.contains("stdin:1: unexpected symbol near '='"), "{ran:#?}");
        }
    }

    fn i_shows_prompts_as_the_script_sets_them(lua) {
        let ran = command::lua(lua)
            .arg("-i")
            .stdin("for i = 1, 1 do\nend\n_PROMPT = 'first '\n_PROMPT2 = 2\nfor i = 1, 1 do\nend\n_PROMPT = setmetatable({}, {__tostring = function() return 'object ' end})\n")
            .run();
        // 5.1 says what it is on standard error.
        let shown = if lua == "5.1" { &ran.stdout } else { ran.out().split_once('\n').unwrap().1 };
        let last = if number(lua) >= 54 { "object " } else { "> " };
        assert_eq!(shown, format!("> >> > first first 2first {last}\n"));
    }

    fn i_waits_for_the_rest_of_a_statement(lua) {
        let ran = command::lua(lua)
            .arg("-i")
            .stdin("for i = 1, 2 do\nprint('line', i)\nend\nfunction f(a)\nreturn a + 1\nend\nprint(f(41))\nlocal s = [[a\nb]] print(s)\n")
            .run();
        assert!(ran.code == 0 && !ran.stderr.contains("stdin:"), "{ran:#?}");
        for part in ["line\t1\nline\t2\n", "42\n", "a\nb\n"] {
            assert!(ran.stdout.contains(part), "{part}: {ran:#?}");
        }
    }

    fn i_comes_after_the_script_and_sees_its_globals(lua) {
        let file = script("x = 'from the script'");
        let ran = command::lua(lua).arg("-i").arg(&file.path).stdin("print(x)\n").run();
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(ran.stdout.contains("from the script\n"), "{ran:#?}");
    }

    fn i_goes_on_after_a_script_that_failed(lua) {
        let file = script("x = 1 error('in the script')");
        let ran = command::lua(lua).arg("-i").arg(&file.path).stdin("print('x is', x)\n").run();
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(ran.stderr.contains("in the script\nstack traceback:\n"), "{ran:#?}");
        assert!(ran.stdout.contains("x is\t1\n"), "{ran:#?}");
    }

    fn i_ends_with_the_code_of_os_exit(lua) {
        let ran = command::lua(lua).arg("-i").stdin("os.exit(9)\nprint('not reached')\n").run();
        assert_eq!(ran.code, 9, "{ran:#?}");
        assert!(!ran.stdout.contains("not reached"), "{ran:#?}");
    }

    fn i_ends_when_a_limit_is_reached(lua) {
        let ran = command::lua(lua)
            .args(["-i", "--timeout", "400ms"])
            .stdin("while true do end\nprint('not reached')\n")
            .run();
        assert!(ran.failed(124).contains("the deadline of 400ms passed"), "{ran:#?}");
        assert!(!ran.stdout.contains("not reached"), "{ran:#?}");
    }

    fn i_goes_on_when_memory_ran_out(lua) {
        let ran = command::lua(lua)
            .args(["-i", "--memory", "16MiB"])
            .stdin("s = ('x'):rep(100000000)\nprint('went', 'on')\n")
            .run();
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(ran.stderr.contains("not enough memory"), "{ran:#?}");
        assert!(ran.stdout.contains("went\ton\n"), "{ran:#?}");
    }

    fn i_runs_finalizers_at_the_end(lua) {
        let ran = command::lua(lua)
            .arg("-i")
            .stdin("x = newproxy and newproxy(true) or setmetatable({}, {__gc = function() print('closed') end})\nif newproxy then getmetatable(x).__gc = function() print('closed') end end\n")
            .run();
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(ran.stdout.ends_with("closed\n"), "{ran:#?}");
    }
}

#[test]
fn locals_last_one_line() {
    let ran = lua("5.4").arg("-i").stdin("local a = 1\nprint(a)\n").run();
    assert!(ran.stdout.contains("nil\n"), "{ran:#?}");
}

#[test]
fn code_of_e_comes_before_the_first_line() {
    let ran = luago().arg("-i").exec("x = 'set'").stdin("print(x)\n").run();
    assert!(ran.stdout.contains("set\n"), "{ran:#?}");
}

#[test]
fn a_prompt_that_fails_is_an_error_of_the_script() {
    let code = "_PROMPT = setmetatable({}, {__tostring = function() error('no prompt', 0) end})";
    for lua in ["5.4", "5.5"] {
        let ran = command::lua(lua).arg("-i").exec(code).stdin("print(1)\n").run();
        assert!(ran.failed(1).contains("no prompt"), "{ran:#?}");
    }
}
