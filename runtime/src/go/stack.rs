//! The machine stack that a Go guest runs on: its own, whatever thread enters it.

use crate::engine::depth::Depth;
use corosensei::on_stack;
use corosensei::stack::DefaultStack;

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
