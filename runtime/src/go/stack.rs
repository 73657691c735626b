//! The machine stack that a Go guest runs on: its own, whatever thread enters it.

use corosensei::on_stack;
use corosensei::stack::DefaultStack;
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

/// What the host's functions have when a guest has called them from its deepest place.
const HOST: usize = 1 << 20;

/// A stack. Its pages take memory from when they are first used until it is dropped.
pub(crate) struct Stack(DefaultStack);

impl Stack {
    pub fn new(depth: Depth) -> std::io::Result<Stack> {
        DefaultStack::new(depth.bytes() + HOST).map(Stack)
    }

    /// Runs something on it. A panic goes on as if it had been run here.
    #[inline]
    pub fn run<R>(&mut self, run: impl FnOnce() -> R) -> R {
        on_stack(&mut self.0, run)
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

    #[test]
    fn what_runs_on_a_stack_is_not_on_that_of_its_thread_and_its_panics_are_the_callers() {
        let mut stack = Stack::new(Depth::of(1)).unwrap();
        let here = std::hint::black_box(0u8);
        let there = stack.run(|| {
            let frame = std::hint::black_box([0u8; 1 << 20]);
            frame.as_ptr() as usize
        });
        assert!((&raw const here as usize).abs_diff(there) > 1 << 20);
        let panic = std::panic::AssertUnwindSafe(|| stack.run(|| panic!("over")));
        let payload = std::panic::catch_unwind(panic).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"over"));
        assert_eq!(stack.run(|| 1), 1);
    }
}
