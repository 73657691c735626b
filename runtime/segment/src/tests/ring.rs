use super::*;
use crate::ring::receiver::{RingReceiver, TryRecv};
use crate::ring::sender::RingSender;
use crate::ring::{ring, ring_over};
use crate::segment::Segment;
use proptest::prelude::*;
use std::collections::VecDeque;

#[derive(Debug, Clone)]
enum Op {
    TrySend(usize),
    SendAll(Vec<usize>),
    TryRecv,
    RecvBatch(usize),
    RecvEach(usize),
    /// Another has the end for a while, and gives it back.
    PassSender,
    PassReceiver,
}

fn op(longest: usize) -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..=longest).prop_map(Op::TrySend),
        1 => proptest::collection::vec(0..=longest, 0..5).prop_map(Op::SendAll),
        3 => Just(Op::TryRecv),
        1 => (0..5_usize).prop_map(Op::RecvBatch),
        1 => (0..5_usize).prop_map(Op::RecvEach),
        1 => Just(Op::PassSender),
        1 => Just(Op::PassReceiver),
    ]
}

/// What a ring does, in few words: records with what was skipped for them.
struct Model {
    capacity: usize,
    /// Bytes ever written.
    written: usize,
    queue: VecDeque<(Vec<u8>, usize)>,
}

impl Model {
    fn send(&mut self, message: &[u8]) -> bool {
        let record = 8 + message.len().div_ceil(8) * 8;
        let left = self.capacity - self.written % self.capacity;
        let size = if record > left { left + record } else { record };
        let used: usize = self.queue.iter().map(|(_, size)| size).sum();
        if used + size > self.capacity {
            return false;
        }
        self.queue.push_back((message.to_vec(), size));
        self.written += size;
        true
    }

    fn fits(&self, messages: &[Vec<u8>]) -> bool {
        let (written, queue) = (self.written, self.queue.clone());
        let mut copy = Model { capacity: self.capacity, written, queue };
        messages.iter().all(|message| copy.send(message))
    }
}

/// Both ends, after so many bytes have gone through the ring.
fn ring_at(start: u32, capacity: usize) -> (Segment, RingSender, RingReceiver) {
    let segment = Segment::new(64 + 512 + capacity).unwrap();
    ring_over(&segment, 64, capacity).unwrap();
    let region = segment.region().unwrap();
    set_word(&region, 64 + 64, start);
    set_word(&region, 64 + 128, start);
    let sender = RingSender::over(&segment, 64).unwrap();
    let receiver = RingReceiver::over(&segment, 64).unwrap();
    (segment, sender, receiver)
}

/// Messages that are all different.
fn messages(lens: &[usize], count: &mut u8) -> Vec<Vec<u8>> {
    let message = |&len: &usize| {
        *count = count.wrapping_add(1);
        vec![*count; len]
    };
    lens.iter().map(message).collect()
}

