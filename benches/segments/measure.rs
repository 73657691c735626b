//! Medians of rounds in which rivals take turns.

use std::time::Instant;

/// What is measured: a round gives nanoseconds for one of what it is about.
pub type Measured<'a> = Box<dyn FnMut() -> f64 + 'a>;

/// The medians, after a round that does not count.
pub fn in_turns(rounds: usize, mut all: Vec<Measured<'_>>) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(rounds); all.len()];
    for round in 0..=rounds {
        for (measured, times) in all.iter_mut().zip(&mut times) {
            let time = measured();
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.into_iter().map(median).collect()
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds for one of `n`.
pub fn timed(n: u64, mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..n {
        run();
    }
    start.elapsed().as_nanos() as f64 / n as f64
}

/// A time for people.
pub fn shown(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.1} ns"),
        ..1e6 => format!("{:.2} µs", nanoseconds / 1e3),
        ..1e9 => format!("{:.2} ms", nanoseconds / 1e6),
        _ => format!("{:.2} s", nanoseconds / 1e9),
    }
}
