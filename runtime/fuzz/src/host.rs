//! What the targets grant to sandboxes, and how they run them.

use luago::{
    Context, Engine, GoGrant, Limits, LuaVersion, Sandbox, SandboxBuilder, Script, Segment, Value,
    Variadic,
};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Poll, Waker};
use std::time::Duration;

/// How long the run of an input may take.
pub const DEADLINE: Duration = Duration::from_millis(60);

/// How long a Go guest may go on when the sandbox closes.
pub const GRACE: Duration = Duration::from_millis(10);

/// Bytes of memory for each guest, and of segments.
pub const MEMORY: u64 = 4 << 20;
pub const SEGMENTS: u64 = 1 << 20;

/// The version of Lua that is real in every engine.
pub const REAL: LuaVersion = LuaVersion::Lua54;

/// Where compiled guests are kept.
pub fn cache() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/guests");
    std::fs::create_dir_all(&folder).expect("a folder for compiled guests");
    folder
}

static SHARED: LazyLock<Segment> = LazyLock::new(|| Segment::new(70_000).expect("a segment"));

/// What a sandbox may spend: time, or with metering fuel as well. Where a run is to be the
/// same everywhere, only fuel, for much less than that time.
pub fn limits(is_metered: bool, is_deterministic: bool) -> Limits {
    let limits = Limits::default().memory(MEMORY).segments(SEGMENTS).output(1 << 16);
    match (is_metered, is_deterministic) {
        (_, true) => limits.fuel(2_000_000),
        (true, false) => limits.deadline(DEADLINE).fuel(50_000_000),
        (false, false) => limits.deadline(DEADLINE),
    }
}

/// How many rings the host makes for a sandbox: what it makes is its own affair, and in
/// nobody's account.
const RINGS: u32 = 100;

/// Functions of the host, of every kind. Where a run has no deadline, each of them answers.
pub fn functions(builder: SandboxBuilder, has_deadline: bool) -> SandboxBuilder {
    let rings = AtomicU32::new(0);
    builder
        .function("echo", |_, values: Variadic<Value>| Ok::<_, String>(values))
        .function("fail", |_, text: Value| Err::<(), _>(format!("{text:?}")))
        .function("large", |_, ()| Ok::<_, String>("x".repeat(100_000)))
        .function("shared", |_, ()| Ok::<_, String>(SHARED.clone()))
        .function("looked", |_, ()| Ok::<_, String>(SHARED.read_only()))
        .function("ring", move |_, ()| match rings.fetch_add(1, Ordering::Relaxed) {
            0..RINGS => luago::ring(256).map_err(|error| error.to_string()),
            _ => Err("there are enough rings".to_string()),
        })
        .async_function("later", |_: Context, values: Variadic<Value>| async move {
            pass().await;
            Ok::<_, String>(values)
        })
        .async_function("never", move |_: Context, value: Value| async move {
            match has_deadline {
                true => std::future::pending::<()>().await,
                false => pass().await,
            }
            drop(value);
            Ok::<_, String>(())
        })
}

/// A grant with those functions, and those that a script defines.
pub fn grant(program: &[u8]) -> GoGrant {
    let names = ["echo", "fail", "later", "a", "b", "d", "g"];
    let grant = GoGrant::new().memory(MEMORY).grace(GRACE).output(1 << 16);
    let grant = grant.env("I", crate::program::letters(program));
    names.into_iter().fold(grant, GoGrant::function)
}

/// Is ready when it is polled for the second time.
async fn pass() {
    let mut polled = false;
    std::future::poll_fn(move |context| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Whether what becomes of an input is to be shown. For a look at a finding.
static IS_SHOWN: LazyLock<bool> = LazyLock::new(|| std::env::var_os("LUAGO_FUZZ_SHOW").is_some());

/// Runs a script, or the first `polls` steps of it.
pub fn run(sandbox: &mut Sandbox, script: &Script, polls: Option<usize>) {
    let Some(polls) = polls else {
        let outcome = sandbox.run(script);
        if *IS_SHOWN {
            eprintln!("{outcome:#?}");
        }
        return;
    };
    let mut future = Box::pin(sandbox.run_async(script));
    let mut context = std::task::Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if future.as_mut().poll(&mut context).is_ready() {
            return;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Panics unless a sandbox of that engine does what it is to.
pub fn check(engine: &Engine, with: impl FnOnce(SandboxBuilder) -> SandboxBuilder) {
    let builder = functions(with(Sandbox::builder(engine).lua(REAL)), true);
    let mut sandbox = builder.build().expect("a sandbox");
    let script = "
        local luago = require 'luago'
        local segment = luago.segment(64)
        local task = luago.spawn(later, segment, 5)
        local back, five = task:await()
        assert(five == 5 and #back == 64)
        assert(echo('a') == 'a' and #large() == 100000)
        local ok, g = pcall(require, 'g')
        if ok then assert(g.f() == nil) end
        luago.sleep(0)
        return 1";
    let outcome = sandbox.run(&Script::new("check", script)).expect("a run");
    assert!(outcome.is_returned(), "a good sandbox does not work any more: {outcome:?}");
}
