//! Scenarios with Go guests. They need Go: install 1.24 or later from <https://go.dev/dl/>.

use crate::cli::{Folder, folder, only_cell, verdicts};
use luago_harness::report::{Field, GoScenarios, Report, Verdict};
use luago_test_support::command::Ran;

const HELLO: &str = "-- lua: 5.4\n-- go: scenarios\nprint(require('scenarios').add(20, 22))\n";

fn go(report: &Report) -> &GoScenarios {
    report.matrix.as_ref().unwrap().go.as_ref().unwrap()
}

/// Runs the harness where no Go can be found.
fn without_go(folder: &Folder, words: &str) -> Ran {
    folder
        .command()
        .args(words.split_whitespace())
        .env("PATH", folder.path())
        .output()
        .unwrap()
        .into()
}

#[test]
fn every_scenario_does_what_its_transcript_says_in_every_lua_with_the_machines_go() {
    let (ran, report) = folder(&[]).report("matrix --case go/* --go own");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:#?}");
    let go = go(&report);
    assert!(go.cases.len() >= 20 && go.pairs.len() == 5, "{:?}", go.pairs);
    let version = go.toolchains[0].version.as_deref().unwrap();
    assert!(version.starts_with("go1."), "{version}");
    assert!(go.pairs.iter().all(|pair| pair.ends_with(&format!("+{version}"))), "{:?}", go.pairs);
    assert_eq!(verdicts(&report).len(), 5 * go.cases.len());
    assert!(verdicts(&report).iter().all(|(_, _, verdict)| *verdict == Verdict::Same));
}

#[test]
fn a_scenario_that_does_something_else_than_its_transcript_is_different() {
    let folder = folder(&[("s/sum.lua", HELLO), ("s/sum.out", "41\n")]);
    let (ran, report) = folder.report("matrix --case go/* --scenarios s --go own");
    assert_eq!(ran.code, 1, "{ran:#?}");
    let cell = only_cell(&report);
    let found = cell.found.as_ref().unwrap();
    assert_eq!((cell.verdict, &found.fields[..]), (Verdict::Different, &[Field::Stdout][..]));
    assert_eq!((found.reference.stdout.as_str(), found.subject.stdout.as_str()), ("41\n", "42\n"));
    assert!(ran.stdout.contains("Lua 5.4: 0 of 1, 1 not as expected"), "{}", ran.stdout);

    let words = found.repeat.strip_prefix("luago-harness ").unwrap().replace('\'', "");
    let (again, report) = folder.report(&words);
    assert_eq!(again.code, 1, "{again:#?}");
    assert_eq!(only_cell(&report).found.as_ref().unwrap().subject, found.subject);
}

#[test]
fn a_transcript_is_written_on_demand_and_holds_from_then_on() {
    let folder = folder(&[("s/sum.lua", HELLO)]);
    let words = "matrix --case go/* --scenarios s --go own";
    let (ran, report) = folder.report(words);
    assert_eq!(ran.code, 1);
    let found = only_cell(&report).found.as_ref().unwrap();
    assert!(found.reference.end.contains("--bless writes it"), "{}", found.reference.end);
    assert_eq!(folder.harness(&format!("{words} --bless")).code, 0);
    assert_eq!(folder.read("s/sum.out"), "42\n");
    assert_eq!(folder.harness(words).code, 0);
}

#[test]
fn a_scenario_that_ends_badly_is_different_whatever_it_printed() {
    let text = format!("{HELLO}error('end', 0)\n");
    let folder = folder(&[("s/sum.lua", &text)]);
    let words = "matrix --case go/* --scenarios s --go own --bless";
    let (ran, report) = folder.report(words);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert_eq!(only_cell(&report).found.as_ref().unwrap().fields, [Field::End]);
}

