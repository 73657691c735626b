//! Waiting as guests do, through the host.

use super::*;
use crate::ring::header::Ring;
use crate::ring::receiver::RingReceiver;
use crate::ring::ring_over;
use crate::ring::sender::RingSender;
use crate::ring::wait::Waited;
use crate::segment::Segment;
use crate::side::Side;
use crate::waiters::{Waiters, new_owner};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Waker;

struct Guest {
    segment: Segment,
    region: Region,
    sender: RingSender,
    receiver: RingReceiver,
    woken: Arc<Count>,
    waker: Waker,
    owner: u64,
}

/// A ring at byte 64 of a segment, and a guest that waits on it.
fn guest() -> Guest {
    let segment = Segment::new(1024).unwrap();
    let (sender, receiver) = ring_over(&segment, 64, 64).unwrap();
    let woken = Arc::<Count>::default();
    let waker = Waker::from(Arc::clone(&woken));
    let region = segment.region().unwrap();
    Guest { segment, region, sender, receiver, woken, waker, owner: new_owner() }
}

impl Guest {
    fn ring(&self) -> Ring {
        Ring::of(&self.segment, 64).unwrap()
    }

    fn wait(&self, side: Side) -> Waited {
        self.ring().wait(side, self.segment.waiters(), self.owner, &self.waker).unwrap()
    }

    fn woken(&self) -> usize {
        self.woken.0.load(SeqCst)
    }
}

#[test]
fn a_receiver_is_woken_by_the_next_message() {
    let mut guest = guest();
    assert_eq!(guest.wait(Side::Receiver), Waited::Registered);
    assert_eq!(word(&guest.region, 64 + 72), 1);
    guest.sender.send(b"x").unwrap();
    assert_eq!((guest.woken(), word(&guest.region, 64 + 72)), (1, 0));
    guest.sender.send(b"y").unwrap();
    assert_eq!(guest.woken(), 1);
}

#[test]
fn a_receiver_does_not_wait_for_what_is_there() {
    let mut guest = guest();
    guest.sender.send(b"x").unwrap();
    assert_eq!(guest.wait(Side::Receiver), Waited::Ready);
    assert_eq!(word(&guest.region, 64 + 72), 0);
    guest.receiver.recv().unwrap();
    guest.sender.close();
    assert_eq!(guest.wait(Side::Receiver), Waited::Ready);
    assert_eq!(guest.woken(), 0);
}

#[test]
fn a_sender_is_woken_once_there_is_the_room_that_it_needs() {
    let mut guest = guest();
    for _ in 0..4 {
        assert!(guest.sender.try_send(&[1; 8]).unwrap());
    }
    set_word(&guest.region, 64 + 136, 32);
    assert_eq!(guest.wait(Side::Sender), Waited::Registered);
    guest.receiver.recv().unwrap();
    assert_eq!((guest.woken(), word(&guest.region, 64 + 136)), (0, 32));
    guest.receiver.recv().unwrap();
    assert_eq!((guest.woken(), word(&guest.region, 64 + 136)), (1, 0));
}

#[test]
fn a_sender_that_asks_for_too_much_is_woken_when_the_ring_is_empty() {
    let mut guest = guest();
    guest.sender.send(&[1; 24]).unwrap();
    set_word(&guest.region, 64 + 136, u32::MAX);
    assert_eq!(guest.wait(Side::Sender), Waited::Registered);
    guest.receiver.recv().unwrap();
    assert_eq!(guest.woken(), 1);
}

#[test]
fn a_sender_whose_flag_was_set_back_looks_again() {
    let mut guest = guest();
    while guest.sender.try_send(&[1; 8]).unwrap() {}
    assert_eq!(guest.wait(Side::Sender), Waited::Ready);
}

#[test]
fn closing_wakes_the_other_side() {
    let mut guest = guest();
    assert_eq!(guest.wait(Side::Receiver), Waited::Registered);
    guest.sender.close();
    assert_eq!(guest.woken(), 1);
    while guest.receiver.recv().unwrap().is_some() {}
}

#[test]
fn a_wait_that_is_taken_back_wakes_nobody() {
    let mut guest = guest();
    assert_eq!(guest.wait(Side::Receiver), Waited::Registered);
    guest.ring().unwait(Side::Receiver, guest.segment.waiters(), guest.owner);
    assert_eq!(word(&guest.region, 64 + 72), 0);
    guest.sender.send(b"x").unwrap();
    assert_eq!(guest.woken(), 0);
}

#[test]
fn taking_back_one_of_two_waits_leaves_the_other() {
    let mut guest = guest();
    assert_eq!(guest.wait(Side::Receiver), Waited::Registered);
    let other = Arc::<Count>::default();
    let (waker, waiters) = (Waker::from(Arc::clone(&other)), guest.segment.waiters());
    let ring = guest.ring();
    assert_eq!(ring.wait(Side::Receiver, waiters, 0, &waker).unwrap(), Waited::Registered);
    ring.unwait(Side::Receiver, waiters, 0);
    assert_eq!(word(&guest.region, 64 + 72), 1);
    guest.sender.send(b"x").unwrap();
    assert_eq!((guest.woken(), other.0.load(SeqCst)), (1, 0));
}

#[test]
fn rings_of_one_segment_do_not_wake_each_other() {
    let segment = Segment::new(4096).unwrap();
    let rings = [0, 1024].map(|at| ring_over(&segment, at, 64).unwrap());
    let woken = rings.each_ref().map(|_| Arc::<Count>::default());
    let [(mut first, _one), (_second, _two)] = rings;
    for (at, count) in [0, 1024].into_iter().zip(&woken) {
        let ring = Ring::of(&segment, at).unwrap();
        let waker = Waker::from(Arc::clone(count));
        ring.wait(Side::Receiver, segment.waiters(), new_owner(), &waker).unwrap();
    }
    first.send(b"x").unwrap();
    assert_eq!(woken.map(|count| count.0.load(SeqCst)), [1, 0]);
}

#[test]
fn too_many_waits_are_refused() {
    let waiters = Waiters::default();
    let register = |at, owner| waiters.register(at, Side::Sender, owner, Waker::noop(), || {});
    let most = if cfg!(miri) { return } else { 65_536 };
    assert!((0..most).all(|at| register(at * 64, 1)));
    assert!(!register(0, 2) && register(0, 1));
}

#[test]
fn who_was_not_reached_by_a_barrier_is_woken_after_a_while() {
    let waiters = Waiters::default();
    let woken = Arc::<Count>::default();
    let waker = Waker::from(Arc::clone(&woken));
    assert!(waiters.register(0, Side::Receiver, 7, &waker, || {}));
    if cfg!(miri) {
        // The thread that does it never ends, which Miri does not allow.
        return waiters.wake_owner(0, Side::Receiver, 7);
    }
    crate::periodic_wake::later(&waiters, 0, Side::Receiver, 7);
    while woken.0.load(SeqCst) == 0 {
        std::thread::yield_now();
    }
}
