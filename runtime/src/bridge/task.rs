//! Calls into Go guests that are under way.

use super::event::{DoneStatus, Phase, WaitsFor};
use super::instance_id::InstanceId;
use super::recorder::{About, Recorder};
use crate::ledger::{Ledger, Overdrawn, Reservation};
use luago_abi::go::status;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a task takes of the ledger: itself, its places in lists, and what is kept of it in
/// memory of the host's while its results wait to be taken.
const TASK: u64 = 1024;

/// One call into a Go guest, from its start to its release.
pub(super) struct Task {
    pub instance: InstanceId,
    /// Its number for those who listen.
    pub number: u64,
    pub guest: Arc<str>,
    /// Who waits for it in Lua; nobody once it was cancelled.
    pub call_id: Option<u32>,
    /// Functions of Lua that it may call while it lasts.
    pub functions: Passed,
    /// The stream of which it is the next value.
    pub stream: Option<u32>,
    /// Streams that are among its results.
    pub given: Vec<u32>,
    /// Until when it has time.
    pub deadline: Option<Instant>,
    /// Why it was asked to end, and until when it may take for that.
    pub asked: Option<(DoneStatus, Duration)>,
    held: Reservation,
    is_paused: bool,
}

/// Functions of Lua that a task was passed.
#[derive(Default)]
pub(super) struct Passed {
    /// In order.
    functions: Vec<u32>,
}

impl Passed {
    fn add(
        &mut self,
        functions: impl Iterator<Item = u32>,
        held: &mut Reservation,
    ) -> Result<(), Overdrawn> {
        let before = self.functions.len();
        self.functions.extend(functions);
        let new = self.functions.len() - before;
        if new == 0 {
            return Ok(());
        }
        if let Err(overdrawn) = held.grow(new as u64 * 4) {
            self.functions.truncate(before);
            return Err(overdrawn);
        }
        self.functions.sort_unstable();
        Ok(())
    }

    pub fn has(&self, function: u32) -> bool {
        self.functions.binary_search(&function).is_ok()
    }

    /// All of them, which nobody can call any more.
    pub fn take(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.functions)
    }
}

/// How a task is for its guest to end.
pub(super) enum Status {
    Ok,
    Error,
    Panic,
    Goexit,
}

impl Status {
    pub fn new(code: u32) -> Option<Status> {
        Some(match code {
            status::OK => Status::Ok,
            status::ERROR => Status::Error,
            status::PANIC => Status::Panic,
            status::GOEXIT => Status::Goexit,
            _ => return None,
        })
    }

    pub fn is_ok(&self) -> bool {
        matches!(self, Status::Ok)
    }

    pub fn to_done(&self) -> DoneStatus {
        match self {
            Status::Ok => DoneStatus::Ok,
            Status::Error => DoneStatus::Error,
            Status::Panic => DoneStatus::Panic,
            Status::Goexit => DoneStatus::Goexit,
        }
    }
}

impl Task {
    pub fn new(
        instance: InstanceId,
        number: u64,
        guest: Arc<str>,
        call_id: u32,
        ledger: &Arc<Ledger>,
    ) -> Result<Task, Overdrawn> {
        Ok(Task {
            instance,
            number,
            guest,
            call_id: Some(call_id),
            functions: Passed::default(),
            stream: None,
            given: Vec::new(),
            deadline: None,
            asked: None,
            held: ledger.reserve(TASK)?,
            is_paused: false,
        })
    }

    /// Passes functions of Lua to it, which it may call from now on.
    pub fn pass(&mut self, functions: impl Iterator<Item = u32>) -> Result<(), Overdrawn> {
        self.functions.add(functions, &mut self.held)
    }

    fn about(&self) -> About {
        About { guest: Some(Arc::clone(&self.guest)), ..About::task(self.number) }
    }

    pub fn start(&self, recorder: &mut Recorder, now: Duration, name: &str) {
        if recorder.is_on() {
            let parent = recorder.current();
            let about = About { parent, name: Some(name.into()), ..self.about() };
            recorder.tell(now, Phase::Start, about);
        }
    }

    pub fn pause(&mut self, recorder: &mut Recorder, now: Duration, waits_for: WaitsFor) {
        if recorder.is_on() && !self.is_paused {
            self.is_paused = true;
            let about = About { waits_for: Some(waits_for), ..self.about() };
            recorder.tell(now, Phase::Pause, about);
        }
    }

    pub fn resume(&mut self, recorder: &mut Recorder, now: Duration, goroutine: u32) {
        if recorder.is_on() && self.is_paused {
            self.is_paused = false;
            let goroutine = (goroutine != 0).then_some(u64::from(goroutine));
            recorder.tell(now, Phase::Resume, About { goroutine, ..self.about() });
        }
    }

    pub fn done(&self, recorder: &mut Recorder, now: Duration, status: DoneStatus) {
        if recorder.is_on() {
            recorder.tell(now, Phase::Done(status), self.about());
        }
    }

    pub fn released(&self, recorder: &mut Recorder, now: Duration) {
        if recorder.is_on() {
            recorder.tell(now, Phase::Released, self.about());
        }
    }
}
