//! Peers that break every rule.

use super::*;
use crate::error::Error;
use crate::ring::header::Ring;
use crate::ring::receiver::{RingReceiver, TryRecv};
use crate::ring::ring_over;
use crate::ring::sender::RingSender;
use crate::segment::Segment;
use crate::side::Side;
use crate::waiters::new_owner;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Waker};

const AT: usize = 64;
const CAPACITY: usize = 256;
const LEN: usize = 512 + CAPACITY;

#[derive(Debug, Clone)]
enum Op {
    /// A word of the header or of the data becomes another.
    Set(usize, u32),
    SetIndices(u32, u32),
    TrySend(usize),
    PollSend(usize),
    TryRecv,
    PollRecv,
    RecvEach(usize),
    Wait(Side, u32),
    Unwait(Side),
    Wake(Side),
    Open,
    Close(Side),
}

fn value() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        Just(u32::MAX),
        0..400_u32,
        (0..40_u32).prop_map(|words| words * 8),
        select(&[64_u32, 128, 256, 512, 1 << 30, 1 << 31, 0x3147_524C][..]),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let header = [0_usize, 4, 64, 68, 72, 128, 132, 136, 192, 352];
    let place = prop_oneof![select(header.to_vec()), (0..LEN / 4).prop_map(|word| word * 4)];
    let side = || select(&[Side::Sender, Side::Receiver][..]);
    prop_oneof![
        4 => (place, value()).prop_map(|(at, value)| Op::Set(at, value)),
        1 => (value(), value()).prop_map(|(tail, head)| Op::SetIndices(tail, head)),
        3 => (0..130_usize).prop_map(Op::TrySend),
        1 => (0..130_usize).prop_map(Op::PollSend),
        3 => Just(Op::TryRecv),
        1 => Just(Op::PollRecv),
        1 => (0..9_usize).prop_map(Op::RecvEach),
        1 => (side(), value()).prop_map(|(side, needed)| Op::Wait(side, needed)),
        1 => side().prop_map(Op::Unwait),
        1 => side().prop_map(Op::Wake),
        1 => Just(Op::Open),
        1 => side().prop_map(Op::Close),
    ]
}

/// An error of a ring, and no other.
fn is_of_a_ring<T>(result: Result<T, Error>) -> bool {
    result.err().is_none_or(|error| {
        error.is_ring_broken()
            || error.is_ring_closed()
            || error.is_too_long()
            || error.is_out_of_range()
    })
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn nothing_that_is_written_over_a_ring_harms_the_host(
        ops in proptest::collection::vec(op(), 0..rounds(80, 20)),
        random in proptest::option::of(proptest::collection::vec(any::<u8>(), LEN)),
    ) {
        let segment = Segment::new(AT + LEN + 64).unwrap();
        let region = segment.region().unwrap();
        region.fill(0, region.len(), 0xee).unwrap();
        let (mut sender, mut receiver) = ring_over(&segment, AT, CAPACITY).unwrap();
        if let Some(random) = random {
            region.write(AT + 8, &random[8..]).unwrap();
        }
        let (woken, woken_receiver) = (Arc::<Count>::default(), Arc::<Count>::default());
        let wakers = [&woken, &woken_receiver].map(|woken| Waker::from(Arc::clone(woken)));
        let mut context = Context::from_waker(&wakers[0]);
        let mut context_of_receiver = Context::from_waker(&wakers[1]);
        let waiters = segment.waiters();
        let owner = new_owner();
        for op in ops {
            let opened = Ring::of(&segment, AT);
            match op {
                Op::Set(at, value) => set_word(&region, AT + at, value),
                Op::SetIndices(tail, head) => {
                    set_word(&region, AT + 64, tail);
                    set_word(&region, AT + 128, head);
                }
                Op::TrySend(len) => prop_assert!(is_of_a_ring(sender.try_send(&vec![1; len]))),
                Op::PollSend(len) => {
                    let before = woken.0.load(SeqCst);
                    _ = sender.poll_send(&mut context, &vec![1; len]);
                    // It would have been woken at once if it could have gone on for ever.
                    prop_assert_eq!(woken.0.load(SeqCst), before);
                }
                Op::TryRecv => {
                    let received = receiver.try_recv();
                    if let Ok(TryRecv::Message(message)) = &received {
                        prop_assert!(message.len() <= CAPACITY / 2 - 8);
                    }
                    prop_assert!(is_of_a_ring(received));
                }
                Op::PollRecv => {
                    let before = woken_receiver.0.load(SeqCst);
                    _ = receiver.poll_recv(&mut context_of_receiver);
                    prop_assert_eq!(woken_receiver.0.load(SeqCst), before);
                }
                Op::RecvEach(max) => {
                    // Once the ring is closed there is no message to sleep for.
                    set_word(&region, AT + 68, 1);
                    let received = receiver.recv_each(max, |_| ());
                    prop_assert!(is_of_a_ring(received));
                }
                Op::Wait(side, needed) => {
                    if let Ok(ring) = opened {
                        set_word(&region, AT + 136, needed);
                        prop_assert!(ring.wait(side, waiters, owner, Waker::noop()).is_ok());
                    }
                }
                Op::Unwait(side) => opened.iter().for_each(|ring| ring.unwait(side, waiters, owner)),
                Op::Wake(side) => opened.iter().for_each(|ring| ring.wake(side, waiters)),
                Op::Open => {
                    if let Ok(new) = RingSender::over(&segment, AT) {
                        sender = new;
                    }
                    if let Ok(new) = RingReceiver::over(&segment, AT) {
                        receiver = new;
                    }
                }
                Op::Close(Side::Sender) => sender.close_with("done"),
                Op::Close(Side::Receiver) => receiver.close(),
            }
        }
        let after = bytes(&region);
        prop_assert_eq!(&after[..AT], &[0xee; AT][..]);
        prop_assert_eq!(&after[AT + LEN..], &[0xee; 64][..]);
    }

    #[test]
    fn what_is_no_ring_is_not_opened(bytes in proptest::collection::vec(any::<u8>(), LEN), at: u32, len: u32) {
        let segment = Segment::new(LEN).unwrap();
        let region = segment.region().unwrap();
        region.write(0, &bytes).unwrap();
        prop_assert!(Ring::of(&segment, 0).is_err());
        prop_assert!(Ring::of(&segment, at as usize).is_err());
        prop_assert!(Ring::open(&region, at as usize, 0, len as usize).is_err());
        // A ring in every other way, whose capacity is larger than its range.
        set_word(&region, 0, 0x3147_524C);
        set_word(&region, 4, 1 << (9 + at % 22));
        prop_assert!(RingSender::over(&segment, 0).unwrap_err().is_ring_broken());
    }
}

