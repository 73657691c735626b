//! What is to be done: the command line, understood and checked.

use crate::args::Args;
use crate::go::Guest;
use anyhow::{Result, bail};
use clap::ArgMatches;
use luago::{Access, Capabilities, Limits, LuaVersion};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// A run, ready to be carried out.
pub struct Plan {
    pub version: LuaVersion,
    pub limits: Limits,
    pub capabilities: Capabilities,
    pub show_version: bool,
    pub steps: Vec<Step>,
    pub script: Option<Source>,
    pub interactive: bool,
    /// Elements of the table `arg`.
    pub arg: Vec<(i32, Vec<u8>)>,
    /// What the script gets as `...`.
    pub args: Vec<Vec<u8>>,
    pub report: Option<PathBuf>,
    pub trace: Option<PathBuf>,
    pub trace_html: Option<PathBuf>,
    pub go: Vec<Guest>,
    pub cache: bool,
}

/// Something that comes before the script.
pub enum Step {
    Code { name: &'static str, code: String },
    File(String),
    Require(String),
}

/// Where the script comes from.
pub enum Source {
    File(PathBuf),
    Stdin,
}

impl Plan {
    /// Checks the arguments; `raw` is the command line as it was typed.
    pub fn new(
        args: Args,
        matches: &ArgMatches,
        raw: &[OsString],
        stdin_is_terminal: bool,
    ) -> Result<Plan> {
        let capabilities = capabilities(&args)?;
        let go = args.go.iter().map(|text| Guest::parse(text)).collect::<Result<_>>()?;
        let mut steps = init_steps(&args, &capabilities);
        steps.extend(ordered_steps(&args, matches));

        let asked_for_code = !args.exec.is_empty() || args.interactive || args.show_version;
        let script_args = args.script.get(1..).unwrap_or_default();
        let (script, interactive) = match args.script.first() {
            Some(name) if name == "-" => (Some(Source::Stdin), args.interactive),
            Some(name) => (Some(Source::File(PathBuf::from(name))), args.interactive),
            None if asked_for_code => (None, args.interactive),
            None if stdin_is_terminal => (None, true),
            None => (Some(Source::Stdin), false),
        };
        let beside = match &script {
            Some(Source::File(path)) => match path.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
                _ => PathBuf::from("."),
            },
            _ => PathBuf::from("."),
        };
        let capabilities =
            if beside.is_dir() { capabilities.modules(beside) } else { capabilities };

        let script_at = match args.script.len() {
            0 => 0,
            words => raw.len().saturating_sub(words),
        };
        let mut arg = Vec::with_capacity(raw.len());
        for (index, value) in raw.iter().enumerate() {
            arg.push((i32::try_from(index)? - i32::try_from(script_at)?, bytes(value)));
        }

        let limits = match args.segments {
            Some(segments) => Limits::default().segments(segments.as_u64()),
            None => Limits::default(),
        };
        let limits = limits
            .memory(args.memory.as_u64())
            .open_files(args.open_files)
            .deadline(args.timeout)
            .fuel(args.fuel)
            .output(args.max_output.map(|size| size.as_u64()));
        Ok(Plan {
            version: args.lua,
            limits,
            capabilities,
            show_version: args.show_version || interactive,
            steps,
            script,
            interactive,
            arg,
            args: script_args.iter().map(|argument| bytes(argument)).collect(),
            report: args.report,
            trace: args.trace,
            trace_html: args.trace_html,
            go,
            cache: !args.no_cache,
        })
    }
}

/// An argument as Lua sees it: its bytes.
fn bytes(text: &OsStr) -> Vec<u8> {
    text.as_encoded_bytes().to_vec()
}

fn capabilities(args: &Args) -> Result<Capabilities> {
    let mut capabilities = Capabilities::default();
    for text in &args.dirs {
        let (host, guest, access) = parse_dir(text)?;
        if !Path::new(host).is_dir() {
            bail!("--dir {text}: there is no directory {host:?}");
        }
        capabilities = capabilities.dir(host, guest, access);
    }
    for text in &args.env {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, value.to_string()),
            None => {
                let Ok(value) = std::env::var(text) else {
                    bail!(
                        "--env {text}: there is no such variable; give it a value with \
                         --env {text}=VALUE"
                    );
                };
                (text.as_str(), value)
            }
        };
        capabilities = capabilities.env(name, value);
    }
    if let Some(seed) = args.deterministic {
        capabilities = capabilities.deterministic(seed);
    }
    Ok(capabilities)
}

/// Takes `HOST[:GUEST][:ro|rw]` apart.
pub fn parse_dir(text: &str) -> Result<(&str, &str, Access)> {
    let (rest, access) = match text.rsplit_once(':') {
        Some((rest, "ro")) => (rest, Access::ReadOnly),
        Some((rest, "rw")) => (rest, Access::ReadWrite),
        _ => (text, Access::ReadOnly),
    };
    let (host, guest) = rest.split_once(':').unwrap_or((rest, rest));
    if host.is_empty() || guest.is_empty() {
        bail!("--dir {text}: a directory is given as HOST[:GUEST][:ro|rw]");
    }
    if guest.contains(':') {
        bail!("--dir {text}: after HOST:GUEST only ro or rw can follow");
    }
    Ok((host, guest, access))
}

/// What `LUA_INIT` asks for, where it was granted.
fn init_steps(args: &Args, _: &Capabilities) -> Vec<Step> {
    let own = format!("LUA_INIT_{}", args.lua.as_str().replace('.', "_"));
    let granted = |name: &str| {
        args.env.iter().rev().find_map(|text| match text.split_once('=') {
            Some((key, value)) if key == name => Some(value.to_string()),
            None if text == name => std::env::var(name).ok(),
            _ => None,
        })
    };
    let own = (args.lua != LuaVersion::Lua51).then(|| granted(&own)).flatten();
    match own.or_else(|| granted("LUA_INIT")) {
        None => Vec::new(),
        Some(value) => vec![match value.strip_prefix('@') {
            Some(file) => Step::File(file.to_string()),
            None => Step::Code { name: "=LUA_INIT", code: value },
        }],
    }
}

/// `-e` and `-l` in the order in which they were given.
fn ordered_steps(args: &Args, matches: &ArgMatches) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, code) in matches.indices_of("exec").into_iter().flatten().zip(&args.exec) {
        steps.push((index, Step::Code { name: "=(command line)", code: code.clone() }));
    }
    for (index, name) in matches.indices_of("require").into_iter().flatten().zip(&args.require) {
        steps.push((index, Step::Require(name.clone())));
    }
    steps.sort_by_key(|(index, _)| *index);
    steps.into_iter().map(|(_, step)| step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_read_only_and_keeps_its_name_unless_told_otherwise() {
        assert_eq!(parse_dir("a").unwrap(), ("a", "a", Access::ReadOnly));
        assert_eq!(parse_dir("a:rw").unwrap(), ("a", "a", Access::ReadWrite));
        assert_eq!(parse_dir("a:b").unwrap(), ("a", "b", Access::ReadOnly));
        assert_eq!(parse_dir("/a/b:c:rw").unwrap(), ("/a/b", "c", Access::ReadWrite));
        assert_eq!(parse_dir("a:b:ro").unwrap(), ("a", "b", Access::ReadOnly));
        for wrong in ["", ":b", "a:", "a:b:c", ":rw"] {
            assert!(parse_dir(wrong).is_err(), "{wrong}");
        }
    }
}
