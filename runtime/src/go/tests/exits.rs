//! How a guest ends, and that the host does not.

use super::*;
use std::time::Instant;

#[test]
fn a_panic_ends_the_guest_with_its_message_and_the_stack_of_go() {
    let mut guest = start(&GoGrant::new());
    let why = guest.exit("panic", &[]);
    assert!(why.starts_with("the Go guest 'geo' died of a panic: boom\ngoroutine 1 "), "{why}");
    assert!(why.contains("guest_wasip1.go:"), "{why}");
    assert!(guest.take_output().is_empty(), "the text is in the error only");
}

#[test]
fn a_nil_dereference_that_nobody_recovers_ends_the_guest() {
    let why = start(&GoGrant::new()).exit("nil", &[]);
    assert!(why.contains("died of a panic: runtime error: invalid memory address"), "{why}");
}

#[test]
fn a_dead_guest_is_not_entered_again_and_says_what_it_died_of() {
    let mut guest = start(&GoGrant::new());
    let why = guest.exit("panic", &[]);
    assert_eq!(guest.exit("add", &[1, 2]), why);
    assert_eq!(guilty(guest.poll(None).unwrap_err()), why);
    assert_eq!(guilty(guest.room(1 << 20).unwrap_err()), why);
    assert_eq!(guilty(guest.close().unwrap_err()), why);
}

#[test]
fn a_guest_that_exits_is_named_with_its_code() {
    let why = start(&GoGrant::new()).exit("exit", &[]);
    assert_eq!(why, "the Go guest 'geo' ended itself with os.Exit(7)");
}

#[test]
fn a_guest_whose_goroutines_all_sleep_is_deadlocked() {
    let why = start(&GoGrant::new()).exit("deadlock", &[]);
    let first = "the Go guest 'geo' is deadlocked: all its goroutines are asleep, and nothing can \
                 wake them\ngoroutine 1 ";
    assert!(why.starts_with(first), "{why}");
}

#[test]
fn a_guest_that_hoards_memory_dies_at_its_limit() {
    let mut guest = start(&GoGrant::new().memory(16 << 20));
    let why = guest.exit("hoard", &[]);
    let first = "the Go guest 'geo' ran out of memory: its limit is 16777216 bytes; grant it more";
    assert!(why.starts_with(first), "{why}");
    assert!(guest.peak_memory() <= 16 << 20, "{}", guest.peak_memory());
}

#[test]
fn a_recursion_without_end_ends_the_guest_and_not_the_host_on_whatever_thread_it_is() {
    // Far less than the stack that the guest was granted.
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(|| {
        for (bytes, size) in [(1, 1), (3 << 20, 4), (16 << 20, 16), (128 << 20, 128)] {
            let grant = GoGrant::new().stack(bytes).memory(1 << 30);
            let why = start(&grant).exit("recurse", &[]);
            assert_eq!(
                why,
                format!(
                    "the Go guest 'geo' used up its stack of {size} MiB: a recursion in it is too \
                     deep; grant it more with stack=SIZE"
                )
            );
        }
    });
    thread.unwrap().join().unwrap();
    assert_eq!(start(&GoGrant::new()).integer("add", &[1, 2]), 3);
}

#[test]
fn a_guest_that_was_granted_more_stack_is_the_same_program() {
    for stack in [1 << 20, 1 << 30] {
        let mut guest = start(&GoGrant::new().stack(stack));
        assert_eq!(guest.integer("add", &[1, 2]), 3);
    }
}

#[test]
fn a_guest_that_floods_its_output_dies_at_its_limit() {
    let mut guest = start(&GoGrant::new().output(10_000));
    let why = guest.exit("flood", &[]);
    assert_eq!(
        why,
        "the Go guest 'geo' wrote too much: it may write 10000 bytes to standard output and \
         standard error"
    );
    let written: usize = guest.take_output().iter().map(|(_, text)| text.len()).sum();
    assert_eq!(written, 10_000);
}