fn any_ring() -> impl Strategy<Value = (usize, u32, Vec<Op>)> {
    // From 64 to 1024 bytes, and counters that pass 2^32 soon.
    (6..11_u32).prop_flat_map(|power| {
        let capacity = 1_usize << power;
        let start = (0..64_u32).prop_map(|words| 0_u32.wrapping_sub(words * 8));
        let ops = proptest::collection::vec(op(capacity / 2 - 8), 0..rounds(120, 20));
        (Just(capacity), start, ops)
    })
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn a_ring_loses_repeats_and_reorders_nothing((capacity, start, ops) in any_ring()) {
        let (segment, mut sender, mut receiver) = ring_at(start, capacity);
        let written = start as usize % capacity;
        let mut model = Model { capacity, written, queue: VecDeque::new() };
        let mut count = 0;
        for op in ops {
            match op {
                Op::TrySend(len) => {
                    let message = &messages(&[len], &mut count)[0];
                    prop_assert_eq!(sender.try_send(message).unwrap(), model.send(message));
                }
                Op::SendAll(lens) => {
                    let messages = messages(&lens, &mut count);
                    if model.fits(&messages) {
                        sender.send_all(&messages).unwrap();
                        messages.iter().for_each(|message| assert!(model.send(message)));
                    }
                }
                Op::TryRecv => {
                    let expected = model.queue.pop_front();
                    let expected = expected.map_or(TryRecv::Empty, |(message, _)| TryRecv::Message(message));
                    prop_assert_eq!(receiver.try_recv().unwrap(), expected);
                }
                Op::RecvBatch(max) if !model.queue.is_empty() => {
                    let count = max.max(1).min(model.queue.len());
                    let expected: Vec<_> = model.queue.drain(..count).map(|(message, _)| message).collect();
                    prop_assert_eq!(receiver.recv_batch(max).unwrap(), expected);
                }
                Op::RecvEach(max) if !model.queue.is_empty() => {
                    let count = max.max(1).min(model.queue.len());
                    let mut expected = model.queue.drain(..count).map(|(message, _)| message);
                    let all = |message: &[u8]| assert_eq!(expected.next().unwrap(), message);
                    prop_assert_eq!(receiver.recv_each(max, all).unwrap(), count);
                }
                Op::RecvBatch(_) | Op::RecvEach(_) => {}
                Op::PassSender => {
                    // A guest sends a message, and this end is used again as it was left.
                    let mut guest = RingSender::over(&segment, 64).unwrap();
                    let message = &messages(&[5], &mut count)[0];
                    prop_assert_eq!(guest.try_send(message).unwrap(), model.send(message));
                }
                Op::PassReceiver => {
                    let mut guest = RingReceiver::over(&segment, 64).unwrap();
                    let is_there = matches!(guest.try_recv().unwrap(), TryRecv::Message(_));
                    prop_assert_eq!(is_there, model.queue.pop_front().is_some());
                }
            }
        }
        sender.close();
        for (message, _) in model.queue {
            prop_assert_eq!(receiver.recv().unwrap().unwrap(), message);
        }
        prop_assert_eq!(receiver.recv().unwrap(), None);
        prop_assert_eq!(receiver.recv_batch(9).unwrap(), Vec::<Vec<u8>>::new());
    }
}

fn pair() -> (RingSender, RingReceiver) {
    ring(256).unwrap()
}

#[test]
fn a_receiver_takes_what_is_left_and_then_sees_the_end() {
    let (mut sender, mut receiver) = pair();
    sender.send(b"last").unwrap();
    sender.close();
    assert_eq!(receiver.try_recv().unwrap(), TryRecv::Message(b"last".to_vec()));
    assert_eq!(receiver.try_recv().unwrap(), TryRecv::Ended);
    assert_eq!(receiver.recv().unwrap(), None);
}

#[test]
fn the_error_of_a_sender_comes_after_what_is_left() {
    let (mut sender, mut receiver) = pair();
    sender.send(b"last").unwrap();
    sender.close_with("the disk is full");
    let all: Vec<_> = receiver.messages().map(Result::ok).collect();
    assert_eq!(all, [Some(b"last".to_vec()), None]);
    let error = receiver.recv().unwrap_err();
    assert!(error.is_ring_closed());
    assert_eq!(error.ring_error(), Some("the disk is full"));
    assert_eq!(error.to_string(), "the sender has closed the ring: the disk is full");
}

#[test]
fn sending_fails_as_soon_as_the_receiver_has_closed() {
    let (mut sender, mut receiver) = pair();
    assert!(sender.try_send(b"one").unwrap());
    receiver.close();
    let error = sender.try_send(b"two").unwrap_err();
    assert!(error.is_ring_closed() && error.ring_error().is_none());
    assert_eq!(error.to_string(), "the receiver has closed the ring");
    assert!(sender.send_all([b"three"]).unwrap_err().is_ring_closed());

    let (mut sender, mut receiver) = pair();
    receiver.close_with("no more of this");
    let error = sender.send(b"one").unwrap_err();
    assert_eq!(error.to_string(), "the receiver has closed the ring: no more of this");
}

#[test]
fn an_end_that_is_closed_cannot_be_used() {
    let (mut sender, mut receiver) = pair();
    sender.close();
    sender.close_with("too late to say");
    let error = sender.try_send(b"x").unwrap_err();
    assert!(error.is_ring_closed());
    assert_eq!(error.to_string(), "this sender of the ring is closed; make a new ring");
    assert_eq!(receiver.recv().unwrap(), None);
    receiver.close();
    let error = receiver.recv().unwrap_err();
    assert_eq!(error.to_string(), "this receiver of the ring is closed; make a new ring");
}

