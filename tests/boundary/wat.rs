//! Go guests that no Go compiler has made: just enough of the ABI, as text, with what is
//! hostile put in.

use crate::measure::cache;
use luago::{Engine, GoModule, Limits, Outcome, Sandbox, SandboxBuilder, Script};
use std::sync::OnceLock;
use std::time::Duration;

/// A guest. It has the functions `f` and `g`, started as tasks, and `now`, called directly.
/// What it does not define does nothing.
pub struct Guest {
    /// Pages of memory to begin with.
    pub pages: u32,
    /// The body of `luago_start`, with `$task`, `$f`, `$i` and `$j`; the number of events.
    pub start: String,
    /// The body of `luago_deliver`, with `$call`, `$i` and `$j`; the number of events.
    pub deliver: String,
    /// The body of `luago_poll`, with `$budget`, `$i` and `$j`; the number of events.
    pub poll: String,
    /// The body of `luago_call`, with `$f`, `$i` and `$j`; the answer.
    pub call: String,
    /// The body of `luago_room`, with `$len`; the address of room for a large frame.
    pub room: String,
    /// The body of `_initialize`, with `$i` and `$j`.
    pub initialize: String,
    /// Imports.
    pub imports: String,
    /// Anything else: globals, functions, data from 64 KiB on.
    pub more: String,
}

impl Default for Guest {
    fn default() -> Guest {
        Guest {
            pages: 4,
            start: "(call $done (local.get $task))".to_string(),
            deliver: "(i32.const 0)".to_string(),
            poll: "(i32.const 0)".to_string(),
            call: "(i64.const 0)".to_string(),
            room: "(i32.const 0)".to_string(),
            initialize: String::new(),
            imports: String::new(),
            more: String::new(),
        }
    }
}

/// Where its events are, one of 32 bytes after the other.
pub const EVENTS: u32 = 0x2_0000;

impl Guest {
    /// Its module.
    ///
    /// `$event` writes an event: its index, its kind (1 done, 2 call, 3 abandon, 4 report), the
    /// task, the number, and of its frame the count, the address and the length, and the
    /// function that is called. `$done` ends a task without results and gives 1. `$slot` writes
    /// a slot: its address, tag, aux and payload.
    pub fn wasm(&self) -> Vec<u8> {
        let Guest { pages, start, deliver, poll, call, room, initialize, imports, more } = self;
        // The control block: inbox, outbox, events, functions.
        let block: Vec<u8> = [0x1000, 0x2000, 0x1_0000, 0, EVENTS, 0, 0, 0, 2048, 144, 9]
            .iter()
            .flat_map(|field: &u32| field.to_le_bytes())
            .chain([0; 16])
            .collect();
        let slot = |tag: u32, aux: u32, payload: u64| {
            [&tag.to_le_bytes()[..], &aux.to_le_bytes(), &payload.to_le_bytes()].concat()
        };
        let functions: Vec<u8> = [(512u64, 1u32, 0u64), (513, 1, 0), (514, 3, 1)]
            .iter()
            .flat_map(|&(at, len, flags)| [slot(4, len, at), slot(2, 0, flags), slot(4, 0, 512)])
            .flatten()
            .collect();
        let text =
            |bytes: &[u8]| bytes.iter().map(|byte| format!("\\{byte:02x}")).collect::<String>();
        let (block, functions) = (text(&block), text(&functions));
        let source = format!(
            r#"(module
            {imports}
            (memory (export "memory") {pages})
            (data (i32.const 512) "fgnow")
            (data (i32.const 1024) "{block}")
            (data (i32.const 2048) "{functions}")
            (func $event (param $index i32) (param $kind i32) (param $task i32) (param $number i32)
                (param $count i32) (param $at i32) (param $len i32) (param $target i32)
                (local $to i32)
                (local.set $to (i32.add (i32.const {EVENTS}) (i32.mul (local.get $index) (i32.const 32))))
                (i32.store (local.get $to) (local.get $kind))
                (i32.store offset=4 (local.get $to) (local.get $task))
                (i32.store offset=8 (local.get $to) (local.get $number))
                (i32.store offset=12 (local.get $to) (local.get $count))
                (i32.store offset=16 (local.get $to) (local.get $at))
                (i32.store offset=20 (local.get $to) (local.get $len))
                (i32.store offset=24 (local.get $to) (local.get $target))
                (i32.store offset=28 (local.get $to) (i32.const 0)))
            (func $done (param $task i32) (result i32)
                (call $event (i32.const 0) (i32.const 1) (local.get $task) (i32.const 0)
                    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
                (i32.const 1))
            (func $slot (param $at i32) (param $tag i32) (param $aux i32) (param $payload i64)
                (i32.store (local.get $at) (local.get $tag))
                (i32.store offset=4 (local.get $at) (local.get $aux))
                (i64.store offset=8 (local.get $at) (local.get $payload)))
            {more}
            (func (export "luago_abi_1"))
            (func (export "_initialize") (local $i i32) (local $j i32) {initialize})
            (func (export "luago_ready") (result i32) (i32.const 1024))
            (func (export "luago_room") (param $len i32) (result i32) {room})
            (func (export "luago_call") (param $f i32) (param $count i32) (param $len i32)
                (result i64) (local $i i32) (local $j i32) {call})
            (func (export "luago_start") (param $task i32) (param $f i32) (param $count i32)
                (param $len i32) (param $timeout i64) (result i32) (local $i i32) (local $j i32) {start})
            (func (export "luago_deliver") (param $call i32) (param $status i32) (param $count i32)
                (param $len i32) (result i32) (local $i i32) (local $j i32) {deliver})
            (func (export "luago_cancel") (param $task i32) (param $kind i32) (param $count i32)
                (param $len i32) (result i32) (call $done (local.get $task)))
            (func (export "luago_drop_stream") (param $stream i32) (result i32) (i32.const 0))
            (func (export "luago_poll") (param $budget i64) (result i32) (local $i i32) (local $j i32) {poll})
            (func (export "luago_close"))
            )"#
        );
        wat::parse_str(&source).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Its module, loaded.
    pub fn module(&self) -> GoModule {
        GoModule::new(engine(), self.wasm()).unwrap()
    }
}

/// The engine of the process.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::builder().cache_dir(cache()).max_sandboxes(64).build().unwrap())
}

/// A sandbox of so much memory, with every other limit as it is by default, and a deadline at
/// which nothing is to hang.
pub fn sandbox(memory: u64) -> SandboxBuilder {
    let limits = Limits::default().memory(memory).deadline(Duration::from_secs(20));
    Sandbox::builder(engine()).limits(limits)
}

/// Runs code that is to end well.
#[track_caller]
pub fn run(sandbox: &mut Sandbox, code: &str) -> Outcome {
    let outcome = sandbox.run(&Script::new("test", code)).unwrap();
    assert!(outcome.is_returned(), "{outcome:?}");
    outcome
}

#[test]
fn a_guest_that_defines_nothing_is_a_good_one() {
    let guest = Guest::default().module();
    let mut sandbox = sandbox(16 << 20).go("r", guest, luago::GoGrant::new()).build().unwrap();
    run(&mut sandbox, "local r = require 'r' assert(r.f() == nil) assert(r.now() == nil)");
    assert!(sandbox.close().unwrap().is_returned());
}
