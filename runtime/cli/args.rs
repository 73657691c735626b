//! The command line as it is typed.

use bytesize::ByteSize;
use clap::{Parser, ValueEnum, ValueHint};
use clap_complete::Shell;
use luago::{Limits, LuaVersion};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  luago-run script.lua one two          run a script with two arguments
  luago-run -e 'print(2^53)'            run a line of code
  luago-run --dir data:ro script.lua    let it read the folder data
  luago-run --timeout 1s --memory 64MiB script.lua
  luago-run --lua 5.1 -i                type Lua 5.1 and see results";

/// Run a Lua script in a sandbox that can do only what it was granted.
///
/// Works as the interpreter `lua` does. Without SCRIPT, -e or -i it reads a
/// program from standard input, or is interactive on a terminal. Nothing is
/// granted by default: no files, no variables, no processes, no network. Modules
/// in Lua files beside the script can be required.
#[derive(Debug, Parser)]
#[command(name = "luago-run", version, max_term_width = 90)]
#[command(after_help = format!("{EXAMPLES}\n\n{}", crate::exit_code::TABLE))]
pub struct Args {
    /// The version of Lua: 5.1, 5.2, 5.3, 5.4 or 5.5
    #[arg(long, value_name = "VERSION", default_value = "5.4")]
    pub lua: LuaVersion,

    /// Run this code before the script; can be repeated
    #[arg(short = 'e', value_name = "CODE", allow_hyphen_values = true)]
    pub exec: Vec<OsString>,

    /// Require this module before the script (NAME, or from 5.4 on GLOBAL=NAME); can be
    /// repeated
    #[arg(short = 'l', value_name = "NAME")]
    pub require: Vec<OsString>,

    /// Be interactive after the script
    #[arg(short = 'i')]
    pub interactive: bool,

    /// Show the version of Lua
    #[arg(short = 'v')]
    pub show_version: bool,

    /// Turn warnings on (5.4 and 5.5)
    #[arg(short = 'W')]
    pub warnings: bool,

    /// Ignore LUA_INIT and LUA_PATH, even if they are granted (5.2 and later)
    #[arg(short = 'E')]
    pub ignore_env: bool,

    /// Grant a directory, read-only unless `rw`; the script sees it under the names that it
    /// has here, or as GUEST
    #[arg(long = "dir", value_name = "HOST[:GUEST][:ro|rw]", value_hint = ValueHint::DirPath)]
    pub dirs: Vec<OsString>,

    /// Grant a variable of the environment, or set one
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    pub env: Vec<OsString>,

    /// Let the script start this program with io.popen and os.execute; it is looked for in
    /// PATH, or is PROGRAM. It is not sandboxed; there is no shell; can be repeated
    #[arg(long = "run", value_name = "NAME[=PROGRAM]")]
    pub run: Vec<String>,

