//! Time and randomness as a sandbox sees them.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// 2000-01-01 00:00:00 UTC, where deterministic time starts.
const VIRTUAL_START: Duration = Duration::from_secs(946_684_800);

/// The sources of time and randomness of one sandbox.
pub(crate) enum Clock {
    /// The machine's own.
    Real { started: Instant },
    /// Fuel for time, a seeded sequence for randomness.
    Virtual { random: u64, skipped: Duration },
}

impl Clock {
    pub fn new(seed: Option<u64>) -> Clock {
        match seed {
            Some(seed) => Clock::Virtual { random: seed, skipped: Duration::ZERO },
            None => Clock::Real { started: Instant::now() },
        }
    }

    /// Time since 1970, given the fuel used so far.
    pub fn wall(&self, fuel: u64) -> Duration {
        match self {
            Clock::Real { .. } => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            Clock::Virtual { skipped, .. } => {
                VIRTUAL_START.saturating_add(Duration::from_nanos(fuel)).saturating_add(*skipped)
            }
        }
    }

    /// Time since the sandbox was built.
    pub fn running(&self, fuel: u64) -> Duration {
        match self {
            Clock::Real { started } => started.elapsed(),
            Clock::Virtual { skipped, .. } => Duration::from_nanos(fuel).saturating_add(*skipped),
        }
    }

    /// Turns a virtual clock on, as nothing happens until then; false if the clock is real.
    pub fn skip(&mut self, time: Duration) -> bool {
        match self {
            Clock::Real { .. } => false,
            Clock::Virtual { skipped, .. } => {
                *skipped = skipped.saturating_add(time);
                true
            }
        }
    }

    pub fn is_virtual(&self) -> bool {
        matches!(self, Clock::Virtual { .. })
    }

    /// Random bits. Sebastiano Vigna's SplitMix64 where they are to be the same
    /// each time.
    pub fn entropy(&mut self) -> Result<u64, getrandom::Error> {
        match self {
            Clock::Real { .. } => getrandom::u64(),
            Clock::Virtual { random, .. } => {
                *random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut bits = *random;
                bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                Ok(bits ^ (bits >> 31))
            }
        }
    }

    /// Random bytes.
    pub fn fill(&mut self, into: &mut [u8]) -> Result<(), getrandom::Error> {
        if let Clock::Real { .. } = self {
            return getrandom::fill(into);
        }
        for chunk in into.chunks_mut(8) {
            let bits = self.entropy()?.to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
        Ok(())
    }
}
