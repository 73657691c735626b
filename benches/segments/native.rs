//! Ends of rings on native threads.

use crate::rings::{BATCH, LENGTH};
use luago::{RingReceiver, RingSender};
use std::hint::{black_box, spin_loop};
use std::thread;

/// So many messages through a ring of `rtrb`, of which both ends look until there is something.
pub fn rtrb(messages: u64) {
    let (mut to, mut from) = rtrb::RingBuffer::<[u8; LENGTH]>::new(1024);
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut message = [0; LENGTH];
            for i in 0..messages {
                message[0] = i as u8;
                while to.push(black_box(message)).is_err() {
                    spin_loop();
                }
            }
        });
        for i in 0..messages {
            let message = loop {
                match from.pop() {
                    Ok(message) => break message,
                    Err(_) => spin_loop(),
                }
            };
            assert_eq!(black_box(message)[0], i as u8);
        }
    });
}

pub fn send(to: &mut RingSender, messages: u64) {
    let mut message = [0; LENGTH];
    for i in 0..messages {
        message[0] = i as u8;
        to.send(black_box(&message)).expect("it is open");
    }
    to.close();
}

pub fn send_all(to: &mut RingSender, messages: u64) {
    let mut batch = [[0; LENGTH]; BATCH];
    for i in 0..messages / BATCH as u64 {
        batch[0][0] = i as u8;
        to.send_all(black_box(&batch)).expect("it is open");
    }
    to.close();
}

/// How many there were.
pub fn receive(from: &mut RingReceiver) -> u64 {
    let (mut message, mut count) = (Vec::new(), 0);
    while from.recv_into(&mut message).expect("it is no error") {
        black_box(&message);
        count += 1;
    }
    count
}

pub fn receive_all(from: &mut RingReceiver) -> u64 {
    let mut count = 0;
    loop {
        let taken = from.recv_each(BATCH, |message| {
            black_box(message);
        });
        match taken.expect("it is no error") {
            0 => return count,
            taken => count += taken as u64,
        }
    }
}
