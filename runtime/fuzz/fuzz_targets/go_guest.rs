//! What Go guests send: a guest does what the input says, under a real script that calls it
//! in every way. Whatever it does, the host answers in time, keeps no more than it may, and
//! other sandboxes work.
#![no_main]

use luago::{Capabilities, Engine, GoModule, Sandbox, Script, Sharing, Stop};
use luago_fuzz::watch::Watch;
use luago_fuzz::{host, imports, machine};
use std::sync::{LazyLock, Mutex};

const SCRIPT: &str = include_str!("../go_guest.lua");

/// An engine, and the guest for it.
struct Place {
    engine: Engine,
    guest: GoModule,
}

/// Where segments are mapped, and where they are copied.
static PLACES: LazyLock<[Place; 2]> = LazyLock::new(|| {
    imports::check();
    let wasm = machine::go(&imports::of_sender());
    [Sharing::Mapped, Sharing::Copied].map(|sharing| {
        let engine = Engine::builder().cache_dir(host::cache()).sharing(sharing).max_sandboxes(16);
        let engine = engine.build().expect("an engine");
        let guest = GoModule::new(&engine, wasm.clone()).expect("a guest");
        let place = Place { engine, guest };
        place.check();
        place
    })
});

impl Place {
    fn check(&self) {
        host::check(&self.engine, |builder| builder.go("g", self.guest.clone(), host::grant(&[])));
    }
}

static WATCH: LazyLock<Mutex<Watch>> = LazyLock::new(Mutex::default);

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [flags, more, program @ ..] = data else { return };
    let has = |bit: u8| flags & (1 << bit) != 0;
    let place = &PLACES[usize::from(has(0))];
    let is_deterministic = has(5);
    let is_metered = has(4) || is_deterministic;
    let workers = if has(1) && has(2) && !is_metered { 1 + u32::from(more & 1) } else { 0 };
    let polls = has(3).then_some(usize::from(more >> 2) * 4);
    let run = || {
        let limits = host::limits(is_metered, is_deterministic);
        let mut builder = Sandbox::builder(&place.engine).lua(host::REAL).limits(limits);
        if is_deterministic {
            builder = builder.capabilities(Capabilities::default().deterministic(7));
        }
        if has(6) {
            builder = builder.on_event(|event| drop(std::hint::black_box(event.clone())));
        }
        let mut grant = host::grant(program).workers(workers);
        if has(7) {
            grant = grant.restart(luago::Restart::OnFailure);
        }
        let builder =
            host::functions(builder.go("g", place.guest.clone(), grant), !is_deterministic);
        let mut sandbox = match builder.build() {
            Ok(sandbox) => sandbox,
            // What is done for it has the deadline as well, which a busy machine may not hold.
            Err(error) if matches!(error.stop(), Some(Stop::Deadline { .. })) => return,
            Err(error) => panic!("no sandbox: {error}"),
        };
        host::run(&mut sandbox, &Script::new("go_guest", SCRIPT), polls);
        let _ = sandbox.close();
    };
    let guests = u64::from(workers.max(1)) + 1;
    let bytes = guests * host::MEMORY + guests * host::SEGMENTS;
    let mut watch = WATCH.lock().expect("a watch");
    if watch.run(host::DEADLINE + 2 * host::GRACE, bytes, run) {
        PLACES.iter().for_each(Place::check);
    }
});
