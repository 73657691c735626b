//! Memory that guests and the host share.

use crate::measure::{alone, measure};
use crate::wat::{Guest, engine, run};
use luago::{GoGrant, Limits, Sandbox};
use std::time::Duration;

const MIB: u64 = 1 << 20;

/// What guests can ask of the host about segments, and a function that has one mapped as a
/// guest should: it makes a window when it is asked for one.
const IMPORTS: &str = r#"
    (import "luago" "segment_new" (func $new (param i32) (result i32)))
    (import "luago" "segment_map" (func $ask (param i32) (result i64)))
    (import "luago" "segment_window" (func $window (param i32 i32) (result i32)))
    (import "luago" "segment_read_only" (func $read_only (param i32) (result i32)))
    (import "luago" "segment_drop" (func $drop (param i32 i32)))
    (import "luago" "segment_sync" (func $sync (param i32)))
    (import "luago" "ring_wait" (func $wait (param i32 i32 i32 i32) (result i32)))
    (import "luago" "ring_unwait" (func $unwait (param i32 i32 i32)))
    (import "luago" "ring_wake" (func $wake (param i32 i32 i32)))"#;

const MAP: &str = r#"
    (func $map (param $handle i32) (result i32) (local $answer i64) (local $at i32)
        (local.set $answer (call $ask (local.get $handle)))
        (if (i64.lt_s (local.get $answer) (i64.const 0)) (then
            (local.set $answer (i64.sub (i64.const 0) (local.get $answer)))
            (local.set $at (i32.mul (i32.const 65536) (memory.grow
                (i32.wrap_i64 (i64.div_u (local.get $answer) (i64.const 65536))))))
            (if (i32.eqz (call $window (local.get $at) (i32.wrap_i64 (local.get $answer))))
                (then unreachable))
            (local.set $answer (call $ask (local.get $handle)))))
        (if (i64.le_s (local.get $answer) (i64.const 0)) (then unreachable))
        (i32.wrap_i64 (local.get $answer)))"#;

/// A guest whose function `now` does this.
fn guest(call: &str) -> Guest {
    Guest {
        imports: IMPORTS.to_string(),
        more: format!("(global $n (mut i32) (i32.const 0)) {MAP}"),
        call: format!("{call} (i64.const 0)"),
        ..Guest::default()
    }
}

/// A sandbox with that guest as `r`, and no deadline.
fn sandbox(memory: u64, of_guest: u64, guest: &Guest) -> Sandbox {
    Sandbox::builder(engine())
        .limits(Limits::default().memory(memory))
        .go("r", guest.module(), GoGrant::new().memory(of_guest))
        .build()
        .unwrap()
}

const WRITES: &str = "local ok, why = pcall(require('r').now)
    assert(not ok and tostring(why):find('granted only to read', 1, true), why)";

#[test]
fn a_guest_that_fills_what_it_can_only_read_ends_at_once() {
    alone("segments::a_guest_that_fills_what_it_can_only_read_ends_at_once", || {
        let guest = guest(
            "(local.set $i (call $map (call $read_only (call $new (i32.const 0x4000000)))))
             (local.set $j (i32.add (local.get $i) (i32.const 0x4000000)))
             (loop $l
                (memory.fill (local.get $i) (i32.const 0x55) (i32.const 0x10000))
                (local.set $i (i32.add (local.get $i) (i32.const 0x10000)))
                (br_if $l (i32.lt_u (local.get $i) (local.get $j))))
             (loop $forever (br $forever))",
        );
        let mut sandbox = sandbox(64 * MIB, 8 * MIB, &guest);
        // Until nothing ticks any more, as nothing here has a deadline.
        std::thread::sleep(Duration::from_millis(2500));
        let (_, cost) = measure(|| run(&mut sandbox, WRITES));
        cost.within(0);
    });
}

#[test]
fn one_fill_of_all_of_a_read_only_segment_is_one_signal() {
    alone("segments::one_fill_of_all_of_a_read_only_segment_is_one_signal", || {
        let guest = guest(
            "(memory.fill (call $map (call $read_only (call $new (i32.const 0x4000000))))
                (i32.const 0x55) (i32.const 0x4000000))
             (loop $forever (br $forever))",
        );
        let mut sandbox = sandbox(64 * MIB, 8 * MIB, &guest);
        // All that the segments of the sandbox may have.
        measure(|| run(&mut sandbox, WRITES)).1.within(0);
    });
}

/// Grows the memory as far as it goes, and writes to all of it.
const HOARD: &str = r#"
    (func $hoard (local $at i32)
        (local.set $at (i32.const 0x30000))
        (block $end (loop $l
            (if (i32.ge_u (local.get $at) (i32.mul (memory.size) (i32.const 0x10000)))
                (then (br_if $end (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))))
            (memory.fill (local.get $at) (i32.const 0x55) (i32.const 0x10000))
            (local.set $at (i32.add (local.get $at) (i32.const 0x10000)))
            (br $l))))"#;

