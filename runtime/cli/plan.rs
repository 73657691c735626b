//! What is to be done: the command line, understood and checked.

use crate::args::Args;
use crate::go::Guest;
use crate::places::{Dir, Places};
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
    pub is_deterministic: bool,
    /// Directories that the script can write.
    pub writable: Vec<PathBuf>,
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
        let places = Places::here()?;
        let dirs = args.dirs.iter().map(|text| Dir::parse(text)).collect::<Result<Vec<_>>>()?;
        let capabilities = capabilities(&args, &places, &dirs)?;
        let go = args.go.iter().map(|text| Guest::parse(text, &places)).collect::<Result<_>>()?;
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
        let capabilities = match beside.is_dir() {
            true => beside_script(capabilities, &places, &beside),
            false => capabilities,
        };

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
            writable: writable(&dirs),
            is_deterministic: args.deterministic.is_some(),
        })
    }
}

/// An argument as Lua sees it: its bytes.
fn bytes(text: &OsStr) -> Vec<u8> {
    text.as_encoded_bytes().to_vec()
}

fn capabilities(args: &Args, places: &Places, dirs: &[Dir]) -> Result<Capabilities> {
    let mut capabilities = Capabilities::default();
    for (dir, text) in dirs.iter().zip(&args.dirs) {
        if !dir.host.is_dir() {
            bail!("--dir {}: there is no directory {:?}", text.display(), dir.host);
        }
    }
    let (named, working_dir) = places.name(dirs);
    for dir in named {
        capabilities = capabilities.dir(dir.host, dir.name, dir.access);
    }
    if let Some(place) = working_dir {
        capabilities = capabilities.working_dir(place);
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

/// Grants the Lua modules beside the script, by every name that the folder has.
fn beside_script(capabilities: Capabilities, places: &Places, beside: &Path) -> Capabilities {
    let mut capabilities = capabilities.modules(beside).modules_named(beside);
    for name in places.names(beside) {
        capabilities = capabilities.modules_named(name);
    }
    capabilities
}

/// Those of the directories that can be written.
pub fn writable(dirs: &[Dir]) -> Vec<PathBuf> {
    let writable = dirs.iter().filter(|dir| dir.access == Access::ReadWrite);
    writable.map(|dir| dir.host.clone()).collect()
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
