//! Stacks of calls that are futures, and the mappings of memory that they and sandboxes take.

use crate::platform::limits;

/// The mappings that a sandbox has: of its memory the stack, the snapshot, the heap, the page that
/// it polls, and what is unused between and behind them.
const MAPPINGS: u64 = 6;

/// Mappings that are left for everything else in the process.
const OTHER_MAPPINGS: u64 = 2000;

/// Stacks that there are in any case.
const FEWEST_STACKS: u64 = 256;

/// How many of the stacks that are wanted there are, beside so many sandboxes. Each takes two
/// mappings from the beginning, for its guard page, and those are for the sandboxes first.
pub(super) fn stacks(wanted: u32, count: u32, mappings: Option<u64>) -> u32 {
    let Some(most) = mappings else { return wanted };
    let left = most.saturating_sub(u64::from(count) * MAPPINGS + OTHER_MAPPINGS) / 2;
    u32::try_from(left.max(FEWEST_STACKS)).map_or(wanted, |left| left.min(wanted))
}

/// What to do about a sandbox or a call that there is no room for in the address space.
pub(super) fn mappings_remedy() -> String {
    let most = limits::mappings().map(|most| format!(", which is {most}")).unwrap_or_default();
    format!(
        "a process may have only so many mappings of memory, of which a sandbox takes {MAPPINGS} \
         and a call in a future 2; raise vm.max_map_count{most}, or have fewer at once"
    )
}

#[cfg(test)]
mod tests {
    use super::stacks;

    #[test]
    fn sandboxes_get_the_mappings_of_the_process_before_stacks_do() {
        let usual = Some(65_530);
        assert_eq!(stacks(1000, 1000, usual), 1000);
        assert_eq!(stacks(2000, 1000, usual), 2000);
        assert_eq!(stacks(10_000, 10_000, usual), 1765);
        assert_eq!(stacks(20_000, 20_000, usual), 256);
        assert_eq!(stacks(10, 10, Some(10)), 10);
        assert_eq!(stacks(20_000, 20_000, None), 20_000);
    }
}
