//! The interactive interpreter.

use crate::completion::Names;
use crate::{reading, terminal};
use anyhow::Result;
use luago::{BStr, End, Line, LuaVersion, Outcome, Sandbox};
use rustyline::error::ReadlineError;
use rustyline::history::{FileHistory, History};
use rustyline::{CompletionType, Config, Editor};
use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};

/// Reads, runs and prints lines until the input ends or the sandbox is dead.
pub fn run(sandbox: &mut Sandbox, version: LuaVersion) -> Result<Option<Outcome>> {
    let mut history = FileHistory::new();
    let file = history_file();
    if let Some(file) = &file {
        let _ = history.load(file); // there is none the first time
    }
    let ended = read_lines(sandbox, version, &mut history)?;
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

/// Reads one line: what is typed at a terminal is text, and else it is any bytes. The editor
/// takes Ctrl-C for itself as long as it lives, so it ends before the line runs.
fn read_line(
    sandbox: &mut Sandbox,
    prompt: &BStr,
    history: &mut FileHistory,
) -> Result<Vec<u8>, ReadlineError> {
    if !std::io::stdin().is_terminal() {
        show(prompt);
        let line = reading::line(MAX_LINE, std::io::stdin().lock())?;
        return line.ok_or(ReadlineError::Eof);
    }
    let taken = std::mem::replace(history, FileHistory::new());
    let config = Config::builder().completion_type(CompletionType::List).build();
    let mut editor: Editor<Names<'_>, FileHistory> = Editor::with_history(config, taken)?;
    editor.set_helper(Some(Names::of(sandbox)));
    let line = editor.readline(&prompt.to_string());
    *history = std::mem::replace(editor.history_mut(), FileHistory::new());
    line.map(String::into_bytes)
}

/// Writes a prompt. Nobody may be reading it, which is no reason to end.
fn show(prompt: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(prompt).and_then(|()| stdout.flush());
}

fn history_file() -> Option<std::path::PathBuf> {
    use etcetera::BaseStrategy;
    let dirs = etcetera::choose_base_strategy().ok()?;
    Some(dirs.data_dir().join("luago").join("history"))
}

/// The first line of a statement as Lua takes it. That `=` stands for `return` is known to the
/// guest up to 5.2; in 5.3 and 5.4 it is the standalone interpreter's, for compatibility.
fn first_line(version: LuaVersion, line: &[u8]) -> Cow<'_, [u8]> {
    match (version, line) {
        (LuaVersion::Lua53 | LuaVersion::Lua54, [b'=', rest @ ..]) => {
            [b"return ", rest].concat().into()
        }
        _ => line.into(),
    }
}

fn read_lines(
    sandbox: &mut Sandbox,
    version: LuaVersion,
    history: &mut FileHistory,
) -> Result<Option<Outcome>> {
    let mut text = Vec::new();
    loop {
        let prompt = match sandbox.prompt(text.is_empty()) {
            Ok(prompt) => prompt,
            // As for `lua`, this is an error of the script's.
            Err(error) => match error.end() {
                Some(end) => {
                    return Ok(Some(Outcome { end: end.clone(), usage: sandbox.usage() }));
                }
                None => return Err(error.into()),
            },
        };
        match read_line(sandbox, prompt.as_ref(), history) {
            Ok(line) => {
                if !text.is_empty() {
                    text.push(b'\n');
                }
                text.extend_from_slice(&line);
            }
            Err(ReadlineError::Interrupted) => {
                text.clear();
                continue;
            }
            Err(ReadlineError::Eof) => {
                if !std::io::stdin().is_terminal() {
                    show(b"\n");
                }
                return Ok(None);
            }
            // The editor has no other text.
            Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
                terminal::say(
                    "what is typed has to be UTF-8; write other bytes as escapes, such as '\\233'",
                );
                text.clear();
            }
            // What it says is what its cause says.
            Err(ReadlineError::Io(error)) => return Err(error.into()),
            Err(error) => return Err(error.into()),
        }
        if text.trim_ascii().is_empty() {
            text.clear();
            continue;
        }
        let outcome = match sandbox.run_line(first_line(version, &text))? {
            Line::Incomplete => continue,
            Line::Done(outcome) => outcome,
        };
        if let Ok(text) = std::str::from_utf8(&text) {
            let _ = history.add(text);
        }
        text.clear();
        match &outcome.end {
            End::Returned => {}
            End::Error(_) => terminal::say_end(&outcome.end),
            End::Stopped(_) if !sandbox.is_dead() => terminal::say_end(&outcome.end),
            _ => return Ok(Some(outcome)),
        }
    }
}
