//! Scripts that work with Go guests. There is no native Lua to compare them with: what they
//! are to print stands in a transcript beside them, which a person has read.
//!
//! | file | what it is |
//! |---|---|
//! | `NAME.lua` | the script, with at least one line `-- go: …` in its header |
//! | `NAME.out` | what it prints, the same for every version of Lua and of Go |
//! | `NAME.err` | what stands on standard error, if that is to be anything |
//!
//! A scenario ends with exit code 0: it catches the errors that it is about, and prints them.

use super::case::{CORPUS, Case};
use crate::report::Seen;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// A script with Go guests, and what it is to do.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The script.
    pub case: Case,
    /// What it is to do; nothing if there is no transcript yet.
    pub transcript: Option<Transcript>,
}

/// What a scenario is to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Scenario {
    /// The scenarios that come with the harness, ordered by id.
    pub fn corpus() -> Result<Vec<Scenario>> {
        let text = |name: String| {
            CORPUS.get_file(name).map(|file| String::from_utf8_lossy(file.contents()).into_owned())
        };
        let mut cases = Case::embedded()?;
        cases.retain(|case| !case.header.go.is_empty());
        let scenario = |case: Case| {
            let transcript = text(format!("{}.out", case.id)).map(|stdout| Transcript {
                stdout,
                stderr: text(format!("{}.err", case.id)).unwrap_or_default(),
            });
            Scenario { case, transcript }
        };
        Ok(cases.into_iter().map(scenario).collect())
    }

    /// The scenarios in a folder, ordered by id, which is `go/` and the name of the file.
    pub fn under(folder: &Path) -> Result<Vec<Scenario>> {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read {}", folder.display()))?;
        let mut scenarios = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "lua") {
                scenarios.push(Scenario::file(&path)?);
            }
        }
        if scenarios.is_empty() {
            bail!("there is no .lua file in {}", folder.display());
        }
        scenarios.sort_by(|a, b| a.case.id.cmp(&b.case.id));
        Ok(scenarios)
    }

    fn file(path: &Path) -> Result<Scenario> {
        let code =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let case = Case::new(format!("go/{stem}"), code)?;
        if case.header.go.is_empty() {
            bail!("{} is no scenario: its header has no line `-- go: …`", path.display());
        }
        let text = |ending: &str| match std::fs::read(path.with_extension(ending)) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error)
                .with_context(|| format!("cannot read the transcript of {}", path.display())),
        };
        let stderr = text("err")?.unwrap_or_default();
        let transcript = text("out")?.map(|stdout| Transcript { stdout, stderr });
        Ok(Scenario { case, transcript })
    }
}

impl Transcript {
    /// What a scenario has done.
    pub fn of(seen: &Seen) -> Transcript {
        Transcript { stdout: seen.stdout.clone(), stderr: seen.stderr.clone() }
    }

    /// Writes the transcript of a scenario into a folder.
    pub fn write(&self, folder: &Path, case: &Case) -> Result<()> {
        let path = folder.join(&case.file);
        let write = |ending: &str, text: &str| {
            let path = path.with_extension(ending);
            let written = match text.is_empty() && ending == "err" {
                true => match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                    _ => Ok(()),
                },
                false => std::fs::write(&path, text),
            };
            written.with_context(|| format!("cannot write the transcript {}", path.display()))
        };
        write("out", &self.stdout)?;
        write("err", &self.stderr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_has_at_least_20_scenarios_and_each_has_a_transcript() {
        let scenarios = Scenario::corpus().unwrap();
        assert!(scenarios.len() >= 20, "{}", scenarios.len());
        for scenario in &scenarios {
            assert_eq!(scenario.case.chapter(), "go");
            let transcript = scenario.transcript.as_ref();
            assert!(transcript.is_some_and(|text| !text.stdout.is_empty()), "{}", scenario.case.id);
        }
        let corpus = Case::corpus().unwrap();
        assert!(corpus.iter().all(|case| case.chapter() != "go"), "native Lua has no Go guests");
    }

    #[test]
    fn a_transcript_that_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::write(path.join("a.lua"), "-- go: scenarios\nprint(1)").unwrap();
        let read = || Scenario::under(path).unwrap().remove(0);
        assert_eq!(read().transcript, None);
        let transcript = Transcript { stdout: "1\n".into(), stderr: "oh\n".into() };
        transcript.write(path, &read().case).unwrap();
        assert_eq!(read().transcript, Some(transcript.clone()));
        let transcript = Transcript { stderr: String::new(), ..transcript };
        transcript.write(path, &read().case).unwrap();
        assert_eq!(read().transcript, Some(transcript));
        assert!(!path.join("a.err").exists());
    }

    #[test]
    fn a_script_without_a_guest_is_no_scenario() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.lua"), "print(1)").unwrap();
        let error = Scenario::under(folder.path()).unwrap_err().to_string();
        assert!(error.contains("no line `-- go: …`"), "{error}");
    }
}
