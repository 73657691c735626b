//! A plan carried out: the sandbox is built, everything is run in it, and how that ended is said.

use crate::plan::{Plan, Source, Step};
use crate::reading::{self, TooLarge};
use crate::report::Reporter;
use crate::terminal::compiling;
use crate::trace::Trace;
use crate::{exit_code, platform, repl, terminal};
use anyhow::{Context, Result};
use luago::{
    End, Engine, Limits, LuaVersion, Outcome, Sandbox, SandboxBuilder, Script, Stop, Stopped, Usage,
};
use std::fmt;
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Lets the process have as many descriptors as it may, if guests may have many: they share
/// a part of them, and what a shell grants is often a quarter of that.
fn raise_open_files(each: u32) {
    /// So many files for each that is open.
    const PART: u64 = 20;
    platform::raise_open_files(u64::from(each).saturating_mul(PART));
}

/// Carries out a plan: from it to the exit code.
pub fn carry_out(plan: Plan) -> Result<u8> {
    let report = plan.report.as_deref().map(Reporter::open).transpose()?;
    let trace = Trace::create(plan.trace.as_deref(), plan.trace_html.as_deref())?;
    let script = match &plan.script {
        Some(Source::File(path)) => Some(read_script(path, &plan.limits)?),
        Some(Source::Stdin) | None => None,
    };
    raise_open_files(plan.limits.get_open_files());
    let engine = engine(&plan)?;
    let mut builder = Sandbox::builder(&engine);
    for guest in &plan.go {
        let module = compiling(&guest.file.to_string_lossy(), || guest.load(&engine))?;
        builder = builder.go(&guest.name, module, guest.grant.clone());
    }
    compiling(&format!("Lua {}", plan.version), || engine.prepare(plan.version))?;
    if let Some(trace) = trace.clone() {
        builder = builder.on_event(move |event| trace.feed(event));
    }
    if plan.ignores_env {
        builder = builder.ignore_lua_path();
    }
    let mut sandbox = with_streams(builder)
        .lua(plan.version)
        .limits(plan.limits.clone())
        .capabilities(plan.capabilities.clone())
        .terminals(
            std::io::stdin().is_terminal(),
            std::io::stdout().is_terminal(),
            std::io::stderr().is_terminal(),
        )
        .build()?;
    interrupt_on_ctrl_c(&sandbox, trace.clone())?;

    // Everything is compiled: from here on it is the script's time.
    let clock = Clock { start: Instant::now(), limit: plan.limits.get_deadline() };
    let ended = Arc::new(AtomicBool::new(false));
    if let Some(limit) = plan.limits.get_deadline() {
        watch(limit, plan.version, report.clone(), Arc::clone(&ended), trace.clone())?;
    }
    let script = match &plan.script {
        Some(Source::Stdin) => Some(script_of_stdin(&plan.limits)?),
        _ => script,
    };
    if plan.show_version {
        print_version(plan.version)?;
    }
    let code = run_all(&plan, script, &mut sandbox, &clock)
        .and_then(|outcome| finish(&plan, report.as_ref(), sandbox, outcome, &ended));
    trace.map_or(Ok(()), |trace| trace.finish())?;
    code
}

/// The streams of this process: a regular file as one, so that the script can seek in it.
fn with_streams(builder: SandboxBuilder) -> SandboxBuilder {
    let builder = match regular_file(std::io::stdin()) {
        Some(file) => builder.stdin_file(file),
        None => builder.stdin(std::io::stdin()),
    };
    let builder = match regular_file(std::io::stdout()) {
        Some(file) => builder.stdout_file(file),
        None => builder.stdout(std::io::stdout()),
    };
    match regular_file(std::io::stderr()) {
        Some(file) => builder.stderr_file(file),
        None => builder.stderr(std::io::stderr()),
    }
}

fn regular_file(stream: impl platform::Stream) -> Option<File> {
    let file = platform::duplicate(stream).ok()?;
    file.metadata().is_ok_and(|about| about.is_file()).then_some(file)
}

fn read_script(path: &Path, limits: &Limits) -> Result<Script> {
    let cause = || CannotOpen(path.to_path_buf());
    let file = File::open(path).with_context(cause)?;
    let code = read_code(file, limits).with_context(cause)?;
    let name = [b"@", path.as_os_str().as_encoded_bytes()].concat();
    Ok(Script::file("", code).named(name))
}

/// A script that cannot be had. Its name need not be text.
#[derive(Debug)]
pub struct CannotOpen(pub PathBuf);

impl fmt::Display for CannotOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot open {}", self.0.display())
    }
}

