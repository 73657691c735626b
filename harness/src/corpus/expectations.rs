//! What is known to differ, and why.

use crate::report::{Field, Verdict};
use anyhow::{Context, Result};
use globset::{Glob, GlobMatcher};
use serde::Deserialize;

/// The files with the known differences of the corpus.
const KNOWN: [(&str, &str); 3] = [
    ("sandbox.toml", include_str!("../../expectations/sandbox.toml")),
    ("luajit.toml", include_str!("../../expectations/luajit.toml")),
    ("luau.toml", include_str!("../../expectations/luau.toml")),
];

/// All known differences.
#[derive(Debug, Default)]
pub struct Expectations {
    differences: Vec<Difference>,
}

/// One known difference.
#[derive(Debug)]
pub struct Difference {
    cases: Vec<GlobMatcher>,
    pairs: Vec<GlobMatcher>,
    fields: Vec<Field>,
    /// Why it is so.
    pub reason: String,
    /// The row in the book's page on differences: a topic, and how the sandbox differs.
    pub readme: Option<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    difference: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    cases: Vec<String>,
    #[serde(default = "sandboxes")]
    pairs: Vec<String>,
    fields: Vec<Field>,
    reason: String,
    topic: Option<String>,
    readme: Option<String>,
}

fn sandboxes() -> Vec<String> {
    vec!["native:5.*=sandbox:5.*".to_string()]
}

impl Expectations {
    /// The known differences of the corpus.
    pub fn known() -> Result<Expectations> {
        let mut differences = Vec::new();
        for (name, text) in KNOWN {
            differences.extend(Expectations::parse(text).context(name)?.differences);
        }
        Ok(Expectations { differences })
    }

    /// Parses a file of expectations:
    ///
    /// ```toml
    /// [[difference]]
    /// cases = ["6.9-os/execute-*"]            # ids; * matches anything
    /// pairs = ["native:5.*=sandbox:5.*"]      # this is the default
    /// fields = ["stdout"]                     # of end, stdout and stderr
    /// reason = "there is no shell in a sandbox"
    /// ```
    pub fn parse(text: &str) -> Result<Expectations> {
        let file: File = toml::from_str(text)?;
        let globs = |patterns: &[String]| -> Result<Vec<GlobMatcher>> {
            patterns.iter().map(|pattern| Ok(Glob::new(pattern)?.compile_matcher())).collect()
        };
        let differences = file
            .difference
            .into_iter()
            .map(|entry| {
                Ok(Difference {
                    cases: globs(&entry.cases)?,
                    pairs: globs(&entry.pairs)?,
                    fields: entry.fields,
                    reason: entry.reason,
                    readme: entry.topic.zip(entry.readme),
                })
            })
            .collect::<Result<_>>()?;
        Ok(Expectations { differences })
    }

    /// Every known difference, in the order of the file.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// Whether this is known to differ.
    pub fn expects(&self, case: &str, pair: &str, field: Field) -> bool {
        let mut known = self.differences.iter().filter(|known| known.is_about(case, pair));
        known.any(|known| known.fields.contains(&field))
    }

    /// The verdict on a comparison, and why it was expected to differ.
    pub fn judge(&self, case: &str, pair: &str, fields: &[Field]) -> (Verdict, Option<&str>) {
        let known: Vec<&Difference> =
            self.differences.iter().filter(|known| known.is_about(case, pair)).collect();
        let reason = known.first().map(|known| known.reason.as_str());
        let verdict = match (known.is_empty(), fields.is_empty()) {
            (true, true) => Verdict::Same,
            (true, false) => Verdict::Different,
            (false, true) => Verdict::UnexpectedPass,
            (false, false) => {
                let expected = known.iter().flat_map(|known| &known.fields);
                let expected: Vec<&Field> = expected.collect();
                // More than was known differs, or less.
                let exact = fields.iter().all(|field| expected.contains(&field))
                    && expected.iter().all(|field| fields.contains(field));
                if exact { Verdict::Known } else { Verdict::Different }
            }
        };
        (verdict, reason)
    }
}

impl Difference {
    /// Whether it is about this case and pair.
    pub fn is_about(&self, case: &str, pair: &str) -> bool {
        self.cases.iter().any(|glob| glob.is_match(case))
            && self.pairs.iter().any(|glob| glob.is_match(pair))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_pass_is_told_apart_from_a_known_difference() {
        let known = Expectations::parse(
            r#"
            [[difference]]
            cases = ["6.9-os/execute-*"]
            fields = ["stdout", "end"]
            reason = "there is no shell"
            "#,
        )
        .unwrap();
        let (case, pair) = ("6.9-os/execute-none", "native:5.4=sandbox:5.4");
        let judge = |case, pair, fields: &[Field]| known.judge(case, pair, fields);
        let reason = Some("there is no shell");
        assert_eq!(judge(case, pair, &[Field::End, Field::Stdout]), (Verdict::Known, reason));
        assert_eq!(judge(case, pair, &[]), (Verdict::UnexpectedPass, reason));
        assert_eq!(judge(case, pair, &[Field::Stdout]), (Verdict::Different, reason));
        assert_eq!(judge(case, pair, &[Field::Stderr]), (Verdict::Different, reason));
        assert_eq!(judge("6.9-os/exit", pair, &[]), (Verdict::Same, None));
        assert_eq!(judge("6.9-os/exit", pair, &[Field::End]), (Verdict::Different, None));
        let other = "native:luajit=sandbox:5.1";
        assert_eq!(judge(case, other, &[]), (Verdict::Same, None));
    }
}