#[test]
fn without_go_scenarios_are_reported_as_not_run_and_that_is_an_error() {
    let folder = folder(&[("s/sum.lua", HELLO), ("s/sum.out", "42\n")]);
    let words =
        "matrix --case go/* --scenarios s --go own --junit r.xml --markdown r.md --html r.html";
    let ran = without_go(&folder, &format!("{words} --json r.json"));
    ran.refused(3, "1 scenarios were not run with the machine's Go: there is no Go; install Go");
    assert!(ran.stderr.contains("https://go.dev/dl/") && ran.stderr.contains("--no-go"));
    assert!(ran.stdout.contains("were not run"), "{}", ran.stdout);
    let report: Report = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert!(!report.is_as_expected());
    assert!(verdicts(&report).is_empty());
    assert_eq!(go(&report).cases[0].id, "go/sum");
    let junit = junit_parser::from_reader(folder.read("r.xml").as_bytes()).unwrap();
    assert_eq!((junit.tests, junit.errors), (1, 1));
    assert!(folder.read("r.md").contains("scenarios with Go guests not run"));
    assert!(folder.read("r.html").contains("there is no Go"));
}

#[test]
fn scenarios_can_be_left_out_and_then_nobody_needs_go() {
    let folder = folder(&[]);
    let ran = without_go(&folder, "matrix --case go/* --no-go");
    ran.refused(2, "no case matches go/*");
    let (ran, report) = folder.report("matrix --case 6.4-string/rep* --lua 5.4");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(report.matrix.unwrap().go.is_none());
}

#[test]
fn what_cannot_be_asked_of_scenarios_says_why() {
    let folder = folder(&[
        ("a.lua", "-- go: scenarios\nprint(1)"),
        ("s/a.lua", "print(1)"),
        ("t/a.lua", "-- go: a,b\n"),
        ("u/a.lua", "-- lua: 5.4\n-- go: nobody\n"),
    ]);
    for (words, message) in [
        ("matrix --go 1.23", "guests need Go 1.24 or later"),
        ("matrix --go new", "a version of Go is own"),
        ("matrix --go own --no-go", "cannot be used with"),
        ("matrix --bless", "--scenarios <DIR>"),
        ("matrix a.lua", "its header names a Go guest, which only a scenario has"),
        ("matrix --scenarios s", "no line `-- go: …`"),
        ("matrix --scenarios t", "is no option of a Go guest"),
        ("matrix --scenarios missing", "cannot read missing"),
    ] {
        folder.harness(words).refused(2, message);
    }
    let ran = folder.harness("matrix --case go/* --scenarios u --go own");
    ran.refused(3, "there is no Go guest \"nobody\"; there are: scenarios");
}

#[test]
fn the_table_of_scenarios_in_a_readme_is_written_from_a_report() {
    let part =
        |part: &str| format!("<!-- luago-harness: {part} -->\n<!-- luago-harness: end -->\n");
    let readme = ["differences", "compatibility", "scenarios"].map(part).concat();
    let folder = folder(&[("README.md", &readme), ("s/sum.lua", HELLO), ("s/sum.out", "42\n")]);
    let run = "matrix --case go/* --scenarios s --lua 5.4 --go own --json m.json";
    assert_eq!(folder.harness(run).code, 0);
    folder.harness("readme --check m.json").refused(1, "run `make readme`");
    assert_eq!(folder.harness("readme m.json").code, 0);
    let written = folder.read("README.md");
    assert!(written.contains("| Go | Lua 5.4 |\n|---|---|\n| 1."), "{written}");
    assert!(written.contains(" | 1 of 1 |\n"), "{written}");
    assert_eq!(folder.harness("readme --check m.json").code, 0);

    without_go(&folder, run);
    folder.harness("readme m.json").refused(2, "a report has no figures for the part");
}

#[test]
fn shards_of_scenarios_are_the_whole_and_merge_puts_them_together() {
    let files: Vec<(String, String)> = (0..3)
        .flat_map(|n| [(format!("s/{n}.lua"), HELLO.into()), (format!("s/{n}.out"), "42\n".into())])
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    for shard in 1..=2 {
        let words = "matrix --case go/* --scenarios s --lua 5.4 --go own";
        let ran = folder.harness(&format!("{words} --shard {shard}/2 --json {shard}.json"));
        assert_eq!(ran.code, 0, "{ran:#?}");
    }
    let (ran, merged) = folder.report("merge 2.json 1.json");
    assert_eq!(ran.code, 0, "{ran:#?}");
    let ids: Vec<&str> = verdicts(&merged).iter().map(|(id, _, _)| *id).collect();
    assert_eq!(ids, ["go/0", "go/1", "go/2"]);
}
