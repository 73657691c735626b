//! Random programs of tasks, over Lua and Go guests as they are.

use super::guests::fixtures;
use super::model::{Note, check_end, check_events, check_notes, check_probe};
use super::program::{Mode, Program, programs};
use luago::{
    BridgeEvent, Capabilities, Error, Function, GoGrant, Limits, Restart, Sandbox, Script,
    TraceChecker,
};
use luago_test_support::sandboxes::engine;
use luago_test_support::versions::Lua;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How many steps all versions together carry out, unless `LUAGO_BRIDGE_STEPS` says.
const STEPS: u64 = 100_000;

/// Of these, how many parts of 16 each version has.
fn share(lua: Lua) -> u64 {
    if lua == "5.4" { 8 } else { 2 }
}

/// How long a program may take that has nothing to wait for.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a run leaves behind.
#[derive(Default)]
struct Record {
    notes: Mutex<Vec<Note>>,
    events: Mutex<Vec<BridgeEvent>>,
    steps: AtomicU64,
}

fn build(lua: Lua, program: &Program, record: &Arc<Record>) -> Sandbox {
    let grant = |index: usize| {
        let setup = &program.guests[index];
        let restart = if setup.restarts { Restart::OnFailure } else { Restart::Never };
        GoGrant::new()
            .memory(16 << 20)
            .workers(setup.workers)
            .restart(restart)
            .grace(Duration::from_millis(5))
    };
    let (noted, seen, counted) = (record.clone(), record.clone(), record.clone());
    let mut limits = Limits::default();
    let mut capabilities = Capabilities::default();
    match program.mode {
        Mode::Deterministic(seed) => capabilities = capabilities.deterministic(seed),
        Mode::Deadline(ms) => limits = limits.deadline(Duration::from_millis(ms)),
        _ => {}
    }
    Sandbox::builder(engine())
        .lua(lua.parse().unwrap())
        .limits(limits)
        .capabilities(capabilities)
        .go("fixtures", fixtures(), grant(0))
        .go("more", fixtures(), grant(1))
        .function("note", move |_, note: Note| {
            noted.notes.lock().unwrap().push(note);
            Ok::<_, String>(())
        })
        .function("count", move |_, ()| {
            counted.steps.fetch_add(1, Ordering::Relaxed);
            Ok::<_, String>(())
        })
        .on_event(move |event: &BridgeEvent| seen.events.lock().unwrap().push(event.clone()))
        .build()
        .unwrap()
}

/// Calls the program, and interrupts it if it does not end: a deadline would be one of the
/// contexts in Go too, and end what is stuck.
fn call(sandbox: &mut Sandbox, program: &Program) -> Result<(), Error> {
    let handle = sandbox.interrupt_handle();
    let after = match program.mode {
        Mode::Interrupted(ms) => Duration::from_millis(ms),
        _ => PATIENCE,
    };
    let (ended, end) = channel::<()>();
    let watch = std::thread::spawn(move || {
        if end.recv_timeout(after) == Err(RecvTimeoutError::Timeout) {
            handle.interrupt();
        }
    });
    let result = call_unwatched(sandbox, program);
    drop(ended);
    watch.join().unwrap();
    result
}

fn call_unwatched(sandbox: &mut Sandbox, program: &Program) -> Result<(), Error> {
    let steps = &program.steps;
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    match program.mode {
        Mode::Async => runtime().block_on(sandbox.call_async::<()>("run", steps)),
        Mode::Dropped(ms) => runtime().block_on(async {
            let call = sandbox.call_async::<()>("run", steps);
            tokio::time::timeout(Duration::from_millis(ms), call).await.unwrap_or(Ok(()))
        }),
        _ => sandbox.call::<()>("run", steps),
    }
}

/// Runs a program, and says what is wrong with what it did.
fn try_program(lua: Lua, program: &Program) -> (Result<(), String>, u64) {
    let record = Arc::new(Record::default());
    let result = run_program(lua, program, &record);
    (result, record.steps.load(Ordering::Relaxed))
}

