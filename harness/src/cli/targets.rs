//! Targets and bounds from options, and the options that repeat a run.

use super::args::{CompileWhen, TargetArgs};
use super::exit::usage;
use crate::target::{Bounds, Targets};
use anyhow::{Result, anyhow};
use clap::ValueEnum;

pub fn targets(args: &TargetArgs) -> Result<Targets> {
    let builds = match &args.builds {
        Some(folder) => folder.clone(),
        None => Targets::default_folder()?,
    };
    if let Some(guests) = &args.guests
        && !guests.is_dir()
    {
        return usage(Err(anyhow!("--guests: {} is not a folder", guests.display())));
    }
    Targets::compiling(builds, args.guests.as_deref(), args.compile.into())
}

pub fn bounds(args: &TargetArgs) -> Bounds {
    Bounds { time: args.timeout, memory: Some(args.memory.as_u64()), ..Bounds::default() }
}

/// The options that repeat a run: those that differ from the defaults.
pub fn target_words(args: &TargetArgs) -> Vec<String> {
    let mut words = Vec::new();
    let usual = Bounds::default();
    if let Some(guests) = &args.guests {
        words.extend(["--guests".to_string(), guests.to_string_lossy().into_owned()]);
    }
    if args.compile != CompileWhen::Off {
        let name = args.compile.to_possible_value();
        words.push("--compile".to_string());
        words.extend(name.map(|name| name.get_name().to_string()));
    }
    if args.timeout != usual.time {
        words.push("--timeout".to_string());
        words.push(humantime::format_duration(args.timeout).to_string().replace(' ', ""));
    }
    if Some(args.memory.as_u64()) != usual.memory {
        words.extend(["--memory".to_string(), args.memory.as_u64().to_string()]);
    }
    words
}

/// The words of a command, quoted for a shell where they need it.
pub fn quoted(words: impl IntoIterator<Item = String>) -> String {
    let quote = |word: String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=+%,@".contains(&byte);
        if !word.is_empty() && word.bytes().all(plain) {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}