#[test]
fn memory_for_a_window_that_is_never_given_is_the_sandboxs_own() {
    alone("segments::memory_for_a_window_that_is_never_given_is_the_sandboxs_own", || {
        let mut guest = guest("(drop (call $ask (call $new (i32.const 0x1000000)))) (call $hoard)");
        guest.more += HOARD;
        let mut sandbox = Sandbox::builder(engine())
            .limits(Limits::default().memory(32 * MIB))
            .go("r", guest.module(), GoGrant::new().memory(8 * MIB))
            .go("q", guest.module(), GoGrant::new().memory(8 * MIB))
            .go("p", guest.module(), GoGrant::new().memory(8 * MIB))
            .build()
            .unwrap();
        let hoard = "for _, name in ipairs { 'r', 'q', 'p' } do pcall(require(name).now) end
            assert(#('x'):rep(1000000) == 1000000)";
        measure(|| run(&mut sandbox, hoard)).1.within((32 + 3 * 8) * MIB);
    });
}

/// Makes a ring of 4,096 bytes at the start of a segment of 64 KiB, whose handle is `$n`.
const RING: &str = "(global.set $n (call $new (i32.const 0x10000)))
    (local.set $i (call $map (global.get $n)))
    (i32.store (local.get $i) (i32.const 0x3147524c))
    (i32.store offset=4 (local.get $i) (i32.const 4096))
    (local.set $j (i32.const 0))";

#[test]
fn wakes_of_a_ring_that_nobody_has_looked_at_do_not_pile_up() {
    alone("segments::wakes_of_a_ring_that_nobody_has_looked_at_do_not_pile_up", || {
        for (number, ends) in [("(i32.const 7)", "false"), ("(local.get $j)", "true")] {
            let guest = guest(&format!(
                "{RING} (loop $l
                    (local.set $j (i32.add (local.get $j) (i32.const 1)))
                    (if (i32.lt_s (call $wait (global.get $n) (i32.const 0) (i32.const 1) {number})
                        (i32.const 0)) (then unreachable))
                    (call $wake (global.get $n) (i32.const 0) (i32.const 1))
                    (call $unwait (global.get $n) (i32.const 0) (i32.const 1))
                    (br_if $l (i32.lt_u (local.get $j) (i32.const 400000))))"
            ));
            let mut sandbox = sandbox(16 * MIB, 8 * MIB, &guest);
            let flood = format!(
                "local ok, why = pcall(require('r').now)
                assert(ok ~= {ends} and (ok or tostring(why):find('unreachable')), why)"
            );
            measure(|| run(&mut sandbox, &flood)).1.within(0);
        }
    });
}

#[test]
fn many_waits_at_rings_take_no_longer_each_than_a_few() {
    alone("segments::many_waits_at_rings_take_no_longer_each_than_a_few", || {
        let guest = guest(&format!(
            "{RING} (loop $l
                (local.set $j (i32.add (local.get $j) (i32.const 1)))
                (br_if $l (i32.eq (i32.const 1) (call $wait
                    (global.get $n) (i32.const 0) (i32.const 1) (local.get $j)))))
             (if (i32.lt_u (local.get $j) (i32.const 4000)) (then unreachable))
             (local.set $j (i32.const 300000))
             (loop $l
                (call $unwait (global.get $n) (local.get $j) (i32.const 1))
                (call $sync (global.get $n))
                (br_if $l (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))"
        ));
        let mut sandbox = sandbox(16 * MIB, 8 * MIB, &guest);
        let cost = measure(|| run(&mut sandbox, "require('r').now()")).1.within(0);
        // Each of 300,000 calls used to look at 65,536 waits.
        cost.by(Duration::from_secs(2));
    });
}

#[test]
fn what_is_given_for_segments_is_no_memory_for_anything_else() {
    alone("segments::what_is_given_for_segments_is_no_memory_for_anything_else", || {
        let mut guest = guest(
            "(block $end (loop $l
                (local.set $i (memory.grow (i32.const 16)))
                (br_if $end (i32.eq (local.get $i) (i32.const -1)))
                (local.set $i (i32.mul (local.get $i) (i32.const 0x10000)))
                (memory.fill (local.get $i) (i32.const 0x55) (i32.const 0x100000))
                (br_if $l (call $window (local.get $i) (i32.const 0x100000)))))
             (call $hoard)",
        );
        guest.more += &HOARD.replace("0x30000", "0x40000");
        let mut sandbox = sandbox(16 * MIB, 8 * MIB, &guest);
        let code = "local ok, why = pcall(require('r').now)
            assert(not ok and tostring(why):find('not mapped yet', 1, true), why)";
        measure(|| run(&mut sandbox, code)).1.within(2 * MIB);
    });
}

#[test]
fn the_memory_of_a_closed_segment_cannot_be_written() {
    alone("segments::the_memory_of_a_closed_segment_cannot_be_written", || {
        let store = "(i32.store (local.get $i) (i32.const 1))";
        let fill = "(memory.fill (local.get $i) (i32.const 1) (i32.const 0x10000))";
        for write in [store, fill] {
            let guest = guest(&format!(
                "(global.set $n (call $new (i32.const 0x800000)))
                 (local.set $i (call $map (global.get $n)))
                 (call $drop (global.get $n) (i32.const 1))
                 (if (i32.load (local.get $i)) (then unreachable))
                 (local.set $j (i32.add (local.get $i) (i32.const 0x800000)))
                 (loop $l
                    {write}
                    (local.set $i (i32.add (local.get $i) (i32.const 0x1000)))
                    (br_if $l (i32.lt_u (local.get $i) (local.get $j))))
                 (loop $forever (br $forever))"
            ));
            let mut sandbox = sandbox(16 * MIB, 8 * MIB, &guest);
            let code = "local ok, why = pcall(require('r').now)
                assert(not ok and tostring(why):find('a segment that is closed', 1, true), why)";
            measure(|| run(&mut sandbox, code)).1.within(0);
        }
    });
}
