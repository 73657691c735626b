//! `luago-harness matrix`

use crate::cli::{folder, only_cell, verdicts};
use luago_harness::report::{Field, Verdict};

const DIFFERENT: &str =
    "-- lua: 5.4\nlocal n = 1\nprint(n)\nprint(#tostring(print))\nerror('end')\n";

#[test]
fn scripts_that_do_the_same_are_as_expected() {
    let folder = folder(&[
        ("hello.lua", "print('hello', ...)"),
        ("deep/er/sum.lua", "-- lua: 5.3-5.4\nprint(1 // 1)"),
        ("notes.txt", "not a script"),
    ]);
    let (ran, report) = folder.report("matrix . --lua 5.1 --lua 5.4");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("3 comparisons as expected"), "{}", ran.stdout);
    let (v51, v54) = ("native:5.1=sandbox:5.1", "native:5.4=sandbox:5.4");
    assert_eq!(
        verdicts(&report),
        [
            ("deep/er/sum", v54, Verdict::Same),
            ("hello", v51, Verdict::Same),
            ("hello", v54, Verdict::Same)
        ]
    );
}

#[test]
fn a_difference_shows_both_sides_and_the_command_that_repeats_it() {
    let folder = folder(&[("size.lua", DIFFERENT)]);
    let (ran, report) = folder.report("matrix size.lua");
    assert_eq!(ran.code, 1);
    let cell = only_cell(&report);
    let found = cell.found.as_ref().unwrap();
    assert_eq!((cell.verdict, &found.fields[..]), (Verdict::Different, &[Field::Stdout][..]));
    assert_eq!(found.reference.stdout.lines().next(), Some("1"));
    assert_ne!(found.reference.stdout, found.subject.stdout);
    assert_eq!(found.script, DIFFERENT);
    assert!(found.subject.stderr.starts_with("lua: size.lua:5: end\nstack traceback:\n"));
    assert!(ran.stdout.contains(&found.repeat), "{}", ran.stdout);

    let words = found.repeat.strip_prefix("luago-harness ").unwrap().replace('\'', "");
    let (again, report) = folder.report(&words);
    assert_eq!(again.code, 1);
    assert_eq!(only_cell(&report).found.as_ref().unwrap().subject, found.subject);
}

#[test]
fn the_command_that_repeats_has_the_options_that_matter() {
    let folder = folder(&[("size.lua", DIFFERENT), ("none.toml", "")]);
    let more = "--varies order --expectations none.toml --timeout 3s --memory 64MiB";
    let (_, report) = folder.report(&format!("matrix size.lua {more}"));
    let repeat = &only_cell(&report).found.as_ref().unwrap().repeat;
    let options = "--varies order --expectations none.toml --timeout 3s --memory 67108864";
    assert!(repeat.contains(options), "{repeat}");
    let words = repeat.strip_prefix("luago-harness ").unwrap().replace('\'', "");
    assert_eq!(folder.harness(&words).code, 1);
}

#[test]
fn a_known_difference_is_expected_and_an_unexpected_pass_is_not() {
    let folder = folder(&[("size.lua", DIFFERENT), ("same.lua", "-- lua: 5.4\nprint(1)")]);
    let known = |case: &str| {
        format!("[[difference]]\ncases = ['{case}']\nfields = ['stdout']\nreason = 'of size'\n")
    };
    folder.write("known.toml", &known("size"));
    let (ran, report) = folder.report("matrix . --expectations known.toml");
    assert_eq!(ran.code, 0, "{ran:#?}");
    let pair = "native:5.4=sandbox:5.4";
    assert_eq!(verdicts(&report), [("same", pair, Verdict::Same), ("size", pair, Verdict::Known)]);

    folder.write("known.toml", &known("s*"));
    let (ran, report) = folder.report("matrix . --expectations known.toml");
    assert_eq!(ran.code, 1);
    assert_eq!(verdicts(&report)[0].2, Verdict::UnexpectedPass);
    assert!(ran.stdout.contains("same: unexpected pass\n  expected to differ: of size"));
}