/// The text of a script, which has to leave room for what Lua makes of it.
fn read_code(from: impl Read, limits: &Limits) -> Result<Vec<u8>> {
    let most = limits.get_memory() / 2;
    let remedy = ", half of the memory limit; --memory raises it";
    let code = reading::at_most(most, from)?;
    Ok(code.ok_or(TooLarge { most, remedy })?)
}

fn script_of_stdin(limits: &Limits) -> Result<Script> {
    let code = read_code(std::io::stdin(), limits);
    let code = code.context("cannot read standard input")?;
    Ok(Script::file("stdin", code).named("=stdin"))
}

/// The engine of a process that runs one script.
fn engine(plan: &Plan) -> Result<Engine> {
    use etcetera::BaseStrategy;
    let is_metered = plan.limits.get_fuel().is_some() || plan.is_deterministic;
    let mut builder = Engine::builder().max_sandboxes(1).metered(is_metered).compile(plan.compile);
    if plan.cache
        && let Ok(dirs) = etcetera::choose_base_strategy()
    {
        builder = builder.cache_dir(dirs.cache_dir().join("luago"));
    }
    let engine = builder.build()?;
    let writable = plan.writable.iter().chain(plan.go.iter().flat_map(|guest| &guest.writable));
    writable.for_each(|folder| engine.guard_cache(folder));
    if let Some(problem) = engine.cache_problem() {
        terminal::say(problem);
    }
    Ok(engine)
}

fn print_version(version: LuaVersion) -> Result<()> {
    let years = match version {
        LuaVersion::Lua51 => "1994-2012",
        LuaVersion::Lua52 => "1994-2015",
        LuaVersion::Lua53 => "1994-2020",
        _ => "1994-2026",
    };
    let text = format!(
        "Lua {}  Copyright (C) {years} Lua.org, PUC-Rio; in luago {}\n",
        version.release(),
        env!("CARGO_PKG_VERSION")
    );
    // As `lua` of that version does.
    let (written, stream) = match version {
        LuaVersion::Lua51 => (std::io::stderr().lock().write_all(text.as_bytes()), "error"),
        _ => (std::io::stdout().lock().write_all(text.as_bytes()), "output"),
    };
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.with_context(|| format!("cannot write to standard {stream}")),
    }
}

/// Everything up to the end of the script, within one deadline.
fn run_all(
    plan: &Plan,
    script: Option<Script>,
    sandbox: &mut Sandbox,
    clock: &Clock,
) -> Result<Outcome> {
    let mut last = Outcome { end: End::Returned, usage: sandbox.usage() };
    // Up to 5.2 there is no `arg` but for a script.
    let is_early = plan.version > LuaVersion::Lua52;
    if is_early && let Some(end) = set_arg(plan, sandbox)? {
        return Ok(end);
    }
    for step in &plan.steps {
        clock.hand_on(sandbox);
        last = match step {
            Step::Code { name, code } => {
                sandbox.run(&Script::with_chunk_name(*name, code.clone()))?
            }
            Step::File(path) => sandbox
                .run(&Script::with_chunk_name("=LUA_INIT", "dofile(...)").args([path.clone()]))?,
            Step::Require(name) => sandbox.require(name)?,
            Step::Warnings => {
                sandbox.run(&Script::with_chunk_name("=(command line)", "warn('@on')"))?
            }
        };
        if !last.is_returned() {
            return Ok(last);
        }
    }
    if let Some(script) = script {
        if !is_early && let Some(end) = set_arg(plan, sandbox)? {
            return Ok(end);
        }
        clock.hand_on(sandbox);
        last = sandbox.run(&script.args(plan.args.iter().cloned()))?;
        let goes_on = last.is_returned() || (plan.interactive && last.error().is_some());
        if !goes_on {
            return Ok(last);
        }
        if plan.interactive {
            terminal::say_end(&last.end);
        }
    }
    if plan.interactive {
        clock.hand_on(sandbox);
        last = match repl::run(sandbox, plan.version)? {
            Some(outcome) => outcome,
            None => Outcome { end: End::Returned, usage: sandbox.usage() },
        };
    }
    Ok(last)
}

/// Sets the table `arg`; how that ended, if it went wrong.
fn set_arg(plan: &Plan, sandbox: &mut Sandbox) -> Result<Option<Outcome>> {
    for (index, value) in &plan.arg {
        let outcome = sandbox.set_arg(*index, value)?;
        if !outcome.is_returned() {
            return Ok(Some(outcome));
        }
    }
    Ok(None)
}

/// The time that one command has for everything it runs.
struct Clock {
    start: Instant,
    limit: Option<Duration>,
}

