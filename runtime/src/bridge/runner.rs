//! What runs one instance of a Go guest, on whatever thread, and what it is asked.

use super::turn::Turn;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::{CancelKind, Exit};
use crate::go::output::Chunks;
use crate::ledger::Ledger;
use crate::memory::{Attachments, Handles};
use crate::outcome::GuestUsage;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What an instance is asked.
pub(super) enum Request<'a> {
    Start {
        task: u32,
        function: u32,
        values: &'a ValidatedFrame<'a>,
        /// How long the guest is told that it may take.
        timeout: Option<Duration>,
        /// When it is out of time, by a timeout of its own.
        deadline: Option<Instant>,
    },
    Deliver {
        call: u32,
        is_error: bool,
        values: &'a ValidatedFrame<'a>,
    },
    Cancel {
        task: u32,
        kind: CancelKind,
        reason: Option<&'a str>,
    },
    DropStream(u32),
    Close,
}

/// What became of a request.
pub(super) enum RequestStatus {
    /// It is done, and the guest has left so many events.
    Events(u32),
    /// It is on its way to another thread.
    Sent,
    /// There is no room for it on the way.
    Full,
}

/// What an entry into a guest has cost.
#[derive(Default)]
pub(super) struct Cost {
    pub fuel: u64,
    /// How far the guest has turned the virtual clock.
    pub slept: Duration,
    pub output: Chunks,
}

/// A Go guest in its place: on the thread of the sandbox, or on one of its own.
pub(super) trait Runner {
    /// Asks for something.
    fn ask(
        &mut self,
        request: &Request<'_>,
        turn: &mut Turn,
        ledger: &Arc<Ledger>,
    ) -> Result<RequestStatus, Exit>;

    /// What it has cost since this was last asked; what is left of the fuel of a turn.
    fn take_cost(&mut self, turn: &mut Turn) -> Cost;

    /// The segments that its guest knows.
    fn handles(&self) -> &Handles;

    /// The segments that its guest has, if it runs on the thread of the sandbox.
    fn segments(&self) -> Option<&Attachments>;

    /// Tasks that it has and that are not done.
    fn tasks(&self) -> usize;

    /// One of its tasks is done.
    fn task_ended(&mut self, id: u32, deadline: Option<Instant>);

    /// When something happens in it by itself, if it runs when the sandbox has time for it.
    fn next_wake(&self) -> Option<Duration>;

    /// Whether a goroutine may be ready to run when the sandbox has time for it.
    fn is_busy(&self) -> bool;

    /// Whether it may have something to say by itself, sooner or later.
    fn can_progress(&self) -> bool;

    /// What it has and had.
    fn usage(&self) -> GuestUsage;
}
