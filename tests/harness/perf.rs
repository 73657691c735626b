//! `luago-harness perf`

use crate::cli::folder;

const PROGRAM: &str = "local n = 0 for i = 1, 200000 do n = n + i % 7 end print(n)";
const PAIR: &str = "--pair native:5.4=sandbox:5.4";

#[test]
fn ratios_have_intervals_and_memory_and_start_up_is_measured_too() {
    let folder = folder(&[("sum.lua", PROGRAM)]);
    let (ran, report) = folder
        .report(&format!("perf sum.lua {PAIR} --pair native:5.4=sandbox:5.4+fuel --rounds 7"));
    assert_eq!(ran.code, 0, "{ran:#?}");
    let perf = report.perf.unwrap();
    assert_eq!((perf.rounds, perf.rows.len(), perf.means.len()), (7, 2, 2));
    assert_eq!(perf.rows[1].program, "start-up");
    for row in &perf.rows {
        assert_eq!(row.reference, "native:5.4");
        assert!(row.peak_memory > 1000, "{row:?}");
        assert_eq!(row.subjects.len(), 2);
        for subject in &row.subjects {
            let ratio = subject.ratio;
            assert!(0.0 < ratio.low && ratio.low <= ratio.median && ratio.median <= ratio.high);
            assert_eq!(subject.samples.len(), 7);
            assert!(subject.peak_memory > 1 << 20);
        }
    }
}

#[test]
fn a_ratio_that_is_worse_than_the_baseline_fails_and_a_better_one_does_not() {
    let folder = folder(&[("sum.lua", PROGRAM)]);
    let measure = format!("perf sum.lua {PAIR} --rounds 3 --warm-up 0");
    let (_, mut report) = folder.report(&measure);
    for (factor, code) in [(1e-3, 1), (1e3, 0)] {
        for row in &mut report.perf.as_mut().unwrap().rows {
            row.subjects[0].ratio.median = factor;
        }
        folder.write("base.json", &serde_json::to_string(&report).unwrap());
        let ran = folder.harness(&format!("{measure} --baseline base.json --tolerance 10%"));
        assert_eq!(ran.code, code, "{ran:#?}");
        assert_eq!(ran.stdout.contains("2 ratios are worse than the baseline allows"), code == 1);
    }
}

#[test]
fn a_program_that_fails_or_prints_something_else_is_not_measured() {
    let folder =
        folder(&[("fails.lua", "error('no')"), ("differs.lua", "print(collectgarbage('count'))")]);
    folder
        .harness(&format!("perf fails.lua {PAIR} --rounds 1"))
        .refused(3, "fails cannot be measured in native:5.4: exit code 1\nlua: fails.lua:1: no");
    folder
        .harness(&format!("perf differs.lua {PAIR} --rounds 1"))
        .refused(3, "differs prints something else in sandbox:5.4 than in native:5.4");
    folder.harness("perf --rounds 0").refused(2, "0 is not in 1..");
    folder.harness("perf --tolerance 5").refused(2, "write it in percent");
    folder.harness("perf --baseline nothing.json").refused(2, "cannot read nothing.json");
}
