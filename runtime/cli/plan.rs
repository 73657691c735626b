//! What is to be done: the command line, understood and checked.

use crate::args::Args;
use crate::go::Guest;
use crate::places::{Dir, Places, writable};
use crate::{platform, programs};
use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use luago::{Capabilities, Limits, LuaVersion};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
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
    /// Whether `-E` is given, so that no variable counts for Lua itself.
    pub ignores_env: bool,
    /// What the script gets as `...`.
    pub args: Vec<Vec<u8>>,
    pub report: Option<PathBuf>,
    pub trace: Option<PathBuf>,
    pub trace_html: Option<PathBuf>,
    pub go: Vec<Guest>,
    pub cache: bool,
    pub compile: luago::Compile,
    pub is_deterministic: bool,
    /// Directories that the script can write.
    pub writable: Vec<PathBuf>,
}

/// Something that comes before the script.
pub enum Step {
    Code {
        name: &'static str,
        code: Vec<u8>,
    },
    /// That of `LUA_INIT`.
    File(Vec<u8>),
    Require(Vec<u8>),
    Warnings,
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
        check_options(&args)?;
        check_files(&args)?;
        let places = Places::here()?;
        let dirs = args.dirs.iter().map(|text| Dir::parse(text)).collect::<Result<Vec<_>>>()?;
        let capabilities = capabilities(&args, &places, &dirs)?;
        let go = args.go.iter().map(|text| Guest::parse(text, &places)).collect::<Result<_>>()?;
        let mut steps = if args.ignore_env { Vec::new() } else { init_steps(&args) };
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
            let value = value.as_encoded_bytes().to_vec();
            arg.push((i32::try_from(index)? - i32::try_from(script_at)?, value));
        }

        let limits = match args.segments {
            Some(segments) => Limits::default().segments(segments.as_u64()),
            None => Limits::default(),
        };
        let limits = limits
            .memory(args.memory.as_u64())
            .open_files(args.open_files)
            .value_depth(args.value_depth)
            .value_elements(args.value_elements)
            .value_bytes(args.value_bytes.as_u64())
            .host_bytes(args.host_bytes.as_u64())
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
            ignores_env: args.ignore_env,
            args: script_args.iter().map(|argument| argument.as_encoded_bytes().to_vec()).collect(),
            report: args.report,
            trace: args.trace,
            trace_html: args.trace_html,
            go,
            cache: !args.no_cache,
            compile: args.compile.into(),
            writable: writable(&dirs),
            is_deterministic: args.deterministic.is_some(),
        })
    }
}

/// Of two things that are written to one file, one would be lost.
fn check_files(args: &Args) -> Result<()> {
    let all =
        [("--report", &args.report), ("--trace", &args.trace), ("--trace-html", &args.trace_html)];
    let mut files: Vec<(&str, PathBuf)> = Vec::new();
    for (option, path) in
        all.into_iter().filter_map(|(option, path)| Some((option, path.as_ref()?)))
    {
        let file = whole(path);
        // What is written to a device or a pipe does not take the place of anything.
        if file.exists() && !file.is_file() {
            continue;
        }
        if let Some((other, _)) = files.iter().find(|(_, other)| *other == file) {
            bail!(
                "{other} and {option} both write to {}; give each a file of its own",
                path.display()
            );
        }
        files.push((option, file));
    }
    Ok(())
}

/// The name that a file has or will have, without links.
fn whole(path: &Path) -> PathBuf {
    let whole = |path: &Path| path.canonicalize().ok();
    let new = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Some(whole(folder.unwrap_or(Path::new(".")))?.join(path.file_name()?))
    };
    whole(path).or_else(new).unwrap_or_else(|| path.to_path_buf())
}

