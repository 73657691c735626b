//! The ranges of a guest's memory that segments can be mapped over.

use std::collections::BTreeMap;
use std::ops::Range;

/// What a guest gives for segments comes in multiples of this: a page of WebAssembly, and
/// of no machine less than one of its own.
pub(crate) const STEP: u32 = luago_segment::internal::GUEST_PAGE as u32;

/// Address space that belongs to segments, and what of it is free.
#[derive(Debug, Clone, Default)]
pub(crate) struct Windows {
    /// All of it, by start: the end. Ranges do not touch or overlap.
    all: BTreeMap<u32, u32>,
    free: BTreeMap<u32, u32>,
}

impl Windows {
    /// Whether nothing of a range is taken.
    pub fn is_new(&self, range: &Range<u32>) -> bool {
        let overlaps = |(&start, &end): (&u32, &u32)| start < range.end && range.start < end;
        !range.is_empty() && !self.all.iter().any(overlaps)
    }

    /// Takes a range for good; false if some of it has been taken before.
    pub fn add(&mut self, range: Range<u32>) -> bool {
        if !self.is_new(&range) {
            return false;
        }
        insert(&mut self.all, range.clone());
        insert(&mut self.free, range);
        true
    }

    /// A free range of that length, the smallest that there is room in.
    pub fn take(&mut self, len: u32) -> Option<Range<u32>> {
        let fits = |(start, end): &(&u32, &u32)| *end - *start >= len;
        let best = self.free.iter().filter(fits).min_by_key(|(start, end)| *end - *start);
        let (&start, &end) = best?;
        self.free.remove(&start);
        if start + len < end {
            self.free.insert(start + len, end);
        }
        Some(start..start + len)
    }

    /// What of it is free, sorted.
    pub fn free(&self) -> impl Iterator<Item = Range<u32>> {
        self.free.iter().map(|(start, end)| *start..*end)
    }

    /// All of it, sorted.
    pub fn all(&self) -> impl Iterator<Item = Range<u32>> {
        self.all.iter().map(|(start, end)| *start..*end)
    }

    /// Whether a range would be one of its own, and not go on where another one ends.
    pub fn is_apart(&self, range: &Range<u32>) -> bool {
        !self.all.values().any(|end| *end == range.start)
    }

    /// Gives back what was taken.
    pub fn give_back(&mut self, range: Range<u32>) {
        insert(&mut self.free, range);
    }

    /// The same windows with nothing in them.
    pub fn emptied(&self) -> Windows {
        Windows { all: self.all.clone(), free: self.all.clone() }
    }

    /// Bytes of all of them.
    pub fn size(&self) -> u64 {
        self.all.iter().map(|(start, end)| u64::from(end - start)).sum()
    }
}

/// Adds a range, and joins it with those next to it.
fn insert(ranges: &mut BTreeMap<u32, u32>, mut range: Range<u32>) {
    if let Some((&start, &end)) = ranges.range(..range.start).next_back()
        && end == range.start
    {
        range.start = start;
    }
    if let Some(end) = ranges.remove(&range.end) {
        range.end = end;
    }
    ranges.insert(range.start, range.end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Add(u32, u32),
        Take(u32),
        GiveBack(prop::sample::Index),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0u32..40, 1u32..10).prop_map(|(at, len)| Step::Add(at, len)),
            (1u32..8).prop_map(Step::Take),
            any::<prop::sample::Index>().prop_map(Step::GiveBack),
        ]
    }

    proptest! {
        #[test]
        fn no_place_is_taken_twice_and_none_is_lost(steps in prop::collection::vec(step(), 0..60)) {
            let mut windows = Windows::default();
            let mut given = [false; 64];
            let mut taken: Vec<Range<u32>> = Vec::new();
            for step in steps {
                match step {
                    Step::Add(at, len) => {
                        let range = at..at + len;
                        let is_new = range.clone().all(|at| !given[at as usize]);
                        prop_assert_eq!(windows.add(range.clone()), is_new);
                        if is_new {
                            range.for_each(|at| given[at as usize] = true);
                        }
                    }
                    Step::Take(len) => {
                        let is_free = |at: u32| {
                            given[at as usize] && !taken.iter().any(|range| range.contains(&at))
                        };
                        let there_is = (0..64 - len).any(|at| (at..at + len).all(is_free));
                        let range = windows.take(len);
                        prop_assert_eq!(range.is_some(), there_is);
                        if let Some(range) = range {
                            prop_assert_eq!(range.len(), len as usize);
                            prop_assert!(range.clone().all(is_free));
                            taken.push(range);
                        }
                    }
                    Step::GiveBack(index) if !taken.is_empty() => {
                        windows.give_back(taken.swap_remove(index.index(taken.len())));
                    }
                    Step::GiveBack(_) => {}
                }
                let size = given.iter().filter(|given| **given).count();
                prop_assert_eq!(windows.size(), size as u64);
            }
        }
    }
}
