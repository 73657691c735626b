//! `cargo test --release speed -- --ignored --nocapture` prints nanoseconds a call.

use super::*;
use bstr::BString;
use std::hint::black_box;
use std::time::Instant;

fn time(name: &str, rounds: u32, mut run: impl FnMut()) {
    let start = Instant::now();
    (0..rounds).for_each(|_| run());
    println!("{name}: {:.1} ns", start.elapsed().as_nanos() as f64 / f64::from(rounds));
}

#[test]
#[ignore = "measures, and proves nothing"]
fn small_calls() {
    let (to, from) = (encode_rules(), decode_rules());
    let mut encoder = Encoder::new();
    time("arguments (i64, i64)", 10_000_000, || {
        encoder.clear();
        let _ = black_box(encoder.arguments(&to, black_box(&(1i64, 2i64))));
    });
    time("arguments (str, f64)", 10_000_000, || {
        encoder.clear();
        let _ = black_box(encoder.arguments(&to, black_box(&("hello", 2.5))));
    });
    let mut sent = Sent::default();
    sent.slot(tag::INTEGER, 0, 1).slot(tag::NUMBER, 0, 1f64.to_bits());
    time("results i64", 10_000_000, || {
        let decoder = Decoder::new(&sent.memory, black_box(&sent.frame), 2, &from);
        let _ = black_box(decoder.and_then(|mut decoder| decoder.results::<i64>()));
    });
    time("results (i64, f64)", 10_000_000, || {
        let decoder = Decoder::new(&sent.memory, black_box(&sent.frame), 2, &from);
        let _ = black_box(decoder.and_then(|mut decoder| decoder.results::<(i64, f64)>()));
    });
    let mut sent = Sent::default();
    sent.string(&vec![b'x'; 1 << 20]);
    time("a String of 1 MiB", 1000, || drop(black_box(sent.read::<String>(1))));
    time("a BString of 1 MiB", 1000, || drop(black_box(sent.read::<BString>(1))));
    time("a copy of 1 MiB", 1000, || drop(black_box(sent.memory.clone())));
}