fn run_program(lua: Lua, program: &Program, record: &Arc<Record>) -> Result<(), String> {
    let mut sandbox = build(lua, program, record);
    let may_stop =
        matches!(program.mode, Mode::Deadline(_) | Mode::Dropped(_) | Mode::Interrupted(_));
    let loaded: Result<Function, Error> =
        sandbox.load(&Script::new("steps", include_str!("steps.lua")));
    let began = loaded.and_then(|steps| sandbox.call::<()>(&steps, ()));
    // The first program waits for the guests to be compiled.
    let start = Instant::now();
    let mut leaked = None;
    match began {
        Err(error) if may_stop && error.stop().is_some() => {}
        Err(error) => return Err(format!("the program cannot begin: {error}")),
        Ok(()) => match call(&mut sandbox, program) {
            Err(error) if error.stop().is_some() && may_stop => {}
            Err(error) if error.lua_error().is_none() => {
                return Err(format!("the sandbox has failed: {error}"));
            }
            Err(error) => check_end(program, Some(&error.to_string()))?,
            Ok(()) => check_end(program, None)?,
        },
    }
    if !sandbox.is_dead() && !may_stop {
        look(&mut sandbox, program)?;
        let probe: Vec<String> =
            sandbox.call("probe", ()).map_err(|error| format!("it cannot probe: {error}"))?;
        check_probe(program, &probe)?;
    }
    if sandbox.is_dead() {
        if !may_stop {
            return Err("the sandbox is dead".to_string());
        }
        drop(sandbox);
    } else {
        match sandbox.close() {
            Ok(outcome) => leaked = Some(outcome.usage.leaked),
            Err(error) => return Err(format!("the sandbox cannot be closed: {error}")),
        }
    }
    if start.elapsed() > PATIENCE {
        return Err(format!("it took {:?}", start.elapsed()));
    }
    let events = record.events.lock().unwrap();
    check_trace(&events)?;
    check_events(program, &events, leaked.filter(|_| !may_stop))?;
    check_notes(program, &record.notes.lock().unwrap())
}

/// Looks at what has become of the tasks. Finalizers that are left run then, and what they
/// do can fail; but there are only so many.
fn look(sandbox: &mut Sandbox, program: &Program) -> Result<(), String> {
    for _ in 0..20 {
        match sandbox.call::<()>("look", ()) {
            Ok(()) => return Ok(()),
            Err(error) if error.lua_error().is_some() => {
                check_end(program, Some(&error.to_string()))?;
            }
            Err(error) => return Err(format!("it cannot look: {error}")),
        }
    }
    Err("finalizers never end".to_string())
}

fn check_trace(events: &[BridgeEvent]) -> Result<(), String> {
    let mut checker = TraceChecker::new();
    for (index, event) in events.iter().enumerate() {
        checker.feed(event).map_err(|violation| {
            let about: Vec<&BridgeEvent> =
                events[..=index].iter().filter(|other| other.task == event.task).collect();
            format!("{violation}\nevents of that task: {about:#?}")
        })?;
    }
    checker.finish()
}

for_each_version! {
    fn random_programs_keep_the_rules_of_tasks(lua) {
        let wanted: u64 = match std::env::var("LUAGO_BRIDGE_STEPS") {
            Ok(steps) => steps.parse().expect("LUAGO_BRIDGE_STEPS is a number of steps"),
            Err(_) => STEPS,
        };
        let wanted = wanted * share(lua) / 16;
        let done = AtomicU64::new(0);
        let mut cases = 0;
        while done.load(Ordering::Relaxed) < wanted {
            let config = Config {
                cases: 50,
                failure_persistence: None,
                max_shrink_iters: 3000,
                ..Config::default()
            };
            let result = TestRunner::new(config).run(&programs(), |program| {
                let (result, steps) = try_program(lua, &program);
                done.fetch_add(steps, Ordering::Relaxed);
                result.map_err(TestCaseError::fail)
            });
            match result {
                Ok(()) => cases += 50,
                Err(TestError::Fail(why, program)) => {
                    panic!("Lua {lua}: {why}\n{program:?}")
                }
                Err(other) => panic!("Lua {lua}: {other}"),
            }
        }
        println!("Lua {lua}: {cases} programs, {} steps", done.load(Ordering::Relaxed));
    }
}
