//! The forms of reports, and what is written from them.

use crate::cli::folder;
use luago_harness::report::Report;
use std::path::Path;

const HOSTILE: &str = "-- lua: 5.4
print('</script><script>alert(1)</script> | ``` ]]> \\0\\1\\27[31m')
io.stderr:write('\\255\\n')
print(#tostring(print))
";

#[test]
fn all_forms_of_a_report_come_from_one_run() {
    let folder = folder(&[("hostile.lua", HOSTILE), ("same.lua", "-- lua: 5.4\nprint(1)")]);
    let ran = folder.harness(
        "matrix . --lua 5.4 --generated 10 --json r.json --markdown r.md --junit r.xml --html r.html",
    );
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(!ran.stdout.contains('\x1b'), "a script steers the terminal");

    let html = folder.read("r.html");
    assert!(!html.contains("</script><script>alert"), "a script's output ends the data");
    assert!(!html.contains("http://") && !html.contains("https://"), "it needs the network");
    let markdown = folder.read("r.md");
    assert!(markdown.contains("hostile") && markdown.contains("native:5.4=sandbox:5.4"));

    let junit = junit_parser::from_reader(folder.read("r.xml").as_bytes()).unwrap();
    let cases: Vec<_> = junit.suites.iter().flat_map(|suite| &suite.cases).collect();
    assert_eq!(cases.len(), 3, "two scripts, and the generated programs");
    let failed: Vec<_> = cases.iter().filter(|case| case.status.is_failure()).collect();
    assert_eq!(failed.len(), 1);
    assert!(failed[0].name.contains("hostile"));
}

#[test]
fn every_form_of_a_report_says_the_host_triple() {
    let folder = folder(&[("same.lua", "-- lua: 5.4\nprint(1)")]);
    let ran = folder.harness(
        "matrix same.lua --lua 5.4 --json r.json --markdown r.md --junit r.xml --html r.html",
    );
    assert_eq!(ran.code, 0, "{ran:#?}");
    let report: Report = serde_json::from_str(&folder.read("r.json")).unwrap();
    let triple = report.machine.triple.as_str();
    assert!(triple.starts_with(std::env::consts::ARCH), "{triple}");
    assert!(triple.contains(std::env::consts::OS) || cfg!(target_os = "macos"), "{triple}");
    assert!(ran.stdout.starts_with("luago-harness "), "{}", ran.stdout);
    assert!(ran.stdout.lines().next().unwrap().ends_with(&format!(" on {triple}")));
    for form in ["r.md", "r.html"] {
        assert!(folder.read(form).contains(triple), "{form}");
    }
    let property = format!("name=\"host-triple\" value=\"{triple}\"");
    assert!(folder.read("r.xml").contains(&property), "{}", folder.read("r.xml"));

    let without = folder.read("r.json").replace(&format!("\"triple\": \"{triple}\","), "");
    folder.write(
        "old.json",
        &without.replace("\"seed\"", "\"shard\": {\"index\": 1, \"count\": 1}, \"seed\""),
    );
    let ran = folder.harness("merge old.json");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(!ran.stdout.contains("luago-harness"), "{}", ran.stdout);
}

#[test]
fn the_schema_in_the_documentation_is_that_of_the_reports() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("report.schema.json");
    let ran = folder(&[]).harness("schema");
    assert_eq!(ran.code, 0);
    assert_eq!(ran.stdout, std::fs::read_to_string(committed).unwrap());
}

#[test]
fn a_report_of_another_schema_is_refused() {
    let folder =
        folder(&[("old.json", "{\"schema\": \"luago-harness-report/0\"}"), ("no.json", "[]")]);
    folder.harness("merge old.json").refused(2, "its schema is \"luago-harness-report/0\"");
    folder.harness("merge no.json").refused(2, "no.json is no report of luago-harness");
}

#[test]
fn a_file_that_cannot_be_written_loses_no_result() {
    let folder = folder(&[("a.lua", "-- lua: 5.4\nprint(1)")]);
    let ran = folder.harness("matrix a.lua --lua 5.4 --json nowhere/report.json");
    ran.refused(3, "cannot write the report to nowhere/report.json");
    assert!(ran.stdout.contains("1 comparisons as expected"), "{ran:#?}");
}

