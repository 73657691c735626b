//! Properties of memory that guests share.

mod description;
mod hostile_ring;
mod layout;
mod region;
mod ring;
mod ring_bytes;
mod ring_threads;
mod view;
mod waiting;

use crate::region::Region;
use proptest::prelude::ProptestConfig;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::task::Wake;

/// A waker that counts how often it was called.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// As many cases as are asked for, and very few under Miri, which takes its time.
fn cases(cases: u32) -> ProptestConfig {
    let cases = if cfg!(miri) { 3 } else { cases };
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// A number of rounds, of which Miri makes few.
fn rounds(rounds: usize, under_miri: usize) -> usize {
    if cfg!(miri) { under_miri } else { rounds }
}

fn word(region: &Region, at: usize) -> u32 {
    region.word(at).unwrap().load(Relaxed)
}

fn set_word(region: &Region, at: usize, value: u32) {
    region.word(at).unwrap().store(value, Relaxed);
}

fn bytes(region: &Region) -> Vec<u8> {
    let mut bytes = vec![0; region.len()];
    region.read(0, &mut bytes).unwrap();
    bytes
}
