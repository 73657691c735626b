//! What is counted while the service is asked, in memory that does not grow with it.

use crate::asking::Answer;
use crate::kinds::{KINDS, Kind};
use std::time::Duration;

/// Milliseconds that are told apart; what is later counts as this late.
const LATEST: usize = 10_000;

/// Wrong answers that are told in full.
const TOLD: usize = 20;

pub struct Tally {
    /// By kind: how many were asked, and how many answers were wrong.
    pub kinds: Vec<(u64, u64)>,
    /// The first wrong answers.
    pub wrong: Vec<String>,
    /// How many were so many milliseconds late.
    late: Vec<u64>,
}

impl Tally {
    pub fn new() -> Tally {
        Tally { kinds: vec![(0, 0); KINDS.len()], wrong: Vec::new(), late: vec![0; LATEST + 1] }
    }

    pub fn asked(&self) -> u64 {
        self.kinds.iter().map(|(asked, _)| asked).sum()
    }

    pub fn wrong(&self) -> u64 {
        self.kinds.iter().map(|(_, wrong)| wrong).sum()
    }

    pub fn add(&mut self, at: usize, kind: &Kind, mark: &str, answer: &Answer) {
        self.kinds[at].0 += 1;
        if !answer.is_right(kind, mark) {
            self.kinds[at].1 += 1;
            if self.wrong.len() < TOLD {
                let wrong = format!("{} ({}), {mark}: {answer:?}", kind.act, kind.user);
                println!("{wrong}");
                self.wrong.push(wrong);
            }
        }
    }

    /// Notes by how much a deadline was missed.
    pub fn late(&mut self, by: Duration) {
        let at = usize::try_from(by.as_millis()).unwrap_or(LATEST).min(LATEST);
        self.late[at] += 1;
    }

    /// How late, in milliseconds, the given part of those with a deadline was at most.
    pub fn latest(&self, part: f64) -> usize {
        let all: u64 = self.late.iter().sum();
        let mut left = ((all as f64) * part).ceil() as u64;
        for (at, count) in self.late.iter().enumerate() {
            left = left.saturating_sub(*count);
            if left == 0 {
                return at;
            }
        }
        LATEST
    }
}