#[test]
fn a_guest_that_spins_is_ended_after_its_busy_time() {
    let mut guest = start(&GoGrant::new().busy(30 * MS));
    let began = Instant::now();
    let why = guest.exit("spin", &[]);
    assert_eq!(
        why,
        "the Go guest 'geo' did not yield: it computed for more than the 30ms that it may at a \
         time"
    );
    assert!((30 * MS..500 * MS).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[test]
fn a_guest_that_sleeps_in_a_direct_call_does_not_yield_either() {
    let mut guest = start(&GoGrant::new().busy(30 * MS));
    let why = guest.exit("sleep", &[3_600_000_000_000]);
    assert!(why.contains("did not yield"), "{why}");
}

#[test]
fn many_short_calls_are_not_one_long_one() {
    let mut guest = start(&GoGrant::new().busy(30 * MS));
    let began = Instant::now();
    while began.elapsed() < 100 * MS {
        assert_eq!(guest.integer("add", &[1, 2]), 3);
    }
}

#[test]
fn a_guest_that_computes_past_the_deadline_of_its_task_is_ended() {
    let mut guest = start(&GoGrant::new());
    let began = Instant::now();
    guest.prepare(&Entry { task_deadline: Some(began + 20 * MS), ..Entry::default() });
    let why = guest.exit("spin", &[]);
    assert_eq!(why, "the Go guest 'geo' did not yield: it computed past the deadline of its task");
    assert!((120 * MS..600 * MS).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[test]
fn the_deadline_of_the_sandbox_stops_a_guest_that_computes_or_sleeps() {
    for (function, argument) in [("spin", 0), ("sleep", 3_600_000_000_000)] {
        let mut guest = start(&GoGrant::new());
        let deadline = Some((Instant::now() + 30 * MS, 30 * MS));
        guest.prepare(&Entry { deadline, ..Entry::default() });
        let exit = guest.try_call(function, &[argument]).unwrap_err();
        assert_eq!(stopped(exit), Stop::Deadline { limit: 30 * MS }, "{function}");
        let again = guest.exit("add", &[1, 2]);
        assert_eq!(
            again,
            "the Go guest 'geo' was stopped with its sandbox: the deadline of 30ms passed"
        );
    }
}

#[test]
fn an_interrupt_of_the_sandbox_stops_a_guest_that_computes_or_sleeps() {
    for function in ["spin", "sleep"] {
        let environment = environment();
        let handle = environment.interrupt.clone();
        let mut guest = start_in(environment, &Entry::default());
        let thread = std::thread::spawn(move || {
            std::thread::sleep(20 * MS);
            handle.interrupt();
        });
        let exit = guest.try_call(function, &[3_600_000_000_000]).unwrap_err();
        assert_eq!(stopped(exit), Stop::Interrupted, "{function}");
        thread.join().unwrap();
    }
}

#[test]
fn an_interrupt_before_the_call_stops_it_too() {
    let environment = environment();
    let handle = environment.interrupt.clone();
    let mut guest = start_in(environment, &Entry::default());
    handle.interrupt();
    let exit = guest.try_call("spin", &[]).unwrap_err();
    assert_eq!(stopped(exit), Stop::Interrupted);
}

#[test]
fn a_guest_without_fuel_stops_with_its_sandbox() {
    let mut guest = start_in(Environment { metered: true, ..environment() }, &Entry::default());
    guest.prepare(&Entry { fuel: Some(100_000), ..Entry::default() });
    let exit = guest.try_call("spin", &[]).unwrap_err();
    assert_eq!(stopped(exit), Stop::Fuel { limit: 100_000 });
}

#[test]
fn fuel_is_counted_from_where_the_guest_was_prepared() {
    let mut guest = start_in(Environment { metered: true, ..environment() }, &Entry::default());
    assert!(guest.fuel_used() > 10_000, "starting uses fuel");
    guest.prepare(&Entry::default());
    assert_eq!(guest.fuel_used(), 0);
    guest.integer("add", &[1, 2]);
    let once = guest.fuel_used();
    guest.integer("add", &[1, 2]);
    assert!(once > 0 && guest.fuel_used() > once);
}

#[test]
fn events_outside_the_memory_break_the_abi() {
    let mut guest = start(&GoGrant::new());
    let why = guilty(guest.drop_stream(99).unwrap_err());
    assert!(why.starts_with("the Go guest 'geo' broke the ABI: its events are outside"), "{why}");
    assert_eq!(guest.exit("add", &[1, 2]), why);
}

#[test]
fn an_event_outside_the_memory_is_none() {
    let mut guest = start(&GoGrant::new());
    assert_eq!(guest.integer("events", &[]), 0);
    assert_eq!(guest.event(0), None);
    assert_eq!(guest.event(u32::MAX), None);
}

#[test]
fn a_panic_in_an_init_function_fails_the_start() {
    let why = guilty(try_start(&GoGrant::new().env("INIT", "no such map")).err().unwrap());
    assert!(why.starts_with("the Go guest 'geo' died of a panic: no such map\n"), "{why}");
}

#[test]
fn what_a_guest_asks_to_poll_is_checked() {
    assert_eq!(start(&GoGrant::new()).integer("polls", &[]), 7);
}