#[test]
fn what_varies_is_declared_and_the_rest_is_still_compared() {
    let folder = folder(&[
        (
            "order.lua",
            "-- lua: 5.4\n-- varies: order\nfor k in pairs{a=1,b=1,c=1,d=1} do print(k) end",
        ),
        ("clock.lua", "-- lua: 5.4\n-- varies: clock\nprint(os.time(), os.date())"),
        ("memory.lua", "-- lua: 5.4\nprint(collectgarbage('count'))"),
        (
            "other.lua",
            "-- lua: 5.4\n-- varies: memory\nprint(collectgarbage('count'), #tostring(print) < 16)",
        ),
    ]);
    let (_, report) = folder.report("matrix .");
    let found: Vec<_> = verdicts(&report).iter().map(|(id, _, verdict)| (*id, *verdict)).collect();
    assert_eq!(
        found,
        [
            ("clock", Verdict::Same),
            ("memory", Verdict::Different),
            ("order", Verdict::Same),
            ("other", Verdict::Different),
        ]
    );
    let (_, report) = folder.report("matrix memory.lua --varies memory");
    assert_eq!(only_cell(&report).verdict, Verdict::Same);
}

#[test]
fn values_that_a_script_returns_are_compared_if_it_says_so() {
    let script = "-- lua: 5.1-5.5\n-- results: yes\n-- args: x y\nreturn 1, 'two\\n', {3, {a = true}}, nil, ...";
    let folder = folder(&[
        ("returns.lua", script),
        ("no.lua", "-- lua: 5.4\nreturn #tostring(print)"),
        ("yes.lua", "-- lua: 5.4\n-- results: yes\nreturn #tostring(print)"),
    ]);
    let (_, report) = folder.report("matrix . --lua 5.1 --lua 5.2 --lua 5.3 --lua 5.4 --lua 5.5");
    for (id, _, verdict) in verdicts(&report) {
        let expected = if id == "yes" { Verdict::Different } else { Verdict::Same };
        assert_eq!(verdict, expected, "{id}");
    }
    let cells = report.matrix.as_ref().unwrap().cells();
    let (_, cell) = cells.into_iter().find(|(id, _)| *id == "yes").unwrap();
    let stdout = &cell.found.as_ref().unwrap().reference.stdout;
    assert!(stdout.starts_with("result 1: integer "), "{stdout}");
}

