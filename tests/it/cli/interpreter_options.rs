//! Options of the interpreter `lua`, in each version as it has them.

use luago_test_support::command::{self, luago, script};
use luago_test_support::versions::number;
use std::fs;

for_each_version! {
    fn capital_w_turns_warnings_on_where_there_are_any(lua) {
        if number(lua) < 54 {
            let ran = command::lua(lua).args(["-W", "-e", "print(1)"]).run();
            let said = ran.failed(2);
            assert_eq!(said, format!("luago-run: -W: Lua {lua} has no warnings; --lua 5.4 and --lua 5.5 have them\n"));
            assert_eq!(ran.stdout, "");
            return;
        }
        let warned = |args: &[&str]| {
            let ran = command::lua(lua).args(args).run();
            assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:#?}");
            ran.stderr
        };
        assert_eq!(warned(&["-e", "warn('x')"]), "");
        assert_eq!(warned(&["-W", "-e", "warn('x', 'y')"]), "Lua warning: xy\n");
        assert_eq!(warned(&["-e", "warn('@on') warn('x')"]), "Lua warning: x\n");
        assert_eq!(warned(&["-W", "-e", "warn('@off') warn('x')"]), "");
        // In its place among the others.
        assert_eq!(warned(&["-e", "warn('early')", "-W", "-e", "warn('late')"]), "Lua warning: late\n");
    }

    fn capital_e_ignores_granted_variables_where_it_is_known(lua) {
        let init = "LUA_INIT=print('init')";
        let code = "print(package.path == 'mine', os.getenv('LUA_INIT') ~= nil)";
        let args = ["--env", init, "--env", "LUA_PATH=mine", "-e", code];
        let without = command::lua(lua).args(args).run();
        assert_eq!(without.out(), "init\ntrue\ttrue\n");
        let with = command::lua(lua).arg("-E").args(args).run();
        if number(lua) < 52 {
            assert!(with.failed(2).starts_with("luago-run: -E: Lua 5.1 has no such option; "), "{with:#?}");
        } else {
            assert_eq!(with.out(), "false\ttrue\n");
        }
    }

    fn the_init_variable_of_the_version_comes_before_the_one_of_all(lua) {
        let own = format!("LUA_INIT_{}", lua.replace('.', "_"));
        let ran = command::lua(lua)
            .args(["--env", "LUA_INIT=error('all')", "--env", &format!("{own}=error('own')"), "-e", ""])
            .run();
        let (name, text) = if number(lua) < 52 { ("LUA_INIT", "all") } else { (&*own, "own") };
        assert!(ran.failed(1).starts_with(&format!("luago-run: {name}:1: {text}\n")), "{ran:#?}");
    }

    fn code_of_e_starts_with_a_hyphen_in_5_1_only(lua) {
        let ran = command::lua(lua).args(["-e", "--print(1)\nprint(2)"]).run();
        if number(lua) < 52 {
            assert_eq!(ran.out(), "2\n");
        } else {
            assert!(ran.failed(2).contains("'-e' needs code"), "{ran:#?}");
        }
        assert_eq!(command::lua(lua).args(["-e-", "-e", ""]).run().code, if number(lua) < 52 { 1 } else { 2 });
    }

    fn code_can_stand_right_behind_e_and_l(lua) {
        let file = script("");
        fs::write(file.folder.path().join("m.lua"), "print('m')").unwrap();
        let ran = command::lua(lua).in_folder(file.folder.path()).args(["-lm", "-eprint(1)"]).run();
        assert_eq!(ran.out(), "m\n1\n");
    }

    fn a_module_alone_leaves_standard_input_as_the_script(lua) {
        let file = script("");
        fs::write(file.folder.path().join("m.lua"), "print('m')").unwrap();
        let ran = command::lua(lua).in_folder(file.folder.path()).args(["-l", "m"]).stdin("print('in')").run();
        assert_eq!(ran.out(), "m\nin\n");
    }

    fn two_hyphens_end_the_options(lua) {
        let file = script("print(arg[0], ...)");
        let run = |args: &[&str]| {
            command::lua(lua).in_folder(file.folder.path()).args(args).run().out().to_string()
        };
        assert_eq!(run(&["--", "script.lua", "-v"]), "script.lua\t-v\n");
        assert_eq!(run(&["script.lua", "--", "-v"]), "script.lua\t--\t-v\n");
    }

    fn arg_is_set_before_the_script_and_from_5_3_on_before_the_code(lua) {
        let file = script("print(arg[0], arg[1])");
        let ran = command::lua(lua)
            .in_folder(file.folder.path())
            .args(["-e", "print(arg ~= nil)", "script.lua", "x"])
            .run();
        assert_eq!(ran.out(), format!("{}\nscript.lua\tx\n", number(lua) >= 53));
    }
}

#[test]
fn a_size_that_is_none_is_refused_in_plain_words() {
    for option in ["--memory", "--segments", "--max-output", "--value-bytes", "--host-bytes"] {
        let ran = luago().args([option, "lots", "-e", ""]).run();
        let said = ran.failed(2);
        assert!(
            said.contains(&format!(
                "invalid value 'lots' for '{option} <SIZE>': it is no size; write one as 64MiB"
            )),
            "{said}"
        );
        assert!(!said.contains("ByteSize"), "{said}");
    }
}

#[test]
fn a_depth_of_values_that_cannot_be_is_refused() {
    for depth in ["0", "201"] {
        let ran = luago().args(["--value-depth", depth]).exec("").run();
        let expected = format!("a limit of {depth} levels of tables is not between 1 and 200");
        assert!(ran.failed(2).contains(&expected), "{ran:#?}");
    }
}
