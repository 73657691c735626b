//! Both ends at work at once.

use super::*;
use crate::ring::block_on::block_on;
use crate::ring::ring;
use proptest::prelude::*;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

/// The result of a future, which is polled on this thread.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    block_on(|context| future.as_mut().poll(context))
}

/// How an end does its work.
#[derive(Debug, Clone, Copy)]
enum Way {
    One,
    Batch(usize),
    Async,
    AsyncBatch(usize),
    Try,
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        Just(Way::One),
        (1..40_usize).prop_map(Way::Batch),
        Just(Way::Async),
        (1..40_usize).prop_map(Way::AsyncBatch),
        Just(Way::Try),
    ]
}

/// The message number `at`, whose length and bytes follow from it.
fn message(at: usize, longest: usize) -> Vec<u8> {
    let len = at.wrapping_mul(2_654_435_761) % (longest + 1);
    (0..len).map(|byte| (at + byte) as u8).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn two_threads_lose_repeat_and_reorder_nothing(
        power in 6..13_u32,
        ways in (way(), way()),
        fails: bool,
    ) {
        let total = rounds(20_000, 40);
        let (mut sender, mut receiver) = ring(1 << power).unwrap();
        let longest = sender.longest();
        let sending = std::thread::spawn(move || {
            let mut at = 0;
            while at < total {
                let count = match ways.0 {
                    Way::Batch(count) | Way::AsyncBatch(count) => count.min(total - at),
                    _ => 1,
                };
                let messages = (at..at + count).map(|at| message(at, longest));
                match ways.0 {
                    Way::One => sender.send(&message(at, longest)).unwrap(),
                    Way::Async => wait_for(sender.send_async(&message(at, longest))).unwrap(),
                    Way::Batch(_) => sender.send_all(messages).unwrap(),
                    Way::AsyncBatch(_) => wait_for(sender.send_all_async(messages)).unwrap(),
                    Way::Try => {
                        while !sender.try_send(&message(at, longest)).unwrap() {
                            std::thread::yield_now();
                        }
                    }
                }
                at += count;
            }
            if fails { sender.close_with("enough") } else { sender.close() }
        });
        let mut at = 0;
        let end = loop {
            let received = match ways.1 {
                Way::One => receiver.recv().map(Vec::from_iter),
                Way::Async => wait_for(receiver.recv_async()).map(Vec::from_iter),
                Way::Batch(max) => receiver.recv_batch(max),
                Way::AsyncBatch(max) => wait_for(receiver.recv_batch_async(max)),
                Way::Try => receiver.messages().next().transpose().map(Vec::from_iter),
            };
            match received {
                Ok(messages) if messages.is_empty() => break None,
                Ok(messages) => for received in messages {
                    prop_assert_eq!(received, message(at, longest));
                    at += 1;
                },
                Err(error) => break Some(error.ring_error().unwrap().to_string()),
            }
        };
        prop_assert_eq!(at, total);
        prop_assert_eq!(end.as_deref(), fails.then_some("enough"));
        sending.join().unwrap();
    }
}

#[test]
fn answers_come_to_questions_through_two_rings() {
    let (mut questions, mut asked) = ring(64).unwrap();
    let (mut answers, mut answered) = ring(64).unwrap();
    let other = std::thread::spawn(move || {
        for question in &mut asked {
            answers.send(&question.unwrap()).unwrap();
        }
        answers.close();
    });
    for round in 0..rounds(20_000, 20) as u64 {
        questions.send(&round.to_le_bytes()).unwrap();
        assert_eq!(answered.recv().unwrap().unwrap(), round.to_le_bytes());
    }
    questions.close();
    assert_eq!(answered.recv().unwrap(), None);
    other.join().unwrap();
}

#[test]
fn closing_wakes_whoever_sleeps() {
    for round in 0..rounds(200, 3) {
        let (mut sender, mut receiver) = ring(64).unwrap();
        let receiving = std::thread::spawn(move || receiver.recv().unwrap());
        if round % 2 == 0 {
            std::thread::yield_now();
        }
        sender.close();
        assert_eq!(receiving.join().unwrap(), None);

        let (mut sender, mut receiver) = ring(64).unwrap();
        while sender.try_send(&[0; 24]).unwrap() {}
        let sending = std::thread::spawn(move || sender.send(&[1; 24]).unwrap_err());
        if round % 2 == 0 {
            std::thread::yield_now();
        }
        receiver.close_with("enough");
        assert_eq!(sending.join().unwrap().ring_error(), Some("enough"));
    }
}

#[test]
fn a_dropped_future_takes_no_message() {
    let (mut sender, mut receiver) = ring(64).unwrap();
    {
        let mut waiting = pin!(receiver.recv_async());
        let is_pending =
            block_on(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending()));
        assert!(is_pending);
        sender.send(b"here").unwrap();
    }
    assert_eq!(receiver.recv().unwrap(), Some(b"here".to_vec()));
}
