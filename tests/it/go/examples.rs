//! The examples of Go guests do what their scripts show.

use luago_test_support::command::lua;
use luago_test_support::go_build;
use std::path::{Path, PathBuf};
use std::process::Command;

const GEO: &str = "\
distance\t5.0
area\t16.0
centroid 2.000 2.042
error\ta shape needs three corners or more
error\tbad argument #1 to 'distance' (field 'x': expected number, got string)
";

const FANOUT: &str = "\
primes below 200000\t17984
mined\t14\t00f5dabe
cancelled\ttrue\tnobody waits for it
";

const TICKS: &str = "\
square\t1\t1
square\t2\t4
square\t3\t9
square\t4\t16
tick\t1
tick\t2
tick\t3
countdown\t2
countdown\t1
error\tthere is nothing below 1
";

const KV: &str = "\
get\tgreen\ttrue
get\tnil\tfalse
wait\t42
timeout\tfalse\ttrue
watch\tcount\t1
watch\tcount\t2
watch\tcount\t3
keys\tanswer colour count
";

const JQ: &str = "\
name\tpear
name\tplum
sum\t10
power\t1
power\t2
power\t4
power\t8
power\t16
power\t32
power\t64
error\tthe query cannot be read
";

const CSV: &str = "\
columns\tcity country people area
rows\t5
people\t6291137
largest\tBerlin\t3755251
dense\tBerlin\t4211
closed\tfalse\tthe segment is closed
error\trow 2, column 'b': strconv.ParseFloat: parsing \"four\": invalid syntax
";

fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/go")
}

/// What the script of an example prints, with its guest compiled from source.
#[track_caller]
fn printed(version: &str, name: &str, options: &str) -> String {
    let folder = guests().join("examples").join(name);
    let guest = go_build(&folder, &[&guests().join("luago")]);
    let grant = format!("{name}={}{options}", guest.display());
    lua(version)
        .arg("--go")
        .arg(grant)
        .arg(folder.join(name).with_extension("lua"))
        .run()
        .out()
        .to_string()
}

/// In 5.1 and 5.2 a float that is whole is printed without a fraction.
fn with_one_kind_of_number(text: &str) -> String {
    text.replace("5.0\n", "5\n").replace("16.0\n", "16\n")
}

/// Modules that an example uses come from Go's module cache, or through the network.
#[track_caller]
fn download_modules(name: &str) {
    let go = std::env::var("GO").unwrap_or_else(|_| "go".to_string());
    let download = Command::new(&go)
        .current_dir(guests().join("examples").join(name))
        .args(["mod", "download"])
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "cannot run '{go}': {error}; install Go 1.24 or later from https://go.dev/dl/, or \
                 name its command in the variable GO"
            )
        });
    assert!(
        download.status.success(),
        "the example '{name}' uses Go modules that are not in the module cache and cannot be \
         downloaded; connect to a network, or set GOPROXY to a proxy that can be reached:\n{}",
        String::from_utf8_lossy(&download.stderr)
    );
}

#[test]
fn geo_passes_structs_as_tables() {
    assert_eq!(printed("5.4", "geo", ""), GEO);
    assert_eq!(printed("5.1", "geo", ""), with_one_kind_of_number(GEO));
}

#[test]
fn fanout_gives_the_same_on_one_thread_as_on_four() {
    for version in ["5.4", "5.1"] {
        assert_eq!(printed(version, "fanout", ""), FANOUT, "{version}");
        assert_eq!(printed(version, "fanout", ",workers=4"), FANOUT, "{version}");
    }
}

#[test]
fn ticks_makes_streams_of_iterators_and_channels() {
    assert_eq!(printed("5.4", "ticks", ""), TICKS);
    assert_eq!(printed("5.1", "ticks", ""), TICKS);
}

#[test]
fn kv_has_tasks_wait_for_each_other() {
    assert_eq!(printed("5.4", "kv", ""), KV);
    assert_eq!(printed("5.1", "kv", ""), KV);
}

#[test]
fn jq_runs_queries_with_a_go_module_of_others() {
    download_modules("jq");
    assert_eq!(printed("5.4", "jq", ""), JQ);
    assert_eq!(printed("5.1", "jq", ""), JQ);
}

#[test]
fn csv_parses_a_segment_into_columns_that_lua_filters() {
    for version in ["5.1", "5.3", "5.4"] {
        assert_eq!(printed(version, "csv", ""), CSV, "{version}");
    }
}

#[test]
fn every_example_has_a_script_and_is_run_by_these_tests() {
    let examples = std::fs::read_dir(guests().join("examples")).unwrap();
    let mut names: Vec<String> = examples
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["csv", "fanout", "geo", "jq", "kv", "ticks"]);
}
