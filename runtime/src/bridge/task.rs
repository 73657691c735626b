//! Calls into Go guests that are under way.

use super::event::{DoneStatus, Phase, WaitsFor};
use super::recorder::{About, Recorder};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Which instance of which guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub guest: usize,
    pub instance: usize,
}

/// One call into a Go guest, from its start to its release.
pub(crate) struct Task {
    pub place: Place,
    /// Its number for those who listen.
    pub number: u64,
    pub guest: Arc<str>,
    /// Who waits for it in Lua; nobody once it was cancelled.
    pub ticket: Option<u32>,
    /// Functions of Lua that it may call while it lasts.
    pub handles: Vec<u32>,
    /// The stream of which it is the next value.
    pub stream: Option<u32>,
    /// Until when it has time.
    pub deadline: Option<Instant>,
    /// Why and when it was asked to end.
    pub asked: Option<(DoneStatus, Duration)>,
    /// Bytes of results that the host has for it.
    pub held: u64,
    is_paused: bool,
}

/// How a task is for its guest to end.
pub(crate) enum Status {
    Ok,
    Error,
    Panic,
    Goexit,
}

impl Status {
    pub fn new(code: u32) -> Option<Status> {
        Some(match code {
            0 => Status::Ok,
            1 => Status::Error,
            2 => Status::Panic,
            3 => Status::Goexit,
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
    pub fn new(place: Place, number: u64, guest: Arc<str>, ticket: u32) -> Task {
        Task {
            place,
            number,
            guest,
            ticket: Some(ticket),
            handles: Vec::new(),
            stream: None,
            deadline: None,
            asked: None,
            held: 0,
            is_paused: false,
        }
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