#[test]
fn a_report_that_claims_to_be_one_of_too_many_shards_is_refused() {
    let folder = folder(&[("a.lua", "-- lua: 5.4\nprint(1)")]);
    folder.harness("matrix a.lua --lua 5.4 --shard 1/2 --json part.json");
    let text = folder.read("part.json").replace("\"count\": 2", "\"count\": 9223372036854775807");
    folder.write("part.json", &text);
    folder.harness("merge part.json").refused(2, "not all of one run, each once: 1/92233");
}

#[test]
fn the_tables_of_a_readme_are_written_from_reports_and_checked() {
    let marks = |part: &str, text: &str| {
        format!("<!-- luago-harness: {part} -->\n{text}<!-- luago-harness: end -->\n")
    };
    let readme = format!(
        "# Title\n\n{}between\n{}{}end\n",
        marks("differences", ""),
        marks("compatibility", "old\n"),
        marks("performance", "old\n")
    );
    let folder = folder(&[("README.md", &readme), ("a.lua", "-- lua: 5.4\nprint(1)")]);
    folder.harness("matrix a.lua --lua 5.4 --generated 5 --json m.json");
    folder.harness("perf a.lua --pair native:5.4=sandbox:5.4 --rounds 1 --json p.json");
    folder.harness("readme --check m.json p.json").refused(1, "run `make readme`");
    assert_eq!(folder.read("README.md"), readme, "--check writes");

    assert_eq!(folder.harness("readme m.json p.json").code, 0);
    let written = folder.read("README.md");
    assert!(written.contains("| PUC Lua 5.4 | 5.4 | 1 | 1 | 0 | 5 | 5 |"), "{written}");
    assert!(written.contains("| start-up |") && written.contains("between\n"), "{written}");
    assert!(written.contains("`os.execute`"), "{written}");
    assert_eq!(folder.harness("readme --check m.json p.json").code, 0);

    folder.write("README.md", "# Title\n");
    folder.harness("readme m.json").refused(
        2,
        "there is no <!-- luago-harness: differences --> and no <!-- luago-harness: \
         compatibility --> in README.md",
    );
    folder.write("README.md", "<!-- luago-harness: differences -->\n");
    let message = "README.md: no <!-- luago-harness: end --> comes after";
    folder.harness("readme m.json").refused(2, message);
}

#[test]
fn the_tables_may_be_on_any_page_of_the_documentation() {
    let marks = |part: &str| {
        format!("# {part}\n<!-- luago-harness: {part} -->\n<!-- luago-harness: end -->\n")
    };
    let folder = folder(&[
        ("README.md", &marks("compatibility")),
        ("docs/src/SUMMARY.md", "# Summary\n"),
        ("docs/src/lua/differences.md", &marks("differences")),
        ("docs/src/table.md", &marks("compatibility")),
        ("docs/src/notes.txt", &marks("differences")),
        ("docs/other.md", &marks("differences")),
        ("a.lua", "-- lua: 5.4\nprint(1)"),
    ]);
    folder.harness("matrix a.lua --lua 5.4 --json m.json");
    let ran = folder.harness("readme --check m.json");
    ran.refused(1, "docs/src/lua/differences.md is not what the reports give");
    assert_eq!(ran.stderr.lines().count(), 3, "{}", ran.stderr);
    assert_eq!(folder.read("README.md"), marks("compatibility"), "--check writes");

    assert_eq!(folder.harness("readme m.json").code, 0);
    for page in ["README.md", "docs/src/table.md"] {
        assert!(folder.read(page).contains("| PUC Lua 5.4 | 5.4 | 1 | 1 |"), "{page}");
    }
    assert!(folder.read("docs/src/lua/differences.md").contains("`os.execute`"));
    assert_eq!(folder.read("docs/src/SUMMARY.md"), "# Summary\n");
    assert_eq!(folder.read("docs/src/notes.txt"), marks("differences"));
    assert_eq!(folder.read("docs/other.md"), marks("differences"));
    assert_eq!(folder.harness("readme --check m.json").code, 0);

    folder
        .harness("readme --readme docs/src/table.md m.json")
        .refused(2, "there is no <!-- luago-harness: differences --> in docs/src/table.md");
}