#[test]
fn an_end_that_a_guest_has_closed_is_closed() {
    let segment = Segment::new(1024).unwrap();
    let (mut sender, mut receiver) = ring_over(&segment, 0, 256).unwrap();
    sender.send(b"x").unwrap();
    RingReceiver::over(&segment, 0).unwrap().close();
    assert!(receiver.try_recv().unwrap_err().is_ring_closed());
    RingSender::over(&segment, 0).unwrap().close();
    let error = sender.try_send(b"y").unwrap_err();
    assert_eq!(error.to_string(), "this sender of the ring is closed; make a new ring");
}

#[test]
fn a_long_error_is_cut_between_characters() {
    let (mut sender, mut receiver) = pair();
    sender.close_with(&"ü".repeat(100));
    assert_eq!(receiver.recv().unwrap_err().ring_error(), Some(&*"ü".repeat(78)));
    let (mut sender, mut receiver) = pair();
    sender.close_with(&format!("x{}", "ü".repeat(100)));
    assert_eq!(receiver.recv().unwrap_err().ring_error(), Some(&*format!("x{}", "ü".repeat(77))));
}

#[test]
fn dropping_an_end_does_not_close_the_ring() {
    let segment = Segment::new(1024).unwrap();
    drop(ring_over(&segment, 0, 256).unwrap());
    RingSender::over(&segment, 0).unwrap().send(b"still").unwrap();
    let mut receiver = RingReceiver::over(&segment, 0).unwrap();
    assert_eq!(receiver.recv().unwrap(), Some(b"still".to_vec()));
}

#[test]
fn a_message_that_can_never_fit_is_refused_and_those_before_it_are_sent() {
    let (mut sender, mut receiver) = pair();
    assert_eq!((sender.capacity(), sender.longest()), (256, 120));
    let error = sender.send_all([vec![1; 3], vec![2; 121], vec![3; 3]]).unwrap_err();
    assert!(error.is_too_long());
    assert_eq!(
        error.to_string(),
        "a message of 121 bytes does not fit in the ring, which takes 120 at most; split it, or \
         make a ring of a larger capacity"
    );
    assert_eq!(receiver.recv_batch(9).unwrap(), [vec![1; 3]]);
    sender.send(&[2; 120]).unwrap();
    assert_eq!(receiver.recv().unwrap(), Some(vec![2; 120]));
}

#[test]
fn messages_that_a_panic_interrupts_are_taken_once() {
    let (mut sender, mut receiver) = pair();
    sender.send_all([b"one", b"two"]).unwrap();
    let panicking = std::panic::AssertUnwindSafe(|| receiver.recv_each(9, |_| panic!("no")));
    assert!(std::panic::catch_unwind(panicking).is_err());
    assert_eq!(receiver.recv().unwrap(), Some(b"two".to_vec()));
}

#[test]
fn a_capacity_that_cannot_be_is_refused_with_one_that_can() {
    for (capacity, next) in [(0, 64), (63, 64), (65, 128), (1 << 31, 1 << 30)] {
        let error = ring(capacity).unwrap_err();
        assert!(error.is_out_of_range());
        assert_eq!(
            error.to_string(),
            format!(
                "a ring cannot have a capacity of {capacity} bytes; give it a power of two from \
                 64 to 2^30, such as {next}"
            )
        );
    }
}

#[test]
fn a_ring_stands_in_its_segment_at_a_multiple_of_64() {
    let segment = Segment::new(4096).unwrap();
    assert!(ring_over(&segment, 32, 64).unwrap_err().is_out_of_range());
    assert!(ring_over(&segment, 64, 4096).unwrap_err().is_out_of_range());
    assert!(ring_over(&segment, usize::MAX - 63, 64).unwrap_err().is_out_of_range());
    assert!(ring_over(&segment.read_only(), 0, 64).unwrap_err().is_read_only());
    assert!(RingSender::over(&segment.read_only(), 0).unwrap_err().is_read_only());
    let part = segment.sub(64..4096).unwrap();
    let (mut sender, _) = ring_over(&part, 128, 64).unwrap();
    sender.send(b"here").unwrap();
    let mut receiver = RingReceiver::over(&segment, 192).unwrap();
    assert_eq!(receiver.segment().start(), 192);
    assert_eq!(receiver.segment().len(), 512 + 64);
    assert_eq!(receiver.recv().unwrap(), Some(b"here".to_vec()));
}
