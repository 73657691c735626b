//! The native Lua that luago is compared with.
//!
//! `luago-oracle SCRIPT [ARGS]...` is the standalone interpreter for scripts with
//! arguments and nothing else. `luago-oracle --serve` runs one script after another
//! as it is told on standard input, each in a process of its own.

mod allocator;
mod interpreter;
mod pipes;
#[allow(dead_code, reason = "the harness uses the other half")]
mod protocol;
mod serve;

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().map(OsStringExt::into_vec);
    let program = args.next().unwrap_or_default();
    match args.next() {
        None => {
            eprintln!("usage: luago-oracle SCRIPT [ARGS]...");
            ExitCode::from(2)
        }
        Some(option) if option == b"--serve" => match serve::serve() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("luago-oracle: {error}");
                ExitCode::from(3)
            }
        },
        Some(name) => {
            let code = match std::fs::read(<std::ffi::OsString>::from_vec(name.clone())) {
                Ok(code) => code,
                Err(error) => {
                    eprintln!("lua: cannot open {} ({error})", String::from_utf8_lossy(&name));
                    return ExitCode::FAILURE;
                }
            };
            let script = interpreter::Script { program, name, code, args: args.collect() };
            let ran = interpreter::run(&script, None);
            if ran.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}
