//! What guests have used, and what the host has for them until somebody takes it.

use super::runner::Cost;
use crate::go::output::Chunks;
use crate::value::function::Owner;
use std::sync::Arc;
use std::time::Duration;

/// How many warnings about its guests a sandbox may leave in the log of its host.
const MAX_WARNINGS: u32 = 100;

pub(crate) struct Accounts {
    owner: Arc<Owner>,
    /// Functions that Lua can forget once it has taken what it is given now.
    to_release: Vec<u32>,
    output: Chunks,
    /// Fuel that Go guests have used.
    fuel: u64,
    /// How far Go guests have turned the virtual clock.
    slept: Duration,
    warnings: u32,
}

impl Accounts {
    pub fn new(owner: Arc<Owner>) -> Accounts {
        Accounts {
            owner,
            to_release: Vec::new(),
            output: Chunks::default(),
            fuel: 0,
            slept: Duration::ZERO,
            warnings: 0,
        }
    }

    /// Counts what an entry into a guest has cost, and keeps what it has written.
    #[inline]
    pub(super) fn settle(&mut self, spent: Cost) {
        self.fuel += spent.fuel;
        self.slept = self.slept.saturating_add(spent.slept);
        if !spent.output.is_empty() {
            self.write(spent.output);
        }
    }

    /// Keeps what a guest has written until Lua has it shown.
    pub fn write(&mut self, output: Chunks) {
        self.output.join(output);
    }

    /// What guests have written and nobody has shown yet.
    pub fn take_output(&mut self) -> Chunks {
        std::mem::take(&mut self.output)
    }

    #[inline]
    pub fn has_output(&self) -> bool {
        !self.output.is_empty()
    }

    /// The fuel that guests have used since this was last asked.
    #[inline]
    pub fn take_fuel(&mut self) -> u64 {
        std::mem::take(&mut self.fuel)
    }

    /// How far guests have turned the virtual clock since this was last asked.
    #[inline]
    pub fn take_slept(&mut self) -> Duration {
        std::mem::take(&mut self.slept)
    }

    /// Functions of Lua that are given back at the next [`release`](Self::release).
    #[inline]
    pub fn give_back(&mut self, functions: impl IntoIterator<Item = u32>) {
        self.to_release.extend(functions);
    }

    /// Gives functions back that were passed with what is over.
    #[inline]
    pub fn release(&mut self) {
        if !self.to_release.is_empty() {
            self.owner.release(self.to_release.drain(..));
        }
    }

    /// Whether something more may be said about the guests in the log of the host. What guests do
    /// decides how often there is a reason to.
    pub fn may_warn(&mut self) -> bool {
        self.warnings = self.warnings.saturating_add(1);
        if self.warnings == MAX_WARNINGS {
            tracing::warn!("the guests of this sandbox give reason for more than is said here");
        }
        self.warnings < MAX_WARNINGS
    }
}
