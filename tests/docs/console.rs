//! Blocks of commands with what they print.

use crate::page::{Block, Page, home, pages};
use std::path::Path;
use std::process::Command;

/// What separates the output of one command from that of the next.
const SEPARATOR: char = '\u{1e}';

/// Writes the scripts that the page shows with their names: a first line of `-- NAME.lua`.
fn write_scripts(page: &Page, folder: &Path) {
    for block in page.blocks() {
        let name = block.code.lines().next().and_then(|line| line.strip_prefix("-- "));
        if let Some(name) = name.filter(|name| name.ends_with(".lua") && !name.contains(' ')) {
            std::fs::write(folder.join(name), &block.code).unwrap();
        }
    }
}

/// Each command of the block, and what it is said to print.
fn commands(block: &Block) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block.code.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => commands.push((command.to_string(), String::new())),
            None => {
                let (_, printed) = commands.last_mut().expect("the block starts with a command");
                *printed += line;
                *printed += "\n";
            }
        }
    }
    commands
}

/// What each of the commands prints, run one after the other in a folder, as at a terminal.
fn run(commands: &[(String, String)], folder: &Path) -> Vec<String> {
    let script: String = commands
        .iter()
        .map(|(command, _)| format!("{command}\ncode=$?; printf '{SEPARATOR}'; (exit $code)\n"))
        .collect();
    let bin = Path::new(env!("CARGO_BIN_EXE_luago-run")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let ended = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("HOME", home())
        .env("XDG_CACHE_HOME", home().join("cache"))
        .output()
        .unwrap_or_else(|error| panic!("cannot run bash: {error}; install it"));
    let printed = String::from_utf8(ended.stdout).unwrap();
    printed.split(SEPARATOR).map(String::from).collect()
}

#[test]
fn every_luago_run_in_a_block_of_commands_prints_what_is_shown() {
    let mut count = 0;
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        write_scripts(&page, folder.path());
        for block in page.blocks() {
            if block.language != "console" || !block.code.contains("$ luago-run") {
                continue;
            }
            let commands = commands(&block);
            let printed = run(&commands, folder.path());
            for ((command, expected), printed) in commands.iter().zip(&printed) {
                assert_eq!(printed.trim_end(), expected.trim_end(), "{}: {command}", block.place);
                count += 1;
            }
        }
    }
    assert!(count > 5, "only {count} commands were found");
}