    // Not a comment of documentation, where brackets would be links.
    #[arg(
        long = "go",
        value_name = "NAME=FILE[,OPTION=VALUE]…",
        value_hint = ValueHint::FilePath,
        help = "Let the script require a Go program, compiled to WebAssembly, by NAME. OPTIONS \
                grant it something: memory=SIZE, stack=SIZE, workers=N, restart=on-failure, busy=DURATION, \
                output=SIZE, grace=DURATION, dir=HOST[:GUEST][:ro|rw], env=NAME[=VALUE], \
                call=FUNCTION"
    )]
    pub go: Vec<String>,

    /// The most memory the script can use
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size)]
    pub memory: ByteSize,

    /// The most memory of segments, which the script and Go programs share, beside --memory
    /// [default: 64MiB, or as much as --memory]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub segments: Option<ByteSize>,

    /// The most files and folders the script, and each Go program, can have open at once
    #[arg(long, value_name = "N", default_value_t = Limits::default().get_open_files())]
    pub open_files: u32,

    /// Stop the script after this time [default: never]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub timeout: Option<Duration>,

    /// Stop the script after this many units of fuel, about one an instruction
    /// [default: not metered]
    #[arg(long, value_name = "N")]
    pub fuel: Option<u64>,

    /// Stop the script after this much output [default: unlimited]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_output: Option<ByteSize>,

    /// The most levels of tables in a value that passes to or from a Go program
    #[arg(long, value_name = "N", default_value_t = Limits::default().get_value_depth())]
    pub value_depth: u32,

    /// The most values, with everything in them, that pass in one call
    #[arg(long, value_name = "N", default_value_t = Limits::default().get_value_elements())]
    pub value_elements: u32,

    /// The most bytes of strings that pass in one call
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = size)]
    pub value_bytes: ByteSize,

    /// The most that the host keeps for the script beside --memory, such as values on
    /// their way and calls that wait
    #[arg(long, value_name = "SIZE", default_value = "8MiB", value_parser = size)]
    pub host_bytes: ByteSize,

    /// Give the script a clock and random numbers that are the same each time
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "0")]
    pub deterministic: Option<u64>,

    /// Write a JSON object on how the run ended to FILE, or to standard output
    #[arg(long, value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    pub report: Option<PathBuf>,

    /// Write each step in the lives of tasks to FILE, as lines of JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trace: Option<PathBuf>,

    /// Write a page with a timeline of all tasks to FILE
    #[arg(long, value_name = "FILE.html", value_hint = ValueHint::FilePath)]
    pub trace_html: Option<PathBuf>,

    /// Compile the interpreter anew and keep nothing on disk
    #[arg(long)]
    pub no_cache: bool,

    /// Which functions become machine code of their own: in Lua 5.4, on Linux, and without --fuel
    /// and --deterministic
    #[arg(long, value_name = "WHEN", default_value = "off")]
    pub compile: CompileWhen,

    /// Show what a Go guest was built from, and whether it can run here
    #[arg(long, value_name = "GUEST", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["exec", "require", "interactive", "script"])]
    pub inspect: Option<PathBuf>,

    /// With --inspect: print a JSON object
    #[arg(long, requires = "inspect")]
    pub json: bool,

    /// Print a script that completes this command in a shell
    #[arg(long, value_name = "SHELL", exclusive = true)]
    pub completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, exclusive = true)]
    pub man_page: bool,

    /// The script to run, or - for standard input, and its arguments: whatever follows
    /// the script is its own
    #[arg(value_name = "SCRIPT [ARGS]", trailing_var_arg = true, value_hint = ValueHint::FilePath)]
    pub script: Vec<OsString>,
}

/// Which functions are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompileWhen {
    /// None
    Off,
    /// Those that run again and again, beside the script
    Hot,
    /// Any that is not too large, before it is first run
    Eager,
}

impl From<CompileWhen> for luago::Compile {
    fn from(when: CompileWhen) -> luago::Compile {
        match when {
            CompileWhen::Off => luago::Compile::Off,
            CompileWhen::Hot => luago::Compile::Hot,
            CompileWhen::Eager => luago::Compile::Eager,
        }
    }
}

/// A size as people write it.
pub fn size(text: &str) -> Result<ByteSize, String> {
    text.parse().map_err(|_| "it is no size; write one as 64MiB".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_crate() {
        let args = Args::parse_from(["luago-run"]);
        let limits = Limits::default();
        assert_eq!(args.memory.as_u64(), limits.get_memory());
        assert_eq!(args.value_bytes.as_u64(), limits.get_value_bytes());
        assert_eq!(args.host_bytes.as_u64(), limits.get_host_bytes());
    }

    #[test]
    fn a_size_is_a_number_and_a_unit() {
        assert_eq!(size("64MiB"), Ok(ByteSize::mib(64)));
        assert_eq!(size("1000"), Ok(ByteSize::b(1000)));
        assert_eq!(size("lots").unwrap_err(), "it is no size; write one as 64MiB");
    }
}
