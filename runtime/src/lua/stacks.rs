//! Stacks of calls that are futures, and what the mappings of memory leave for them.

use crate::platform::limits::MAPPINGS;

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