#[test]
fn scripts_find_the_modules_beside_them() {
    let folder = folder(&[
        ("main.lua", "-- lua: 5.1-5.5\nprint(require('helper'))"),
        ("helper.lua", "return 'help'"),
    ]);
    let (ran, _) = folder.report("matrix main.lua --lua 5.1 --lua 5.5 --lua luajit");
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn a_crash_of_native_lua_is_an_observation() {
    // Lua 5.1 follows a null pointer here.
    let script = "-- lua: 5.1\nprint(pcall(debug.getinfo, 1, '>S'))";
    let folder = folder(&[("crash.lua", script), ("after.lua", "-- lua: 5.1\nprint(1)")]);
    let (ran, report) = folder.report("matrix . --lua 5.1 --threads 1");
    assert_eq!(ran.code, 1);
    let matrix = report.matrix.as_ref().unwrap();
    let found = matrix.cases[1].cells[0].found.as_ref().unwrap();
    assert_eq!(found.reference.end, "signal 11");
    assert!(found.subject.end.starts_with("exit code"), "{}", found.subject.end);
    assert_eq!(verdicts(&report)[0].2, Verdict::Same);
}

#[test]
fn each_run_has_its_bounds() {
    let folder = folder(&[
        ("time.lua", "while true do end"),
        ("memory.lua", "local t = {} while true do t[#t + 1] = ('x'):rep(1e6) .. #t end"),
        ("output.lua", "while true do io.write(('x'):rep(1e6)) end"),
        ("exit.lua", "os.exit(7)"),
    ]);
    let (ran, report) = folder.report("matrix . --lua 5.4 --lua 5.1 --timeout 2s --memory 64MiB");
    assert_eq!(ran.code, 0, "{ran:#?}");
    for (id, pair, verdict) in verdicts(&report) {
        let expected = if id == "exit" { Verdict::Same } else { Verdict::Undecided };
        assert_eq!(verdict, expected, "{id} {pair}");
    }
}

#[test]
fn generated_programs_follow_from_their_seed() {
    let folder = folder(&[]);
    let show = |name: &str| {
        let ran = folder.harness(&format!("show {name}"));
        assert_eq!(ran.code, 0, "{ran:#?}");
        ran.stdout
    };
    assert_eq!(show("generated/5.4/7/3"), show("generated/5.4/7/3"));
    assert_ne!(show("generated/5.4/7/3"), show("generated/5.4/8/3"));
    assert_ne!(show("generated/5.4/7/3"), show("generated/5.4/7/4"));
    let (ran, report) = folder.report("matrix --case generated/5.4/7/3");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert_eq!(only_cell(&report).pair, "native:5.4=sandbox:5.4");
}

#[test]
fn shards_are_the_whole_and_merge_puts_them_together() {
    let names: Vec<String> = (0..7).map(|n| format!("{n}.lua")).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), "-- lua: 5.4\nprint(1)")).collect();
    let folder = folder(&files);
    let words = "matrix . --lua 5.4 --generated 11 --seed 5";
    let (_, whole) = folder.report(words);
    for shard in 1..=3 {
        let ran = folder.harness(&format!("{words} --shard {shard}/3 --json {shard}.json"));
        assert_eq!(ran.code, 0, "{ran:#?}");
    }
    let (ran, merged) = folder.report("merge 3.json 1.json 2.json");
    assert_eq!(ran.code, 0);
    assert_eq!(verdicts(&merged), verdicts(&whole));
    let programs = |report: &luago_harness::report::Report| {
        report.matrix.as_ref().unwrap().generated[0].programs
    };
    assert_eq!((programs(&merged), programs(&whole)), (11, 11));
    assert!(merged.shard.is_none());

    folder.harness("merge 1.json 2.json").refused(2, "not all of one run, each once: 1/3, 2/3");
    folder.harness("merge 1.json 1.json 2.json").refused(2, "a case is in two of the reports");
    folder.harness("merge report.json").refused(2, "is not of a shard");
}

#[test]
fn another_build_of_the_interpreters_can_be_compared() {
    let folder = folder(&[("hello.lua", "print(1)"), ("guests/lua54.wasm", "(module)")]);
    let ran = folder.harness("matrix hello.lua --lua 5.4 --guests guests");
    ran.refused(3, "guest");
    let (ran, _) = folder.report("matrix hello.lua --lua 5.3 --guests guests");
    assert_eq!(ran.code, 0, "there is no other build of 5.3");
}

#[test]
fn a_command_line_that_cannot_work_says_why() {
    let folder =
        folder(&[("bad.lua", "-- lua: 5.9\n"), ("empty/x.txt", ""), ("x.toml", "[[diff]]")]);
    for (words, message) in [
        ("matrix missing.lua", "cannot read missing.lua"),
        ("matrix empty", "there is no .lua file under empty"),
        ("matrix bad.lua", "no Lua is called \"5.9\""),
        ("matrix --pair native:5.4", "a pair is REFERENCE=SUBJECT"),
        ("matrix --pair native:5.4=sandbox:luajit", "the sandbox runs 5.1 to 5.5"),
        ("matrix --pair native:6.0=sandbox:5.1", "no Lua is called \"6.0\""),
        ("matrix --shard 3/2", "from 1/N to N/N"),
        ("matrix --case no-such-case", "no case matches no-such-case"),
        ("matrix --case generated/5.4/x", "names no generated program"),
        ("matrix --case generated/luajit/1/1", "programs are generated for 5.1 to 5.5"),
        ("matrix --varies sizes", "\"sizes\" cannot vary"),
        ("matrix --expectations x.toml", "unknown field `diff`"),
        ("matrix --guests nowhere", "nowhere is not a folder"),
        ("matrix --no-cases", "there is nothing to compare"),
        ("show nothing", "no case is called \"nothing\""),
        ("merge missing.json", "cannot read missing.json"),
        ("sing", "unrecognized subcommand"),
    ] {
        let ran = folder.harness(words);
        ran.refused(2, message);
        assert_eq!(ran.stdout, "", "{words}");
    }
}
