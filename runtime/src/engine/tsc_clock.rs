//! A clock for calls that take a hundred nanoseconds, of which asking the system for the
//! time twice would be a third.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "the processor's counter has no safe function")
)]

use std::time::{Duration, Instant};

/// Counts since some moment, and how long they take.
#[derive(Clone, Copy)]
pub(crate) struct TscClock {
    start: Instant,
    at_start: u64,
    has_counter: bool,
}

impl TscClock {
    pub fn new() -> TscClock {
        let mut ticks = TscClock { start: Instant::now(), at_start: 0, has_counter: has_counter() };
        ticks.at_start = ticks.now();
        ticks
    }

    /// A count that grows at a steady rate.
    #[inline]
    pub fn now(&self) -> u64 {
        if self.has_counter {
            return counter();
        }
        self.start.elapsed().as_nanos() as u64
    }

    /// How long so many counts have taken.
    pub fn duration(&self, counts: u64) -> Duration {
        if !self.has_counter {
            return Duration::from_nanos(counts);
        }
        // What the counter has done since the start tells its rate, the better the longer
        // that is ago.
        let passed = self.now().saturating_sub(self.at_start).max(1);
        let nanoseconds = self.start.elapsed().as_nanos();
        let scaled = u128::from(counts).saturating_mul(nanoseconds) / u128::from(passed);
        Duration::from_nanos(u64::try_from(scaled).unwrap_or(u64::MAX))
    }
}

/// Whether the processor's counter runs at one rate, whatever the processor does.
#[cfg(target_arch = "x86_64")]
fn has_counter() -> bool {
    use std::arch::x86_64::__cpuid;
    const POWER: u32 = 0x8000_0007;
    const INVARIANT: u32 = 1 << 8;
    __cpuid(0x8000_0000).eax >= POWER && __cpuid(POWER).edx & INVARIANT != 0
}

#[cfg(not(target_arch = "x86_64"))]
fn has_counter() -> bool {
    false
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn counter() -> u64 {
    // SAFETY: every x86-64 processor has the instruction, and it only reads.
    unsafe { std::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
fn counter() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_become_the_time_that_has_passed() {
        let ticks = TscClock::new();
        let (start, counts) = (Instant::now(), ticks.now());
        std::thread::sleep(Duration::from_millis(50));
        let measured = ticks.duration(ticks.now() - counts);
        let passed = start.elapsed();
        assert!(measured <= passed + Duration::from_millis(5), "{measured:?} of {passed:?}");
        assert!(measured >= Duration::from_millis(45), "{measured:?} of {passed:?}");
    }
}
