//! Runs `luago-harness` as a user does.

use luago_harness::report::{Cell, Report, Verdict};
use luago_test_support::command::Ran;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A folder with scripts in it.
pub struct Folder(TempDir);

/// A folder with files of these names and contents.
pub fn folder(files: &[(&str, &str)]) -> Folder {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Folder(folder)
}

impl Folder {
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs the harness in this folder, with words as a shell would split them.
    #[track_caller]
    pub fn harness(&self, words: &str) -> Ran {
        self.harness_with(words.split_whitespace())
    }

    #[track_caller]
    pub fn harness_with<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Ran {
        self.command().args(words).output().unwrap().into()
    }

    /// The harness in this folder, for tests that change what it finds there.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_luago-harness"));
        command.current_dir(self.path());
        command
    }

    /// Runs the harness, and reads the report that it leaves.
    #[track_caller]
    pub fn report(&self, words: &str) -> (Ran, Report) {
        let ran = self.harness(&format!("{words} --json report.json"));
        assert!(ran.code < 2, "{ran:#?}");
        let text = std::fs::read(self.path().join("report.json")).unwrap();
        (ran, serde_json::from_slice(&text).unwrap())
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }
}

/// Every verdict of a report with the case and pair that it is about.
pub fn verdicts(report: &Report) -> Vec<(&str, &str, Verdict)> {
    let matrix = report.matrix.as_ref().unwrap();
    matrix.cells().map(|(id, cell)| (id, cell.pair.as_str(), cell.verdict)).collect()
}

/// The only cell of a report.
#[track_caller]
pub fn only_cell(report: &Report) -> &Cell {
    let cells: Vec<&Cell> = report.matrix.as_ref().unwrap().cells().map(|(_, cell)| cell).collect();
    assert_eq!(cells.len(), 1, "{cells:#?}");
    cells[0]
}
