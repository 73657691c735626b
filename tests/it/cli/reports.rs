//! Where reports and traces go: nothing runs if they could not be written, and nothing is
//! lost.

use luago_test_support::command::{luago, luago_run, program};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Each option that names a place, and what it writes there.
const OPTIONS: [&str; 3] = ["--report", "--trace", "--trace-html"];

/// Starts a task, so that there is something to trace.
const TASK: &str = "local task = require 'luago'.spawn(function() end) task:await() print('ran')";

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_cannot_be_written_is_said_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("script.lua"), "print('ran')").unwrap();
    for option in OPTIONS {
        for place in ["/nowhere/x", "/", "script.lua/x"] {
            let ran = luago()
                .in_folder(folder.path())
                .args([option, place, "-e", "print('ran')", "script.lua"])
                .run();
            let said = ran.failed(2).to_string();
            assert_eq!(ran.stdout, "", "{option} {place}");
            let what = if option == "--report" { "report" } else { "trace" };
            let expected = format!(
                "luago-run: cannot write the {what} to {place}; give {option} another file: "
            );
            assert!(said.starts_with(&expected), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
        }
    }
    assert_eq!(names(folder.path()), ["script.lua"]);
}

#[test]
fn a_run_that_does_not_start_leaves_what_there_was() {
    let folder = tempfile::tempdir().unwrap();
    for option in OPTIONS {
        fs::write(folder.path().join("old"), "old").unwrap();
        for place in ["old", "new"] {
            let ran = luago().in_folder(folder.path()).args([option, place, "missing.lua"]).run();
            assert!(ran.failed(2).contains("cannot open missing.lua"), "{ran:#?}");
            assert_eq!(names(folder.path()), ["old"], "{option}");
            assert_eq!(fs::read(folder.path().join("old")).unwrap(), b"old", "{option}");
        }
    }
}

#[test]
fn an_old_report_and_page_are_there_until_the_new_ones_are_complete() {
    let folder = tempfile::tempdir().unwrap();
    for option in ["--report", "--trace-html"] {
        let place = folder.path().join("out");
        fs::write(&place, "old").unwrap();
        let mut run = luago()
            .in_folder(folder.path())
            .args([option, "out", "--dir", "."])
            .exec(&format!("{TASK} print('ready') io.flush() io.read()"))
            .start();
        run.wait_for_output("ready");
        assert_eq!(fs::read(&place).unwrap(), b"old", "{option}");
        assert_eq!(names(folder.path()), ["out"], "{option}");
        run.close_stdin();
        run.wait().out();
        let new = fs::read_to_string(&place).unwrap();
        assert!(new.starts_with('{') || new.starts_with("<!"), "{option}: {new}");
        assert_eq!(names(folder.path()), ["out"], "{option}");
    }
}

#[test]
fn a_run_that_is_killed_loses_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("report");
    fs::write(&place, "old").unwrap();
    let code = "print('ready') io.flush() io.read()";
    let mut run = luago().in_folder(folder.path()).args(["--report", "report"]).exec(code).start();
    run.wait_for_output("ready");
    program("kill").args(["-KILL", &run.id().to_string()]).run().out();
    assert_eq!(run.wait().code, 1009);
    assert_eq!(fs::read(&place).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["report"]);
}

#[test]
fn a_fifo_and_standard_output_take_reports_and_traces() {
    let folder = tempfile::tempdir().unwrap();
    program("mkfifo").arg(folder.path().join("fifo")).run().out();
    for option in OPTIONS {
        let line = format!(r#"cat fifo & "$0" {option} fifo -e "$1" >/dev/null; wait"#);
        let shell = |line: &str| {
            program("bash").in_folder(folder.path()).args(["-c", line, luago_run(), TASK]).run()
        };
        let from_fifo = shell(&line);
        let out = from_fifo.out();
        assert!(out.starts_with('{') || out.starts_with("<!"), "{option}: {out}");
        // Where standard output is a file, what was printed stays.
        let ran = shell(&format!(r#""$0" {option} /dev/stdout -e "$1" >out; cat out"#));
        let out = ran.out();
        assert!(out.contains("ran\n") && out.len() > "ran\n".len(), "{option}: {out}");
        let pipe = shell(&format!(r#""$0" {option} /dev/stdout -e "$1" | cat"#));
        assert_eq!(pipe.out().len() > "ran\n".len(), out.contains("ran"), "{option}: {pipe:#?}");
    }
}

#[test]
fn a_link_to_a_report_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    symlink("there", folder.path().join("here")).unwrap();
    let run = || luago().in_folder(folder.path()).args(["--report", "here"]).exec("").run();
    for _ in 0..2 {
        run().out();
        assert_eq!(names(folder.path()), ["here", "there"]);
        let report = fs::read(folder.path().join("there")).unwrap();
        assert!(serde_json::from_slice::<Value>(&report).unwrap().is_object());
    }
    assert!(folder.path().join("here").is_symlink());
}

#[test]
fn a_script_that_moves_the_folder_cannot_lead_a_report_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["granted/sub", "other"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    symlink("../other", folder.path().join("granted/link")).unwrap();
    let ran = luago()
        .in_folder(folder.path())
        .args(["--dir", "granted:rw", "--report", "granted/sub/report"])
        .exec("assert(os.rename('granted/sub', 'granted/moved')) assert(os.rename('granted/link', 'granted/sub'))")
        .run();
    ran.out();
    assert_eq!(names(&folder.path().join("other")), [""; 0]);
    assert_eq!(names(&folder.path().join("granted/moved")), ["report"]);
}

#[test]
fn a_report_without_room_is_said_after_the_run_with_2() {
    let ran = luago().args(["--report", "/dev/full"]).exec("print('ran')").run();
    let said = ran.failed(2);
    assert!(said.starts_with("luago-run: cannot write the report to /dev/full: "), "{said}");
    assert_eq!(ran.stdout, "ran\n");
}

#[test]
fn two_files_that_are_one_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("there"), "").unwrap();
    symlink("there", folder.path().join("link")).unwrap();
    for (first, second) in [
        (["--report", "r"], ["--trace", "r"]),
        (["--report", "r"], ["--trace-html", "./r"]),
        (["--trace", "link"], ["--trace-html", "there"]),
    ] {
        let cli = luago().in_folder(folder.path()).args(first).args(second);
        let ran = cli.exec("print('ran')").run();
        assert_eq!(ran.stdout, "", "{ran:#?}");
        let (one, other) = (first[0], second[0]);
        let said = ran.failed(2);
        assert!(
            said.starts_with(&format!("luago-run: {one} and {other} both write to ")),
            "{said}"
        );
    }
    let ran = luago().args(["--report", "/dev/null", "--trace", "/dev/null"]).exec("print('ran')");
    assert_eq!(ran.run().out(), "ran\n");
}
