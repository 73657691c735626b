//! Scripts that must do the same natively and in the sandbox.

use luago_test_support::command::{Ran, lua};
use luago_test_support::oracle::oracle;
use luago_test_support::versions::{Lua, number};
use std::path::Path;

/// Runs a script of the folder `scripts` both ways and compares what can be seen.
#[track_caller]
fn same(version: Lua, name: &str) {
    same_with(version, name, false);
}

#[track_caller]
fn same_with(version: Lua, name: &str, backtraces: bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
    let native = oracle(version).in_folder(&folder).args([name, "one", "two"]).run();
    let mut cli = lua(version).in_folder(&folder).args(["--memory", "1GiB", name, "one", "two"]);
    if backtraces {
        cli = cli.env("RUST_BACKTRACE", "1");
    }
    let ran = cli.run();
    assert_eq!(
        native.code,
        0,
        "the oracle for Lua {version}: {}{}",
        tail(&native.stdout),
        native.stderr
    );
    let (native, ran) = (without_order(version, native), without_order(version, ran));
    let expected = Ran { stderr: native.stderr.replacen("lua: ", "luago-run: ", 1), ..native };
    if ran != expected {
        let lines = expected.stdout.lines().zip(ran.stdout.lines()).enumerate();
        let different: Vec<String> = lines
            .filter(|(_, (native, ours))| native != ours)
            .take(20)
            .map(|(at, (native, ours))| {
                format!("line {}:\n  native  {native}\n  luago   {ours}", at + 1)
            })
            .collect();
        panic!(
            "{name} in Lua {version}: exit code {} and {}; {} lines and {}\n{}\nstderr native {:?}\nstderr luago  {:?}",
            expected.code,
            ran.code,
            expected.stdout.lines().count(),
            ran.stdout.lines().count(),
            different.join("\n"),
            expected.stderr,
            ran.stderr,
        );
    }
}

/// 5.2 looks a function's name up in a table whose order is random, in which
/// `_G.print` can come before `print`.
fn without_order(version: Lua, ran: Ran) -> Ran {
    if version == "5.2" { Ran { stdout: ran.stdout.replace("'_G.", "'"), ..ran } } else { ran }
}

fn tail(text: &str) -> &str {
    let mut at = text.len().saturating_sub(500);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    &text[at..]
}

for_each_version! {
    fn two_million_yields_are_the_same(lua) { same(lua, "yields.lua"); }
    fn two_million_yields_are_the_same_with_backtraces(lua) { same_with(lua, "yields.lua", true); }
    fn a_hundred_thousand_errors_are_the_same(lua) { same(lua, "errors.lua"); }
    fn a_hundred_thousand_errors_are_the_same_with_backtraces(lua) { same_with(lua, "errors.lua", true); }
    fn sorting_is_the_same(lua) { same(lua, "sorting.lua"); }
    fn a_string_of_a_hundred_megabytes_is_the_same(lua) { same(lua, "large_string.lua"); }
    fn coroutines_are_the_same(lua) { same(lua, "coroutines.lua"); }
    fn coroutines_are_the_same_with_backtraces(lua) { same_with(lua, "coroutines.lua", true); }
    fn errors_and_tracebacks_are_the_same(lua) { same(lua, "tracebacks.lua"); }
    fn numbers_are_the_same(lua) { same(lua, "numbers.lua"); }
    fn strings_and_tables_and_dates_are_the_same(lua) { same(lua, "strings.lua"); }
    fn loading_and_libraries_are_the_same(lua) { same(lua, "loading.lua"); }
    fn a_program_is_the_same(lua) { same(lua, "program.lua"); }
}

for_versions! {
    [lua_5_3 "5.3", lua_5_4 "5.4", lua_5_5 "5.5"]

    fn integers_and_packing_are_the_same(lua) {
        assert!(number(lua) >= 53);
        same(lua, "integers.lua");
    }
}
