//! `luago-harness shadow`

use crate::cli::{Folder, folder};
use luago_harness::report::Shadow;

fn rehearsal(script: &str) -> Folder {
    let folder = folder(&[("answer.lua", script), ("inputs/a", "one\ntwo\nthree\n")]);
    for n in 0..30 {
        folder.write(&format!("inputs/{n:02}"), &format!("request {n}\nwith a second line\n"));
    }
    folder.write("inputs/large", &format!("{}a bug here\nand more\n", "noise\n".repeat(20)));
    folder
}

#[track_caller]
fn shadow(folder: &Folder, more: &str) -> (i32, String, Shadow) {
    let words = "shadow answer.lua --old native:luajit --new sandbox:5.1 --inputs inputs";
    let (ran, report) = folder.report(&format!("{words} {more}"));
    (ran.code, ran.stdout, report.shadow.unwrap())
}

const SAME: &str = "local text = io.read('*a') print(#text, text:upper())";
const DIFFERS: &str = "local text = io.read('*a')
print(#text)
if text:find('bug') then print(jit and 'native' or 'sandbox') end";

#[test]
fn a_target_that_does_the_same_can_take_over_step_by_step() {
    let (code, stdout, shadow) = shadow(&rehearsal(SAME), "--fraction 25% --requests 40");
    assert_eq!(code, 0, "{stdout}");
    assert!(shadow.passed && shadow.smallest.is_none() && shadow.breaches.is_empty());
    let fractions: Vec<f64> = shadow.steps.iter().map(|step| step.fraction).collect();
    assert_eq!(fractions, [0.25, 0.5, 1.0]);
    for step in &shadow.steps {
        assert_eq!((step.requests, step.different), (40, 0));
        let share = step.mirrored as f64 / 40.0;
        assert!((share - step.fraction).abs() < 0.3, "{step:?}");
        assert!(step.new.p50 > 0.0 && step.new.p50 <= step.new.p99 && step.new.peak_memory > 0);
    }
    assert_eq!(shadow.steps[2].mirrored, 40);
    assert!(stdout.contains("sandbox:5.1 can take the place of native:luajit"), "{stdout}");
}

#[test]
fn the_first_breach_ends_it_and_the_smallest_input_that_differs_is_shown() {
    let (code, stdout, shadow) = shadow(&rehearsal(DIFFERS), "--fraction 100% --requests 100");
    assert_eq!(code, 1, "{stdout}");
    assert!(!shadow.passed);
    assert!(shadow.steps[0].requests < 100, "it goes on after the breach");
    assert_eq!(shadow.different_inputs, ["large"]);
    let smallest = shadow.smallest.unwrap();
    assert_eq!((smallest.input.as_str(), smallest.file.as_str()), ("bug", "large"));
    assert_eq!(smallest.found.reference.stdout, "3\nnative\n");
    assert_eq!(smallest.found.subject.stdout, "3\nsandbox\n");
    assert!(stdout.contains("stay with native:luajit"), "{stdout}");
}

#[test]
fn as_many_requests_may_differ_as_are_allowed() {
    let (code, stdout, shadow) =
        shadow(&rehearsal(DIFFERS), "--fraction 100% --requests 64 --max-diff 10%");
    assert_eq!(code, 0, "{stdout}");
    assert!(shadow.passed && shadow.steps[0].different == 2 && shadow.smallest.is_some());
}

#[test]
fn latency_and_memory_have_bounds_too() {
    let folder = rehearsal(SAME);
    let (code, _, tight) = shadow(&folder, "--requests 20 --max-p99 0.0001");
    assert_eq!(code, 1);
    assert!(tight.breaches[0].contains("times are allowed"), "{:?}", tight.breaches);
    let (code, _, tight) = shadow(&folder, "--requests 20 --max-memory 1KiB");
    assert_eq!(code, 1);
    assert!(tight.breaches[0].contains("of memory"), "{:?}", tight.breaches);
    let (code, _, wide) = shadow(&folder, "--requests 20 --max-p99 10000 --max-memory 1GiB");
    assert_eq!((code, wide.breaches.len()), (0, 0));
}

#[test]
fn requests_can_be_arguments_and_the_seed_chooses_them() {
    let folder = rehearsal("assert(#... > 0) print((...))");
    let mirrored = |seed: u64| {
        let more = format!("--input-as argument --fraction 50% --requests 50 --seed {seed}");
        let (code, stdout, shadow) = shadow(&folder, &more);
        assert_eq!(code, 0, "{stdout}");
        shadow.steps[0].mirrored
    };
    assert_eq!(mirrored(1), mirrored(1));
    let counts: Vec<u64> = (1..6).map(mirrored).collect();
    assert!(counts.iter().any(|count| *count != counts[0]), "{counts:?}");
}

#[test]
fn what_cannot_be_rehearsed_says_why() {
    let folder = folder(&[("answer.lua", SAME), ("empty/deeper/x", "")]);
    let words = "shadow answer.lua --old native:5.4 --new sandbox:5.4 --inputs";
    folder.harness(&format!("{words} nowhere")).refused(2, "cannot read the inputs in nowhere");
    folder.harness(&format!("{words} empty")).refused(2, "there are no files in empty");
    folder
        .harness(&format!("{words} empty/deeper --fraction 0%"))
        .refused(2, "--fraction 0% compares nothing");
    folder
        .harness("shadow empty --old native:5.4 --new sandbox:5.4 --inputs empty")
        .refused(2, "there is no .lua file under empty");
}
