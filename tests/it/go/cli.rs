//! Go guests on the command line.

use super::guests::{build, fixtures_file};
use luago_test_support::command::{Cli, lua, luago};
use std::time::{Duration, Instant};

/// `--go fixtures=FILE` with options.
fn with(options: &str) -> Cli {
    luago().arg("--go").arg(format!("fixtures={}{options}", fixtures_file().display()))
}

for_each_version! {
    fn a_script_requires_a_guest_by_its_name(lua_version) {
        let ran = lua(lua_version)
            .arg("--go")
            .arg(format!("fixtures={}", fixtures_file().display()))
            .exec("local fixtures = require 'fixtures' print(fixtures.add(40, 2)) fixtures.print 'from Go' print 'end'")
            .run();
        assert_eq!(ran.out(), "42\nfrom Go\nend\n");
    }
}

#[test]
fn options_grant_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("given"), "given").unwrap();
    let dir = format!(",dir={}:/maps:ro,env=STAGE=test,env=FROM_HERE", folder.path().display());
    let ran = with(&dir)
        .env("FROM_HERE", "passed on")
        .exec("local a = require 'fixtures' print(a.read '/maps/given', a.getenv 'STAGE', a.getenv 'FROM_HERE')")
        .run();
    assert_eq!(ran.out(), "given\ttest\tpassed on\n");

    let code = "function twice(n) return 2 * n end print(require('fixtures').call('twice', 4)[1])";
    assert_eq!(with(",call=twice").exec(code).run().out(), "8\n");
    let ran = with("").exec(code).run();
    assert!(ran.failed(1).contains("was not granted the function 'twice'"), "{ran:?}");

    let fatal = "local a = require 'fixtures' print(pcall(a.exit, 3)) print(a.count_up())";
    let ran = with(",restart=on-failure").exec(fatal).run();
    assert!(ran.out().ends_with("\n1\n"), "{ran:?}");
    let ran = with(",restart=never").exec(fatal).run();
    assert!(ran.failed(1).contains("grant it a restart on failure"), "{ran:?}");

    let ran = with(",memory=16MiB").exec("require('fixtures').hoard()").run();
    assert!(ran.failed(1).contains("its limit is 16777216 bytes"), "{ran:?}");
    let ran = with(",busy=50ms").exec("require('fixtures').spin()").run();
    assert!(ran.failed(1).contains("it computed for more than the 50ms"), "{ran:?}");
    let ran = with(",output=1KiB").exec("require('fixtures').flood(1)").run();
    assert!(ran.failed(1).contains("it may write 1024 bytes"), "{ran:?}");
    let ran = with(",workers=2,grace=10ms")
        .exec("local l, a = require 'luago', require 'fixtures' print(l.all(l.spawn(a.quick, 1), l.spawn(a.quick, 2)))")
        .run();
    assert_eq!(ran.out(), "1\t2\n");
}

#[test]
fn values_that_pass_are_as_large_as_the_options_say() {
    let echo = |args: &[&str], value: &str| {
        let code = format!("print(select('#', require('fixtures').echo({value})))");
        with("").args(args).exec(&code).run()
    };
    for (option, least, value, limit) in [
        ("--value-depth", "3", "{{{}}}", "value_depth"),
        // More than the names of the guest's functions.
        (
            "--value-elements",
            "1000",
            "(function() local t = {} for i = 1, 999 do t[i] = i end return t end)()",
            "value_elements",
        ),
        ("--value-bytes", "10000", "('x'):rep(10000)", "value_bytes"),
    ] {
        assert_eq!(echo(&[option, least], value).out(), "1\n", "{option}");
        let less = (least.parse::<u32>().unwrap() - 1).to_string();
        let ran = echo(&[option, &less], value);
        assert!(ran.failed(1).contains(&format!("(limit {limit})")), "{option}: {ran:?}");
    }
}

#[test]
fn an_error_of_go_that_nobody_catches_is_1() {
    let ran = with("").exec("require('fixtures').fail 'Rome'").run();
    assert!(ran.failed(1).contains("cannot find Rome: map is bad: no such place"), "{ran:?}");
    let ran = with("").exec("require('fixtures').panic 'on purpose'").run();
    let text = ran.failed(1);
    assert!(text.contains("on purpose") && text.contains("faults.go"), "{text}");
    let ran = with("").exec("require('fixtures').exit(7)").run();
    assert!(
        ran.failed(1).contains("the Go guest 'fixtures' ended itself with os.Exit(7)"),
        "{ran:?}"
    );
}

#[test]
fn what_is_wrong_with_a_guest_is_said_before_the_script_runs() {
    for (argument, expected) in [
        ("fixtures".to_string(), "a Go guest is given as NAME=FILE"),
        ("fixtures=/no/such/file.wasm".to_string(), "cannot be read"),
        (format!("fixtures={}", file!()), "--go fixtures="),
        (format!("fixtures={}", build("without_sdk").display()), "exports no luago_abi_1"),
        (format!("fixtures={}", build("foreign_import").display()), "imports env.launch"),
        (format!("fixtures={},memory=lots", fixtures_file().display()), "memory=lots is no size"),
        (
            format!("fixtures={},colour=red", fixtures_file().display()),
            "there is no option 'colour'",
        ),
        (
            format!("fixtures={},workers=1000", fixtures_file().display()),
            "1000 workers are too many",
        ),
        (format!("fixtures={},dir=/no/such:/d:ro", fixtures_file().display()), "/no/such"),
        (format!("luago={}", fixtures_file().display()), "cannot be named 'luago'"),
    ] {
        let ran = luago().arg("--go").arg(&argument).exec("print 'ran' require 'fixtures'").run();
        assert_ne!(ran.code, 0, "{argument}: {ran:?}");
        assert!(ran.stderr.contains(expected), "{argument}: {ran:?}");
    }
}

#[test]
fn a_timeout_while_go_computes_is_124() {
    for code in ["spin()", "spin_directly()", "spin_politely()", "nap(1, 60000)"] {
        let start = Instant::now();
        let ran = with("")
            .args(["--timeout", "200ms"])
            .exec(&format!(
                "pcall(function() require('fixtures').{code} end) require('fixtures').{code}"
            ))
            .run();
        assert_eq!(ran.code, 124, "{code}: {ran:?}");
        assert!(start.elapsed() < Duration::from_secs(20), "{code}: {:?}", start.elapsed());
    }
}

#[test]
fn a_trace_of_go_and_lua_keeps_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace.jsonl");
    let ran = with("")
        .arg("--trace")
        .arg(&file)
        .exec("local l, a = require 'luago', require 'fixtures' l.all(l.spawn(a.nap, 1, 5), l.spawn(a.quick, 2)) pcall(a.exit, 1)")
        .run();
    ran.out();
    let mut checker = luago::TraceChecker::new();
    let text = std::fs::read_to_string(&file).unwrap();
    let events = serde_json::Deserializer::from_str(&text).into_iter::<luago::BridgeEvent>();
    for event in events {
        checker.feed(&event.unwrap()).unwrap();
    }
    checker.finish().unwrap();
    assert!(text.contains(r#""guest":"fixtures""#) && text.contains(r#""name":"nap""#), "{text}");
}
