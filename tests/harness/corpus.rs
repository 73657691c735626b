//! What the corpus has to have.

use luago_harness::corpus::Case;
use luago_harness::corpus::Expectations;
use luago_harness::lua::Lua;
use luago_harness::target::{Bounds, Pair, Target, Targets};
use std::collections::BTreeSet;

fn targets() -> Targets {
    Targets::new(Targets::default_folder().unwrap(), None).unwrap()
}

#[test]
fn the_corpus_has_at_least_400_cases_and_each_tests_something_of_its_own() {
    let cases = Case::corpus().unwrap();
    assert!(cases.len() >= 400, "{}", cases.len());
    let codes: BTreeSet<&[u8]> = cases.iter().map(|case| case.code.as_slice()).collect();
    assert_eq!(codes.len(), cases.len(), "two cases are the same");
    for case in &cases {
        assert!(!case.header.luas.is_empty(), "{} does not say what it is meant for", case.id);
        assert!(!case.chapter().is_empty(), "{} belongs to no chapter", case.id);
    }
}

/// Prints the name of every function of every library.
const FUNCTIONS: &str = r#"
for name, value in pairs(_G) do
  if type(value) == "function" then
    print(name)
  elseif type(value) == "table" and name ~= "_G" and name ~= "arg" then
    for key, member in pairs(value) do
      if type(member) == "function" then print(name .. "." .. key) end
    end
  end
end
for key, member in pairs(getmetatable(io.stdout).__index) do
  if type(member) == "function" and not key:find("^__") then print(":" .. key) end
end
"#;

#[track_caller]
fn every_function_appears(lua: Lua) {
    let listing = Case::new("functions", FUNCTIONS).unwrap();
    let targets = targets();
    let ran =
        listing.with_job(Bounds::default(), |job| targets.run(Target::native(lua), job)).unwrap();
    let listed = String::from_utf8(ran.stdout).unwrap();
    let cases: Vec<Case> = Case::corpus().unwrap();
    let texts: Vec<String> = cases
        .iter()
        .filter(|case| case.header.is_for(lua))
        .map(|case| String::from_utf8_lossy(&case.code).into_owned())
        .collect();
    let missing: Vec<&str> =
        listed.lines().filter(|name| !texts.iter().any(|text| has_word(text, name))).collect();
    assert!(listed.lines().count() > 100, "{listed}");
    assert_eq!(missing, Vec::<&str>::new(), "no case for Lua {lua} has these");
}

/// Does the text have the name, and not as a part of a longer one?
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let starts = name.starts_with(':') || !before.is_some_and(|c| is_part(c) || c == '.');
        starts && !after.is_some_and(is_part)
    })
}

#[test]
fn every_function_of_lua_5_1_appears_in_a_case() {
    every_function_appears(Lua::V51);
}

#[test]
fn every_function_of_lua_5_2_appears_in_a_case() {
    every_function_appears(Lua::V52);
}

#[test]
fn every_function_of_lua_5_3_appears_in_a_case() {
    every_function_appears(Lua::V53);
}

#[test]
fn every_function_of_lua_5_4_appears_in_a_case() {
    every_function_appears(Lua::V54);
}

#[test]
fn every_function_of_lua_5_5_appears_in_a_case() {
    every_function_appears(Lua::V55);
}

#[test]
fn every_known_difference_is_about_a_case_that_exists() {
    let cases = Case::corpus().unwrap();
    let known = Expectations::known().unwrap();
    assert!(!known.differences().is_empty());
    for difference in known.differences() {
        let shown = cases.iter().any(|case| {
            Pair::all().iter().any(|pair| {
                case.header.is_for(pair.reference.lua)
                    && difference.is_about(&case.id, &pair.to_string())
            })
        });
        assert!(shown, "no case shows this: {}", difference.reason);
    }
}
