//! A guest that does what a program of bytes says: calls of its imports with any arguments,
//! writes to its memory, and what its exports answer. The program is the fuzzer's input, so
//! that one module, compiled once, is every guest.

use crate::imports::Import;
use crate::program::{NAMES, OPERATIONS, place};
use std::fmt::Write;

/// How many operations, with each call of an import, one guest does.
const STEPS: u32 = 20_000;

/// A Go guest. Its program is the variable `I` of its environment, as [`letters`]. If the
/// first byte is odd, the program begins in `_initialize`; else with the first task or call.
pub fn go(imports: &[Import]) -> Vec<u8> {
    let block: Vec<u32> = vec![
        place::INBOX,
        8192,
        place::OUTBOX,
        0,
        place::EVENTS,
        0,
        0,
        0,
        place::FUNCTIONS,
        12 * 16,
        12,
    ];
    let name = |name: &str| {
        place::NAMES + 16 * NAMES.iter().position(|known| *known == name).expect("a name") as u32
    };
    let mut slots = Vec::new();
    // One that blocks, two that do not, and a stream.
    for (at, flags) in [(name("f"), 0u32), (name("g"), 1), (name("a"), 1), (name("d"), 2)] {
        slots.extend([4, 1, at, 0, 2, 0, flags, 0, 4, 0, at, 0]);
    }
    let exports = format!(
        r#"(func (export "luago_abi_1"))
        (func (export "_initialize")
            (call $environment)
            (if (call $is_early) (then (drop (call $run)))))
        (func (export "luago_ready") (result i32)
            (if (call $is_early) (then (drop (call $run))))
            (i32.const {block}))
        (func (export "luago_room") (param i32) (result i32)
            (select (i32.const {room}) (i32.const 0) (i32.lt_u (local.get 0) (i32.const 0x10000))))
        (func (export "luago_call") (param i32 i32 i32) (result i64)
            {see_call} (call $run))
        (func (export "luago_start") (param i32 i32 i32 i32 i64) (result i32)
            {see_start} (call $see (i32.const 4) (local.get 4))
            ;; Nothing says what it does any more.
            (if (call $is_over) (then (return (call $done (local.get 0)))))
            (i32.store (i32.add (i32.const {tasks}) (i32.shl
                (i32.and (global.get $tasks) (i32.const 63)) (i32.const 2))) (local.get 0))
            (global.set $tasks (i32.add (global.get $tasks) (i32.const 1)))
            (i32.wrap_i64 (call $run)))
        (func (export "luago_deliver") (param i32 i32 i32 i32) (result i32)
            {see_deliver} (call $run_or_end))
        (func (export "luago_cancel") (param i32 i32 i32 i32) (result i32)
            {see_cancel}
            (if (call $is_over) (then (return (call $done (local.get 0)))))
            (i32.wrap_i64 (call $run)))
        (func (export "luago_drop_stream") (param i32) (result i32)
            {see_stream} (i32.wrap_i64 (call $run)))
        (func (export "luago_poll") (param i64) (result i32)
            (call $see (i32.const 4) (local.get 0)) (call $run_or_end))
        (func (export "luago_close"))
        (global $tasks (mut i32) (i32.const 0))
        ;; When the program is over, the tasks that it has started end.
        (func $run_or_end (result i32)
            (if (i32.or (i32.eqz (call $is_over)) (i32.eqz (global.get $tasks)))
                (then (return (i32.wrap_i64 (call $run)))))
            (global.set $tasks (i32.sub (global.get $tasks) (i32.const 1)))
            (call $done (i32.load (i32.add (i32.const {tasks}) (i32.shl
                (i32.and (global.get $tasks) (i32.const 63)) (i32.const 2))))))
        (func $done (param i32) (result i32)
            (call $op_event (i64.const 0) (i64.const 1) (i64.extend_i32_u (local.get 0))
                (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
            (i32.const 1))
        (func $is_early (result i32)
            (i32.and (i32.load8_u (i32.const {program})) (i32.const 1)))
        ;; Finds the variable and makes bytes of its letters.
        (func $environment (local $at i32) (local $to i32) (local $byte i32)
            (drop (call $i_environ_get (i32.const {pointers}) (i32.const {texts})))
            (local.set $at (i32.const {texts}))
            (block $found (loop $variable
                (br_if $found (i32.eq (i32.load16_u (local.get $at)) (i32.const 0x3d49)))
                (loop $skip
                    (if (i32.ge_u (local.get $at) (i32.const {input})) (then (return)))
                    (local.set $byte (i32.load8_u (local.get $at)))
                    (local.set $at (i32.add (local.get $at) (i32.const 1)))
                    (br_if $skip (local.get $byte)))
                (br $variable)))
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (local.set $to (i32.const {program}))
            (block $over (loop $letter
                (br_if $over (i32.eqz (i32.load8_u (local.get $at))))
                (i32.store8 (local.get $to) (i32.or
                    (i32.shl (i32.sub (i32.load8_u (local.get $at)) (i32.const 97)) (i32.const 4))
                    (i32.sub (i32.load8_u offset=1 (local.get $at)) (i32.const 97))))
                (local.set $at (i32.add (local.get $at) (i32.const 2)))
                (local.set $to (i32.add (local.get $to) (i32.const 1)))
                (br $letter)))
            (global.set $at (i32.const {first}))
            (global.set $end (local.get $to)))"#,
        block = place::BLOCK,
        room = place::ROOM,
        tasks = place::TASKS,
        // The task first, then function, count and length, then a time; after them the call
        // and how it ended.
        see_call = see(&[1, 2, 3]),
        see_start = see(&[0, 1, 2, 3]),
        see_deliver = see(&[5, 6, 2, 3]),
        see_cancel = see(&[0, 6, 2, 3]),
        see_stream = see(&[7]),
        program = place::PROGRAM,
        first = place::PROGRAM + 1,
        pointers = place::ENVIRONMENT,
        texts = place::ENVIRONMENT + 0x1000,
        input = place::INPUT,
    );
    let data = [(place::BLOCK, block), (place::FUNCTIONS, slots)];
    module(imports, &data, &exports)
}

/// What stands in for an interpreter of Lua. Its program is the text of the script.
pub fn interpreter(imports: &[Import]) -> Vec<u8> {
    let report = vec![0u32; 8];
    let exports = format!(
        r#"(func (export "luago_abi_1"))
        (func (export "luago_mailbox") (result i32) (i32.const {mailbox}))
        (func (export "luago_input") (param i32) (result i32)
            (select (i32.const {input}) (i32.const 0) (i32.lt_u (local.get 0) (i32.const 0x10000))))
        (func (export "luago_run") (param $name i32) (param $code i32) (param i32) (result i32)
            (global.set $at (i32.add (i32.const {input}) (i32.add (local.get $name) (i32.const 1))))
            (global.set $end (i32.add (global.get $at) (local.get $code)))
            ;; To where nothing of the host's comes.
            (memory.copy (i32.const {program}) (global.get $at) (local.get $code))
            (global.set $at (i32.const {program}))
            (global.set $end (i32.add (i32.const {program}) (local.get $code)))
            (i32.wrap_i64 (call $run)))
        (func (export "luago_call") (param i32 i32 i32) (result i32)
            {see3} (i32.wrap_i64 (call $run)))
        (func (export "luago_load") (param i32 i32 i32) (result i32) (i32.const 0))
        (func (export "luago_get") (param i32 i32) (result i32) (i32.wrap_i64 (call $run)))
        (func (export "luago_set") (param i32 i32 i32) (result i32) (i32.wrap_i64 (call $run)))
        (func (export "luago_preload") (param i32) (result i32) (i32.const 0))
        (func (export "luago_set_path") (param i32) (result i32) (i32.const 0))
        (func (export "luago_handle") (param i32 i32) (result i32) (i32.wrap_i64 (call $run)))
        (func (export "luago_interrupt") (drop (call $run)))
        (func (export "luago_traceback") (drop (call $run)))
        (func (export "luago_report") (result i32) (drop (call $run)) (i32.const {report}))
        (func (export "luago_error_value") (result i32) (i32.wrap_i64 (call $run)))
        (func (export "luago_release") (drop (call $run)))
        (func (export "luago_trace") (param i32))
        (func (export "luago_close") (drop (call $run)))"#,
        mailbox = place::MAILBOX,
        input = place::INPUT,
        program = place::PROGRAM,
        see3 = see(&[0, 1, 2]),
        report = place::REPORT,
    );
    module(imports, &[(place::REPORT, report)], &exports)
}

/// Keeps the parameters of an entry, which have 32 bits, at these places.
fn see(places: &[u32]) -> String {
    let one = |(index, place)| {
        format!("(call $see (i32.const {place}) (i64.extend_i32_u (local.get {index})))")
    };
    places.iter().enumerate().map(one).collect()
}

fn ty(letter: char) -> &'static str {
    match letter {
        'i' => "i32",
        'I' => "i64",
        _ => "f64",
    }
}

fn module(imports: &[Import], data: &[(u32, Vec<u32>)], exports: &str) -> Vec<u8> {
    let mut text = String::from("(module\n");
    for Import { module, name, params, results } in imports {
        let params = params.chars().map(|letter| format!("(param {})", ty(letter)));
        let params = params.collect::<String>();
        let results = results.chars().map(|letter| format!("(result {})", ty(letter)));
        let results = results.collect::<String>();
        let _ =
            writeln!(text, r#"(import "{module}" "{name}" (func $i_{name} {params} {results}))"#);
    }
    text += r#"(memory (export "memory") 40)"#;
    for (at, words) in data {
        let bytes: String = words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .map(|b| format!("\\{b:02x}"))
            .collect();
        let _ = writeln!(text, r#"(data (i32.const {at}) "{bytes}")"#);
    }
    for (index, name) in NAMES.iter().enumerate() {
        let at = place::NAMES + 16 * index as u32;
        let _ = writeln!(text, r#"(data (i32.const {at}) "{name}")"#);
    }
    text += &core();
    text += exports;
    text += &run(imports);
    text += ")";
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// Reading a program, and the operations that need no import.
fn core() -> String {
    format!(
        r#"
        (global $at (mut i32) (i32.const 0))
        (global $end (mut i32) (i32.const 0))
        (global $steps (mut i32) (i32.const {STEPS}))
        (global $times (mut i32) (i32.const 1))
        (global $seen (mut i32) (i32.const 8))
        (func $is_over (result i32) (i32.ge_u (global.get $at) (global.get $end)))
        (func $see (param i32 i64)
            (i64.store (i32.add (i32.const {seen}) (i32.shl (i32.and (local.get 0) (i32.const 31))
                (i32.const 3))) (local.get 1)))
        (func $new (param i64)
            (call $see (global.get $seen) (local.get 0))
            ;; The first eight are those of the entry.
            (global.set $seen (i32.or (i32.add (global.get $seen) (i32.const 1)) (i32.const 8))))
        (func $byte (result i32) (local $byte i32)
            (if (call $is_over) (then (return (i32.const 0))))
            (local.set $byte (i32.load8_u (global.get $at)))
            (global.set $at (i32.add (global.get $at) (i32.const 1)))
            (local.get $byte))
        (func $arg (result i64) (local $byte i32) (local $size i32) (local $value i64)
            (local.set $byte (call $byte))
            (if (i32.lt_u (local.get $byte) (i32.const 0x80))
                (then (return (i64.extend_i32_u (local.get $byte)))))
            (if (i32.lt_u (local.get $byte) (i32.const 0xc0))
                (then (return (i64.extend_i32_u (i32.shl
                    (i32.sub (local.get $byte) (i32.const 0x80)) (i32.const 10))))))
            (if (i32.lt_u (local.get $byte) (i32.const 0xe0))
                (then (return (i64.load (i32.add (i32.const {seen})
                    (i32.shl (i32.and (local.get $byte) (i32.const 31)) (i32.const 3)))))))
            (if (i32.lt_u (local.get $byte) (i32.const 0xf0))
                (then (return (i64.shl (i64.const 1) (i64.extend_i32_u
                    (i32.shl (i32.and (local.get $byte) (i32.const 15)) (i32.const 2)))))))
            (if (i32.lt_u (local.get $byte) (i32.const 0xf4))
                (then (return (i64.sub (i64.const -1)
                    (i64.extend_i32_u (i32.and (local.get $byte) (i32.const 3)))))))
            (local.set $size (i32.shl (i32.const 1) (i32.shr_u
                (i32.sub (local.get $byte) (i32.const 0xf0)) (i32.const 2))))
            (local.set $value (i64.load (global.get $at)))
            (global.set $at (i32.add (global.get $at) (local.get $size)))
            (i64.shr_u (i64.shl (local.get $value)
                    (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $size) (i32.const 3)))))
                (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $size) (i32.const 3))))))
        (func $float (result f64) (local $value i64)
            (local.set $value (call $arg))
            (if (i64.gt_u (local.get $value) (i64.const 0xfffffffffffff))
                (then (return (f64.reinterpret_i64 (local.get $value)))))
            (f64.div (f64.convert_i64_u (local.get $value)) (f64.const 1000)))
        ;; Is so much memory there, and not the program's own?
        (func $has (param $at i64) (param $len i64) (result i32)
            (if (i64.gt_u (local.get $at) (i64.const 0xffffffff)) (then (return (i32.const 0))))
            (if (i64.gt_u (local.get $len) (i64.const 0xffffffff)) (then (return (i32.const 0))))
            (if (i64.gt_u (i64.add (local.get $at) (local.get $len))
                    (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
                (then (return (i32.const 0))))
            (i32.or
                (i64.le_u (i64.add (local.get $at) (local.get $len)) (i64.const {program}))
                (i64.ge_u (local.get $at) (i64.const {environment}))))
        (func $op_leave (param i64))
        (func $op_event (param $index i64) (param $kind i64) (param $task i64) (param $number i64)
            (param $count i64) (param $frame i64) (param $len i64) (param $target i64)
            (local $at i32)
            (local.set $at (i32.add (i32.const {events})
                (i32.shl (i32.and (i32.wrap_i64 (local.get $index)) (i32.const 63)) (i32.const 5))))
            (i64.store32 (local.get $at) (local.get $kind))
            (i64.store32 offset=4 (local.get $at) (local.get $task))
            (i64.store32 offset=8 (local.get $at) (local.get $number))
            (i64.store32 offset=12 (local.get $at) (local.get $count))
            (i64.store32 offset=16 (local.get $at) (local.get $frame))
            (i64.store32 offset=20 (local.get $at) (local.get $len))
            (i64.store32 offset=24 (local.get $at) (local.get $target)))
        (func $op_slot (param $at i64) (param $tag i64) (param $aux i64) (param $payload i64)
            (call $op_store32 (local.get $at) (local.get $tag))
            (call $op_store32 (i64.add (local.get $at) (i64.const 4)) (local.get $aux))
            (call $op_store64 (i64.add (local.get $at) (i64.const 8)) (local.get $payload)))
        ;; The fields of an interpreter's mailbox that say what it has left for the host.
        (func $op_frame (param i64 i64 i64 i64)
            (i64.store32 (i32.const {mailbox}) (local.get 0))
            (i64.store32 offset=4 (i32.const {mailbox}) (local.get 1))
            (i64.store32 offset=8 (i32.const {mailbox}) (local.get 2))
            (i64.store32 offset=12 (i32.const {mailbox}) (local.get 3)))
        ;; Where a Go guest has left results.
        (func $op_outbox (param i64 i64)
            (i64.store32 offset=8 (i32.const {block}) (local.get 0))
            (i64.store32 offset=12 (i32.const {block}) (local.get 1)))
        (func $op_block (param i64 i64)
            (i64.store32 (i32.add (i32.const {block})
                (i32.shl (i32.and (i32.wrap_i64 (local.get 0)) (i32.const 15)) (i32.const 2)))
                (local.get 1)))
        (func $op_store8 (param i64 i64)
            (if (call $has (local.get 0) (i64.const 1))
                (then (i64.store8 (i32.wrap_i64 (local.get 0)) (local.get 1)))))
        (func $op_store32 (param i64 i64)
            (if (call $has (local.get 0) (i64.const 4))
                (then (i64.store32 (i32.wrap_i64 (local.get 0)) (local.get 1)))))
        (func $op_store64 (param i64 i64)
            (if (call $has (local.get 0) (i64.const 8))
                (then (i64.store (i32.wrap_i64 (local.get 0)) (local.get 1)))))
        ;; The bytes that follow in the program.
        (func $op_text (param $to i64) (param $len i64)
            (local.set $len (i64.and (local.get $len) (i64.const 255)))
            (if (call $has (local.get $to) (local.get $len))
                (then (memory.copy (i32.wrap_i64 (local.get $to)) (global.get $at)
                    (i32.wrap_i64 (local.get $len)))))
            (global.set $at (i32.add (global.get $at) (i32.wrap_i64 (local.get $len)))))
        (func $op_copy (param i64 i64 i64)
            (if (i32.and (call $has (local.get 0) (local.get 2)) (call $has (local.get 1) (local.get 2)))
                (then (memory.copy (i32.wrap_i64 (local.get 0)) (i32.wrap_i64 (local.get 1))
                    (i32.wrap_i64 (local.get 2))))))
        (func $op_fill (param i64 i64 i64)
            (if (call $has (local.get 0) (local.get 2))
                (then (memory.fill (i32.wrap_i64 (local.get 0)) (i32.wrap_i64 (local.get 1))
                    (i32.wrap_i64 (local.get 2))))))
        (func $op_load (param i64)
            (if (call $has (local.get 0) (i64.const 4))
                (then (call $new (i64.load32_u (i32.wrap_i64 (local.get 0)))))))
        (func $op_grow (param i64)
            (call $new (i64.extend_i32_u
                (i32.shl (memory.grow (i32.wrap_i64 (local.get 0))) (i32.const 16)))))
        ;; So often is the next import called.
        (func $op_times (param i64)
            (global.set $times (i32.add (i32.const 1)
                (i32.and (i32.wrap_i64 (local.get 0)) (i32.const 0xfff)))))
        (func $op_jump (param i64)
            (global.set $at (i32.sub (global.get $at)
                (i32.and (i32.wrap_i64 (local.get 0)) (i32.const 0x7f))))
            (if (i32.lt_u (global.get $at) (i32.const {first}))
                (then (global.set $at (i32.const {first})))))
        ;; A guest that is in a loop, one that goes too deep, one that traps; for few numbers.
        (func $op_end (param i64)
            (if (i64.eq (local.get 0) (i64.const 0x71)) (then (loop $l (br $l))))
            (if (i64.eq (local.get 0) (i64.const 0x72)) (then (call $deep)))
            (if (i64.eq (local.get 0) (i64.const 0x73)) (then unreachable)))
        (func $deep (call $deep) (call $new (i64.const 0)))
        "#,
        seen = place::SEEN,
        program = place::PROGRAM,
        first = place::PROGRAM + 1,
        environment = place::ENVIRONMENT,
        events = place::EVENTS,
        mailbox = place::MAILBOX,
        block = place::BLOCK,
    )
}

/// The loop over a program; it gives what the entry answers.
fn run(imports: &[Import]) -> String {
    let count = OPERATIONS.len() + imports.len();
    let mut text = String::from(
        "(func $run (result i64) (local $op i32) (local $n i32)
        (local $0 i64) (local $1 i64) (local $2 i64) (local $3 i64) (local $4 i64)
        (local $5 i64) (local $6 i64) (local $7 i64) (local $8 i64) (local $f f64)
        (loop $next
            (if (call $is_over) (then (return (i64.const 0))))
            (if (i32.le_s (global.get $steps) (i32.const 0)) (then (return (i64.const 0))))
            (global.set $steps (i32.sub (global.get $steps) (i32.const 1)))\n",
    );
    let _ = writeln!(text, "(local.set $op (i32.rem_u (call $byte) (i32.const {count})))");
    for index in (0..count).rev() {
        let _ = writeln!(text, "(block $b{index}");
    }
    let labels: String = (0..count).map(|index| format!(" $b{index}")).collect();
    let _ = writeln!(text, "(br_table{labels} (local.get $op))");
    let arguments = |count: usize| {
        (0..count).map(|index| format!("(local.set ${index} (call $arg))")).collect::<String>()
    };
    for (index, (name, count)) in OPERATIONS.iter().enumerate() {
        let _ = writeln!(text, "unreachable) ;; {name}\n{}", arguments(*count));
        if *name == "leave" {
            text += "(return (local.get $0))\n";
            continue;
        }
        let given: String = (0..*count).map(|index| format!("(local.get ${index})")).collect();
        let _ = writeln!(text, "(call $op_{name} {given}) (br $next)");
        debug_assert!(index < 256, "an operation is a byte");
    }
    for Import { name, params, results, .. } in imports {
        let _ = writeln!(text, "unreachable) ;; {name}");
        let mut given = String::new();
        for (index, letter) in params.chars().enumerate() {
            match letter {
                'i' => {
                    let _ = write!(text, "(local.set ${index} (call $arg))");
                    let _ = write!(given, "(i32.wrap_i64 (local.get ${index}))");
                }
                'I' => {
                    let _ = write!(text, "(local.set ${index} (call $arg))");
                    let _ = write!(given, "(local.get ${index})");
                }
                _ => {
                    text += "(local.set $f (call $float))";
                    given += "(local.get $f)";
                }
            }
        }
        let call = format!("(call $i_{name} {given})");
        let call = match *results {
            "i" => format!("(call $new (i64.extend_i32_s {call}))"),
            "I" => format!("(call $new {call})"),
            "F" => format!("(call $new (i64.reinterpret_f64 {call}))"),
            _ => call,
        };
        let _ = writeln!(
            text,
            "(local.set $n (global.get $times)) (global.set $times (i32.const 1))
            (loop $again {call}
                (global.set $steps (i32.sub (global.get $steps) (i32.const 1)))
                (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (br $next)"
        );
    }
    text += ")\nunreachable)\n";
    text
}
