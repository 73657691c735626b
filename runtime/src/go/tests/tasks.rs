//! Tasks, events and idleness.

use super::*;
use crate::go::control_block::EventKind;
use crate::go::guest::{CancelKind, Polled};

const DONE: u32 = 0;
const CALL: u32 = 1;
const SLEEP: u32 = 2;
const YIELD: u32 = 3;
const WAIT: u32 = 4;

fn spawn(guest: &mut GoGuest, task: u32, function: u32, argument: i64) -> u32 {
    let at = guest.room(16).unwrap().unwrap();
    guest.memory_mut().get_mut(at, 16).unwrap().copy_from_slice(&integer(argument));
    guest.start_task(task, function, 1, 16, None).unwrap()
}

#[test]
fn a_direct_call_gives_a_result() {
    let mut guest = start(&GoGrant::new());
    assert_eq!(guest.integer("add", &[20, 22]), 42);
}

#[test]
fn functions_have_names_texts_and_flags() {
    let guest = start(&GoGrant::new());
    let add = &guest.functions()[0];
    assert_eq!((add.name.as_str(), add.doc.as_str()), ("add", "does add"));
    assert!(add.is_non_blocking && !add.is_stream);
}

#[test]
fn a_small_frame_goes_to_the_inbox_and_a_large_one_to_fresh_memory() {
    let mut guest = start(&GoGrant::new());
    let inbox = guest.room(16).unwrap().unwrap();
    assert_eq!(guest.room(8192).unwrap(), Some(inbox));
    let room = guest.room(1 << 20).unwrap().unwrap();
    assert_ne!(room, inbox);
    assert!(guest.memory().get(room, 1 << 20).is_some());
}

#[test]
fn a_task_that_is_done_at_once_is_an_event() {
    let mut guest = start(&GoGrant::new());
    assert_eq!(spawn(&mut guest, 7, DONE, 0), 1);
    let event = guest.event(0).unwrap();
    assert_eq!((event.kind, event.task, event.count), (EventKind::Done, 7, 0));
    assert_eq!(guest.live(), 0);
}

#[test]
fn a_timeout_reaches_the_guest_and_one_of_zero_is_not_none() {
    let mut guest = start(&GoGrant::new());
    for (timeout, nanoseconds) in
        [(None, 0), (Some(Duration::ZERO), 1), (Some(Duration::from_micros(5)), 5000)]
    {
        assert_eq!(guest.start_task(1, DONE, 0, 0, timeout).unwrap(), 1);
        assert_eq!(guest.event(0).unwrap().count, nanoseconds);
    }
}

#[test]
fn a_call_of_a_task_is_answered_and_the_task_is_done() {
    let mut guest = start(&GoGrant::new());
    guest.set_traced(true);
    assert_eq!(spawn(&mut guest, 3, CALL, 0), 1);
    let event = guest.event(0).unwrap();
    assert_eq!((event.kind, event.number, event.goroutine), (EventKind::Call, 5, 1));
    assert_eq!(guest.live(), 1);
    assert_eq!(guest.deliver(5, true, 0, 0).unwrap(), 1);
    let event = guest.event(0).unwrap();
    assert_eq!((event.kind, event.task, event.number), (EventKind::Done, 3, 1));
}

#[test]
fn an_idle_guest_without_timers_has_none() {
    let mut guest = start(&GoGrant::new());
    let idle = Polled { events: 0, is_busy: false, timer: None };
    assert_eq!(guest.poll(None).unwrap(), idle);
    assert_eq!(guest.poll(Some(50 * MS)).unwrap(), idle, "the budget is no timer of the guest");
}

#[test]
fn an_idle_guest_says_when_its_next_timer_is() {
    for budget in [None, Some(20 * MS), Some(Duration::from_secs(3600))] {
        let mut guest = start(&GoGrant::new());
        assert_eq!(spawn(&mut guest, 1, SLEEP, 200_000_000), 0);
        let polled = guest.poll(budget).unwrap();
        assert_eq!((polled.events, polled.is_busy), (0, false));
        let timer = polled.timer.unwrap();
        assert!((100 * MS..=200 * MS).contains(&timer), "{budget:?}: {timer:?}");
    }
}

#[test]
fn a_timer_that_is_due_gives_an_event() {
    let mut guest = start(&GoGrant::new());
    assert_eq!(spawn(&mut guest, 9, SLEEP, 5_000_000), 0);
    let timer = guest.poll(None).unwrap().timer.unwrap();
    std::thread::sleep(timer);
    let polled = guest.poll(None).unwrap();
    assert_eq!(polled, Polled { events: 1, is_busy: false, timer: None });
    assert_eq!(guest.event(0).unwrap().task, 9);
}

#[test]
fn a_guest_with_more_to_do_is_busy_when_its_budget_is_spent() {
    let mut guest = start(&GoGrant::new());
    assert_eq!(spawn(&mut guest, 1, YIELD, 0), 0);
    for _ in 0..3 {
        let polled = guest.poll(Some(5 * MS)).unwrap();
        assert_eq!(polled, Polled { events: 0, is_busy: true, timer: None });
    }
}

#[test]
fn a_cancelled_task_ends_and_learns_why() {
    let mut guest = start(&GoGrant::new());
    for kind in [CancelKind::Cancelled, CancelKind::TimedOut, CancelKind::Closing] {
        assert_eq!(spawn(&mut guest, 4, WAIT, 0), 0);
        assert_eq!(guest.poll(None).unwrap().events, 0);
        assert_eq!(guest.cancel(4, kind, 0, 0).unwrap(), 0);
        assert_eq!(guest.poll(None).unwrap().events, 1);
        assert_eq!(guest.live(), 0);
        assert_eq!(guest.string("answer"), (kind as u32).to_string());
    }
}

#[test]
fn closing_cancels_all_tasks() {
    let mut guest = start(&GoGrant::new());
    for task in 1..=3 {
        spawn(&mut guest, task, WAIT, 0);
    }
    guest.poll(None).unwrap();
    assert_eq!((guest.live(), guest.goroutines()), (3, 3));
    guest.close().unwrap();
    while guest.live() > 0 {
        assert!(guest.poll(None).unwrap().events > 0);
    }
}

#[test]
fn a_stream_can_be_dropped() {
    assert_eq!(start(&GoGrant::new()).drop_stream(1).unwrap(), 0);
}
