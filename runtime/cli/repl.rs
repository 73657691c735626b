//! The interactive interpreter.

use crate::terminal;
use anyhow::Result;
use luago::{End, Line, Outcome, Sandbox};
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

/// Reads, runs and prints lines until the input ends or the sandbox is dead.
pub fn run(sandbox: &mut Sandbox) -> Result<Option<Outcome>> {
    let mut editor = DefaultEditor::new()?;
    let history = history_file();
    if let Some(file) = &history {
        let _ = editor.load_history(file); // there is none the first time
    }
    let ended = read_lines(sandbox, &mut editor)?;
    if let Some(file) = &history {
        if let Some(folder) = file.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let _ = editor.save_history(file);
    }
    Ok(ended)
}

fn history_file() -> Option<std::path::PathBuf> {
    use etcetera::BaseStrategy;
    let dirs = etcetera::choose_base_strategy().ok()?;
    Some(dirs.data_dir().join("luago").join("history"))
}

fn read_lines(sandbox: &mut Sandbox, editor: &mut DefaultEditor) -> Result<Option<Outcome>> {
    let mut text = String::new();
    loop {
        let prompt = if text.is_empty() { "> " } else { ">> " };
        match editor.readline(prompt) {
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
        let _ = editor.add_history_entry(text.as_str());
        text.clear();
        match &outcome.end {
            End::Returned => {}
            End::Error(_) => terminal::say_end(&outcome.end),
            End::Stopped(_) if !sandbox.is_dead() => terminal::say_end(&outcome.end),
            _ => return Ok(Some(outcome)),
        }
    }
}
