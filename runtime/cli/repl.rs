//! The interactive interpreter.

use crate::{reading, terminal};
use anyhow::Result;
use luago::{End, Line, Outcome, Sandbox};
use rustyline::error::ReadlineError;
use rustyline::history::{FileHistory, History};
use rustyline::{Config, Editor};
use std::io::IsTerminal;

/// Reads, runs and prints lines until the input ends or the sandbox is dead.
pub fn run(sandbox: &mut Sandbox) -> Result<Option<Outcome>> {
    let mut history = FileHistory::new();
    let file = history_file();
    if let Some(file) = &file {
        let _ = history.load(file); // there is none the first time
    }
    let ended = read_lines(sandbox, &mut history)?;
    if let Some(file) = &file {
        if let Some(folder) = file.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let _ = history.save(file);
    }
    Ok(ended)
}

/// The most bytes of a line that nobody types.
const MAX_LINE: u64 = 1 << 20;

/// Reads one line. The editor takes Ctrl-C for itself as long as it lives, so it ends
/// before the line runs.
fn read_line(prompt: &str, history: &mut FileHistory) -> Result<String, ReadlineError> {
    if !std::io::stdin().is_terminal() {
        let line = reading::line(MAX_LINE, std::io::stdin().lock())?;
        let line = line.ok_or(ReadlineError::Eof)?;
        let line = line.strip_suffix('\n').unwrap_or(&line);
        return Ok(line.strip_suffix('\r').unwrap_or(line).to_string());
    }
    let taken = std::mem::replace(history, FileHistory::new());
    let mut editor: Editor<(), FileHistory> = Editor::with_history(Config::default(), taken)?;
    let line = editor.readline(prompt);
    *history = std::mem::replace(editor.history_mut(), FileHistory::new());
    line
}

fn history_file() -> Option<std::path::PathBuf> {
    use etcetera::BaseStrategy;
    let dirs = etcetera::choose_base_strategy().ok()?;
    Some(dirs.data_dir().join("luago").join("history"))
}

fn read_lines(sandbox: &mut Sandbox, history: &mut FileHistory) -> Result<Option<Outcome>> {
    let mut text = String::new();
    loop {
        let prompt = if text.is_empty() { "> " } else { ">> " };
        match read_line(prompt, history) {
            Ok(line) => {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&line);
            }
            Err(ReadlineError::Interrupted) => {
                text.clear();
                continue;
            }
            Err(ReadlineError::Eof) => return Ok(None),
            // What it says is what its cause says.
            Err(ReadlineError::Io(error)) => return Err(error.into()),
            Err(error) => return Err(error.into()),
        }
        if text.trim().is_empty() {
            text.clear();
            continue;
        }
        let outcome = match sandbox.run_line(&text)? {
            Line::Incomplete => continue,
            Line::Done(outcome) => outcome,
        };
        let _ = history.add(&text);
        text.clear();
        match &outcome.end {
            End::Returned => {}
            End::Error(_) => terminal::say_end(&outcome.end),
            End::Stopped(_) if !sandbox.is_dead() => terminal::say_end(&outcome.end),
            _ => return Ok(Some(outcome)),
        }
    }
}
