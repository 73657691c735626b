//! Finds the programs that a script may start.

use crate::platform::is_program;
use anyhow::{Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Takes `NAME[=PROGRAM]` apart; the name, and the absolute path of the program. A relative one
/// starts `here`.
pub fn find<'a>(text: &'a str, here: &Path) -> Result<(&'a str, PathBuf)> {
    let path = std::env::var_os("PATH");
    find_in(text, here, path.as_deref())
}

fn find_in<'a>(text: &'a str, here: &Path, path: Option<&OsStr>) -> Result<(&'a str, PathBuf)> {
    let (name, program) = text.split_once('=').unwrap_or((text, text));
    if name.is_empty() || program.is_empty() {
        bail!("--run {text}: a program is given as NAME[=PROGRAM]");
    }
    // As a shell has it, what has a slash in it is not looked for.
    if program.contains('/') {
        let program = here.join(program);
        if !is_program(&program) {
            bail!("--run {text}: {} is no program that can be started", program.display());
        }
        return Ok((name, program));
    }
    let folders = path.map(std::env::split_paths).into_iter().flatten();
    match folders.map(|folder| here.join(folder).join(program)).find(|found| is_program(found)) {
        Some(found) => Ok((name, found)),
        None => bail!(
            "--run {text}: there is no program '{program}' in PATH; say where it is with \
             --run {name}=/path/to/it"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Result<(&str, PathBuf)> {
        find_in(text, Path::new("/usr"), Some("bin:/nowhere:/bin:".as_ref()))
    }

    #[test]
    fn a_program_is_found_in_path_or_where_it_is_said_to_be() {
        assert_eq!(find("env").unwrap(), ("env", "/usr/bin/env".into()));
        assert_eq!(find("bin/env").unwrap(), ("bin/env", "/usr/bin/env".into()));
        assert_eq!(find("e=env").unwrap(), ("e", "/usr/bin/env".into()));
        assert_eq!(find("e=/usr/bin/env").unwrap(), ("e", "/usr/bin/env".into()));
    }

    #[test]
    fn what_is_no_program_is_an_error() {
        for wrong in ["", "=x", "x=", "no-such-program", "/usr/bin", "x=/etc/passwd", "./env"] {
            assert!(find(wrong).is_err(), "{wrong}");
        }
    }
}