impl Clock {
    fn hand_on(&self, sandbox: &mut Sandbox) {
        if let Some(limit) = self.limit {
            let left = limit.saturating_sub(self.start.elapsed());
            sandbox.set_deadline(Some(left.max(Duration::from_millis(1))));
        }
    }
}

/// Closes the sandbox, says how it went, and writes the report.
fn finish(
    plan: &Plan,
    report: Option<&Reporter>,
    sandbox: Sandbox,
    outcome: Outcome,
    ended: &AtomicBool,
) -> Result<u8> {
    let mut outcome = outcome;
    // The error comes first, as with `lua`; then finalizers have their say.
    let said = outcome.error().is_some();
    if said {
        terminal::say_end(&outcome.end);
    }
    if !sandbox.is_dead() {
        let closed = sandbox.close()?;
        outcome.usage = closed.usage;
        if outcome.is_returned() || !closed.is_returned() {
            outcome.end = closed.end;
        }
    }
    if ended.swap(true, Ordering::SeqCst) {
        // The watch has spoken and is ending the process.
        std::thread::sleep(Duration::from_secs(5));
    }
    outcome.end = with_whole_limit(outcome.end, plan);
    if matches!(outcome.stop(), Some(Stop::Deadline { .. })) {
        let end = outcome.end.clone();
        for_at_most(LAST_WORDS, move || terminal::say_end(&end));
    } else if outcome.error().is_none() || !said {
        terminal::say_end(&outcome.end);
    }
    if let Some(report) = report {
        report.write(&outcome.end, &outcome.usage, plan.version)?;
    }
    Ok(exit_code::of(&outcome.end))
}

/// A deadline is reported as it was given, not as what was left of it.
fn with_whole_limit(end: End, plan: &Plan) -> End {
    match (end, plan.limits.get_deadline()) {
        (End::Stopped(Stopped { stop: Stop::Deadline { .. }, traceback }), Some(limit)) => {
            End::Stopped(Stopped { stop: Stop::Deadline { limit }, traceback })
        }
        (end, _) => end,
    }
}

/// Writes what is left of a trace, where the process ends at once.
fn finish_trace(trace: Option<&Trace>) {
    if let Some(Err(error)) = trace.map(Trace::finish) {
        terminal::say(&format!("{error:#}"));
    }
}

fn interrupt_on_ctrl_c(sandbox: &Sandbox, trace: Option<Trace>) -> Result<()> {
    let handle = sandbox.interrupt_handle();
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::SeqCst) {
            luago::kill_commands();
            finish_trace(trace.as_ref());
            std::process::exit(i32::from(exit_code::INTERRUPTED));
        }
        handle.interrupt();
    })
    .context("cannot handle Ctrl-C")
}

/// How long after the deadline a script that waits for the host is given up.
const PATIENCE: Duration = Duration::from_millis(40);

/// How long it may take to say that the deadline passed, to whoever reads that.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How long a run that is over in time may take to say how it went, from the deadline on.
const FINISHING: Duration = Duration::from_secs(5);

/// Ends the process after the deadline even if the host is stuck for the script,
/// in a pipe that nobody reads or a file that never answers.
fn watch(
    limit: Duration,
    version: LuaVersion,
    report: Option<Reporter>,
    ended: Arc<AtomicBool>,
    trace: Option<Trace>,
) -> Result<()> {
    std::thread::Builder::new()
        .name("luago-watch".to_string())
        .spawn(move || {
            std::thread::sleep(limit.saturating_add(PATIENCE));
            luago::kill_commands();
            if ended.swap(true, Ordering::SeqCst) {
                std::thread::sleep(FINISHING);
            } else {
                for_at_most(LAST_WORDS, move || {
                    let stop = Stop::Deadline { limit };
                    let end = End::Stopped(Stopped { stop, traceback: String::new() });
                    terminal::say_end(&end);
                    if let Some(report) = report {
                        let usage = Usage { wall: limit, ..Usage::default() };
                        if let Err(error) = report.write(&end, &usage, version) {
                            terminal::say(&format!("{error:#}"));
                        }
                    }
                    finish_trace(trace.as_ref());
                });
            }
            std::process::exit(i32::from(exit_code::DEADLINE));
        })
        .context("cannot start a thread")?;
    Ok(())
}

/// Writes something, or gives that up after a time: nobody may be reading it, and the script
/// may have filled the pipe.
fn for_at_most(time: Duration, write: impl FnOnce() + Send + 'static) {
    let (done, is_done) = mpsc::channel::<()>();
    let writer = std::thread::Builder::new().name("luago-last-words".to_string());
    let writer = writer.spawn(move || {
        write();
        drop(done);
    });
    if writer.is_ok() {
        let _ = is_done.recv_timeout(time);
    }
}
