//! How deep the calls of a guest may go on its machine stack.

use std::fmt;

/// How deep the calls of a guest may go. Wasmtime has one depth for each of its engines, and
/// so there are few: the powers of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Depth(u8);

impl Depth {
    pub const MIN: u64 = 1 << 20;
    pub const MAX: u64 = 1 << 30;
    /// How many there are.
    pub const COUNT: usize = (Depth::MAX / Depth::MIN).ilog2() as usize + 1;

    /// The least that has so many bytes, of those that there are.
    pub fn of(bytes: u64) -> Depth {
        let bytes = bytes.clamp(Depth::MIN, Depth::MAX).next_power_of_two();
        Depth((bytes / Depth::MIN).ilog2() as u8)
    }

    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    pub fn bytes(self) -> usize {
        (Depth::MIN as usize) << self.0
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.bytes() >> 20)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_depth_is_the_least_power_of_two_that_is_enough() {
        for (bytes, depth) in
            [(1, 1 << 20), (1 << 20, 1 << 20), ((1 << 20) + 1, 2 << 20), (u64::MAX, 1 << 30)]
        {
            assert_eq!(Depth::of(bytes).bytes(), depth, "{bytes}");
        }
        assert_eq!(Depth::of(Depth::MAX).index() + 1, Depth::COUNT);
    }
}