/// What only some versions have, and says so in the others.
fn check_options(args: &Args) -> Result<()> {
    let version = args.lua;
    if args.warnings && version < LuaVersion::Lua54 {
        bail!("-W: Lua {version} has no warnings; --lua 5.4 and --lua 5.5 have them");
    }
    if args.ignore_env && version < LuaVersion::Lua52 {
        bail!("-E: Lua {version} has no such option; no variable counts that --env does not grant");
    }
    // 5.1 takes whatever comes next, such as a comment.
    let hyphen = |code: &&OsString| code.as_encoded_bytes().starts_with(b"-");
    match args.exec.iter().find(hyphen) {
        Some(code) if version > LuaVersion::Lua51 => bail!(
            "-e {}: '-e' needs code, which does not start with '-'; write it with a space before",
            code.display()
        ),
        _ => Ok(()),
    }
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
        let (name, value) = match split_once(text, b'=') {
            Some((name, value)) => (name, value.into_owned()),
            None => {
                let Some(value) = std::env::var_os(text) else {
                    let text = text.display();
                    bail!(
                        "--env {text}: there is no such variable; give it a value with \
                         --env {text}=VALUE"
                    );
                };
                (text.as_os_str().into(), value)
            }
        };
        capabilities = capabilities.env(name, value);
    }
    if !args.run.is_empty() {
        let here = std::env::current_dir().context("--run: the current directory is gone")?;
        for text in &args.run {
            let (name, program) = programs::find(text, &here)?;
            capabilities = capabilities.command(name, program);
        }
        // A command has no terminal, from which it could read what was typed for others.
        capabilities =
            capabilities.commands_dir(here).commands_inherit_stdin(!std::io::stdin().is_terminal());
    }
    if let Some(seed) = args.deterministic {
        capabilities = capabilities.deterministic(seed);
    }
    Ok(capabilities)
}

/// What is before the first such byte, and what is after it.
fn split_once(text: &OsStr, at: u8) -> Option<(Cow<'_, OsStr>, Cow<'_, OsStr>)> {
    let at = text.as_encoded_bytes().iter().position(|&byte| byte == at)?;
    let (before, after) = (&text.as_encoded_bytes()[..at], &text.as_encoded_bytes()[at + 1..]);
    Some((platform::text(before), platform::text(after)))
}

/// Grants the Lua modules beside the script, by every name that the folder has.
fn beside_script(capabilities: Capabilities, places: &Places, beside: &Path) -> Capabilities {
    let as_named = platform::guest_name(beside.to_path_buf());
    let mut capabilities = capabilities.modules(beside).modules_named(as_named);
    for name in places.names(beside) {
        capabilities = capabilities.modules_named(name);
    }
    capabilities
}

/// What `LUA_INIT` asks for, where it was granted: the version's own, or that of all.
fn init_steps(args: &Args) -> Vec<Step> {
    let granted = |name: &str| {
        args.env.iter().rev().find_map(|text| match split_once(text, b'=') {
            Some((key, value)) if *key == *name => Some(value.into_owned()),
            None if text == name => std::env::var_os(name),
            _ => None,
        })
    };
    let own = match args.lua {
        LuaVersion::Lua51 => None,
        LuaVersion::Lua52 => Some("=LUA_INIT_5_2"),
        LuaVersion::Lua53 => Some("=LUA_INIT_5_3"),
        LuaVersion::Lua54 => Some("=LUA_INIT_5_4"),
        LuaVersion::Lua55 => Some("=LUA_INIT_5_5"),
    };
    let mut names = own.into_iter().chain(["=LUA_INIT"]);
    let Some((name, value)) = names.find_map(|name| Some((name, granted(&name[1..])?))) else {
        return Vec::new();
    };
    vec![match value.as_encoded_bytes().strip_prefix(b"@") {
        Some(file) => Step::File(file.to_vec()),
        None => Step::Code { name, code: value.as_encoded_bytes().to_vec() },
    }]
}

/// `-e`, `-l` and `-W` in the order in which they were given.
fn ordered_steps(args: &Args, matches: &ArgMatches) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, code) in matches.indices_of("exec").into_iter().flatten().zip(&args.exec) {
        let code = code.as_encoded_bytes().to_vec();
        steps.push((index, Step::Code { name: "=(command line)", code }));
    }
    for (index, name) in matches.indices_of("require").into_iter().flatten().zip(&args.require) {
        steps.push((index, Step::Require(name.as_encoded_bytes().to_vec())));
    }
    if args.warnings
        && let Some(index) = matches.index_of("warnings")
    {
        steps.push((index, Step::Warnings));
    }
    steps.sort_by_key(|(index, _)| *index);
    steps.into_iter().map(|(_, step)| step).collect()
}