/// A ring of 256 bytes, whose header gets these words; why its receiver cannot go on.
fn broken(words: &[(usize, u32)]) -> String {
    let segment = Segment::new(LEN).unwrap();
    let (mut sender, mut receiver) = ring_over(&segment, 0, CAPACITY).unwrap();
    let region = segment.region().unwrap();
    for &(at, value) in words {
        set_word(&region, at, value);
    }
    let error = receiver.try_recv().unwrap_err();
    assert!(error.is_ring_broken() && !error.is_ring_closed());
    // It stays so, and the sender hears of it.
    assert!(receiver.try_recv().unwrap_err().is_ring_broken());
    let heard = sender.try_send(b"x").unwrap_err();
    assert_eq!(heard.ring_error(), Some("the ring is broken"));
    let text = error.to_string();
    let text = text.strip_prefix("the ring is broken: ").unwrap();
    let remedy = "; something has written over it, so make a new one";
    text.strip_suffix(remedy).unwrap().to_string()
}

#[test]
fn a_broken_rule_closes_the_end_that_finds_it() {
    let cases: &[(&[(usize, u32)], &str)] = &[
        (&[(64, 264)], "more bytes are in use than it has"),
        (&[(128, 8)], "more bytes are in use than it has"),
        (&[(64, 12)], "an index is not a multiple of 8"),
        (&[(0, 7), (64, 16)], "it does not begin as a ring does"),
        (&[(64, 16), (512, 121)], "a message is longer than it can be"),
        (&[(64, 16), (512, 9)], "a message ends behind what was published"),
        (&[(64, 16), (512, u32::MAX)], "a gap is longer than what was published"),
        (&[(128, 240), (64, 264), (752, 16)], "a message ends behind what was published"),
    ];
    for (words, how) in cases {
        assert_eq!(broken(words), *how);
    }
}

#[test]
fn a_capacity_that_is_changed_later_is_not_believed() {
    let segment = Segment::new(LEN).unwrap();
    let (mut sender, mut receiver) = ring_over(&segment, 0, CAPACITY).unwrap();
    set_word(&segment.region().unwrap(), 4, 1 << 30);
    for round in 0..100 {
        sender.send(&[round; 40]).unwrap();
        assert_eq!(receiver.recv().unwrap(), Some(vec![round; 40]));
    }
}
