//! Go guests on threads of their own.

use super::instance::{event, refuse, values_of};
use super::task::Place;
use crate::engine::Engine;
use crate::frame::transfer::{Parcel, TransferRules};
use crate::go::grant::GoGrant;
use crate::go::guest::{CancelKind, Death, Entry, Event, GoFunction, GoGuest, Surroundings};
use crate::go::module::GoModule;
use crate::segment::{Budget, Handles};
use crate::stopping::InterruptHandle;
use crate::ticker::Ticker;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// How long a guest may compute before its thread looks at what is asked of it.
pub(crate) const BUDGET: Duration = Duration::from_millis(5);

/// What is asked of a worker.
pub(crate) enum Request {
    Start {
        task: u32,
        function: u32,
        values: Parcel,
        timeout: Option<Duration>,
        entry: Entry,
    },
    Deliver {
        call: u32,
        is_error: bool,
        values: Parcel,
    },
    Cancel {
        task: u32,
        kind: CancelKind,
        reason: Option<Parcel>,
    },
    DropStream(u32),
    Close,
    /// What a goroutine waits for at a ring may have come.
    Wake(u32),
}

impl Request {
    fn size(&self) -> u64 {
        match self {
            Request::Start { values, .. } | Request::Deliver { values, .. } => values.size(),
            _ => 0,
        }
    }
}

/// What a worker says.
pub(crate) enum Said {
    Event {
        event: Event,
        values: Parcel,
    },
    Output(Vec<(i32, Vec<u8>)>),
    /// It has done all that it was asked up to this request, and only a timer can wake it.
    Idle {
        handled: u64,
        /// How often it has been woken by rings.
        woken: u64,
        /// Does it wait at rings, where others may come?
        is_at_rings: bool,
        has_timer: bool,
        goroutines: u32,
        peak_memory: u64,
    },
    Died(String),
    /// What Lua waits for at a ring may have come; its guest knows which.
    Ready,
    /// What a goroutine in a guest of the sandbox's thread waits for may have come.
    Woken {
        place: Place,
        call: u32,
    },
}

impl Said {
    fn size(&self) -> u64 {
        match self {
            Said::Event { values, .. } => values.size(),
            _ => 0,
        }
    }
}

/// Who says what no worker says.
const NOBODY: u64 = 0;

/// How many things workers can have said that nobody has heard.
const MAX_SAID: usize = 1 << 18;

/// Where workers leave what they say, for the thread of the sandbox.
#[derive(Default)]
pub(crate) struct Inbox {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    said: VecDeque<(u64, Said)>,
    /// Bytes of values in it.
    held: u64,
    waker: Option<Waker>,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, worker: u64, said: Said) {
        let mut inner = self.lock();
        inner.held += said.size();
        inner.said.push_back((worker, said));
        let waker = inner.waker.take();
        drop(inner);
        waker.inspect(Waker::wake_by_ref);
    }

    /// Wakes up Lua, as what a task waits for at a ring may have come.
    pub fn wake_lua(&self) {
        self.push(NOBODY, Said::Ready);
    }

    /// Wakes up a goroutine that waits at a ring.
    pub fn wake_go(&self, place: Place, call: u32) {
        self.push(NOBODY, Said::Woken { place, call });
    }

    pub fn pop(&self) -> Option<(u64, Said)> {
        let mut inner = self.lock();
        let said = inner.said.pop_front()?;
        inner.held = inner.held.saturating_sub(said.1.size());
        Some(said)
    }

    /// Are there more than anybody can have asked for?
    fn is_flooded(&self) -> bool {
        self.lock().said.len() > MAX_SAID
    }

    /// May so many more bytes be left here?
    fn has_room(&self, size: u64, most: u64) -> bool {
        let inner = self.lock();
        inner.held == 0 || inner.held.saturating_add(size) <= most
    }

    /// Ready when there is something to take.
    pub fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.lock();
        if !inner.said.is_empty() {
            return Poll::Ready(());
        }
        inner.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// A Go guest on a thread of its own. The thread ends with it.
pub(crate) struct Worker {
    pub id: u64,
    requests: Option<Arc<Sender<Request>>>,
    /// The segments that its guest knows.
    pub handles: Handles,
    interrupt: InterruptHandle,
    pub sent: u64,
    pub handled: u64,
    /// How often rings have woken it, and how often it has noticed.
    wakes: Arc<AtomicU64>,
    pub woken: u64,
    pub is_at_rings: bool,
    /// Bytes of values that it has been sent and has not taken.
    queued: Arc<AtomicU64>,
    pub has_timer: bool,
    pub goroutines: u32,
    pub peak_memory: u64,
    /// Tasks that it has and that are not done.
    pub tasks: usize,
}

/// What a worker is made from.
pub(crate) struct Plan {
    pub engine: Engine,
    pub module: GoModule,
    pub name: Arc<str>,
    pub grant: GoGrant,
    pub ticker: Arc<Ticker>,
    pub budget: Arc<Budget>,
    pub rules: TransferRules,
    pub is_traced: bool,
}

impl Worker {
    /// Starts a worker, and waits until it knows its functions.
    pub fn start(
        id: u64,
        plan: Plan,
        entry: Entry,
        inbox: Arc<Inbox>,
    ) -> Result<(Worker, Vec<GoFunction>), Death> {
        let interrupt = InterruptHandle::new(Arc::clone(&plan.ticker));
        let own = interrupt.clone();
        let queued = Arc::new(AtomicU64::new(0));
        let taken = Arc::clone(&queued);
        let (requests, received) = channel();
        let requests = Arc::new(requests);
        // The thread ends when nobody can ask it for anything but itself.
        let to_itself = Arc::downgrade(&requests);
        let wakes = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&wakes);
        let (ready, is_ready) = channel();
        let run = move || {
            let surroundings = Surroundings {
                interrupt: own,
                ticker: Arc::clone(&plan.ticker),
                deterministic: None,
                metered: false,
                sharing: plan.engine.sharing(),
                budget: plan.budget,
                notify: Arc::new(move |call| {
                    if let Some(requests) = to_itself.upgrade() {
                        counted.fetch_add(1, Ordering::Relaxed);
                        let _ = requests.send(Request::Wake(call));
                    }
                }),
            };
            let started = GoGuest::start(
                &plan.engine,
                &plan.module,
                &plan.name,
                &plan.grant,
                surroundings,
                &entry,
            );
            match started {
                Err(death) => {
                    let _ = ready.send(Err(death));
                }
                Ok(mut guest) => {
                    guest.set_traced(plan.is_traced);
                    let _ = ready.send(Ok((guest.take_functions(), guest.handles().clone())));
                    let mut thread = Thread {
                        id,
                        guest,
                        inbox,
                        rules: plan.rules,
                        entry,
                        handled: 0,
                        woken: 0,
                        taken,
                    };
                    thread.run(&received);
                }
            }
        };
        let spawned = std::thread::Builder::new().name("luago-worker".to_string()).spawn(run);
        if let Err(error) = spawned {
            return Err(Death::Guest(format!("no thread could be started for it: {error}")));
        }
        let (functions, handles) = is_ready
            .recv()
            .unwrap_or_else(|_| Err(Death::Guest("its thread ended at once".to_string())))?;
        let worker = Worker {
            id,
            requests: Some(requests),
            handles,
            interrupt,
            sent: 0,
            handled: 0,
            wakes,
            woken: 0,
            is_at_rings: false,
            queued,
            has_timer: false,
            goroutines: 0,
            peak_memory: 0,
            tasks: 0,
        };
        Ok((worker, functions))
    }

    /// May so many more bytes be sent to it?
    pub fn has_room(&self, size: u64, most: u64) -> bool {
        let queued = self.queued.load(Ordering::Relaxed);
        queued == 0 || queued.saturating_add(size) <= most
    }

    pub fn send(&mut self, request: Request) {
        self.sent += 1;
        self.queued.fetch_add(request.size(), Ordering::Relaxed);
        if let Some(requests) = &self.requests {
            // A worker that is gone has said so, or will have.
            let _ = requests.send(request);
        }
    }

    /// Has it done all that it was asked, so that only others can make it go on?
    pub fn is_idle(&self) -> bool {
        self.sent == self.handled && self.wakes.load(Ordering::Relaxed) == self.woken
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.requests = None;
        self.interrupt.interrupt();
    }
}

struct Thread {
    id: u64,
    guest: GoGuest,
    inbox: Arc<Inbox>,
    rules: TransferRules,
    entry: Entry,
    handled: u64,
    woken: u64,
    taken: Arc<AtomicU64>,
}

impl Thread {
    fn run(&mut self, requests: &Receiver<Request>) {
        let mut timer: Option<Instant> = None;
        let mut is_busy = false;
        loop {
            let request = if is_busy {
                requests.recv_timeout(Duration::ZERO)
            } else if let Some(at) = timer {
                requests.recv_timeout(at.saturating_duration_since(Instant::now()))
            } else {
                requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            let next = match request {
                Ok(request) => self.handle(request),
                Err(RecvTimeoutError::Timeout) => self.poll(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            match next {
                Ok(Next::Busy) => (is_busy, timer) = (true, None),
                Ok(Next::Idle(next)) => {
                    is_busy = false;
                    timer = next.and_then(|left| Instant::now().checked_add(left));
                }
                Err(Death::Guest(why)) => return self.inbox.push(self.id, Said::Died(why)),
                // Where the sandbox ends it, that waits for no word; else it is to know.
                Err(Death::Sandbox(halt)) => {
                    let why = format!("the Go guest has reached a limit of its sandbox: {halt}");
                    return self.inbox.push(self.id, Said::Died(why));
                }
            }
        }
    }

    fn handle(&mut self, request: Request) -> Result<Next, Death> {
        match request {
            Request::Wake(_) => self.woken += 1,
            _ => self.handled += 1,
        }
        self.taken.fetch_sub(request.size(), Ordering::Relaxed);
        match &request {
            Request::Start { entry, .. } => self.entry = *entry,
            // What it does beside its calls belongs to none of the sandbox's runs.
            _ if self.guest.live() == 0 => self.entry.deadline = None,
            _ => {}
        }
        self.guest.prepare(&self.entry);
        let events = match request {
            Request::Start { task, function, values, timeout, .. } => {
                let (count, len) = self.put(&values)?;
                self.guest.start_task(task, function, count, len, timeout)?
            }
            Request::Deliver { call, is_error, values } => {
                let (count, len) = self.put(&values)?;
                self.guest.deliver(call, is_error, count, len)?
            }
            Request::Cancel { task, kind, reason } => {
                let (count, len) = reason.map_or(Ok((0, 0)), |reason| self.put(&reason))?;
                self.guest.cancel(task, kind, count, len)?
            }
            Request::DropStream(stream) => self.guest.drop_stream(stream)?,
            Request::Wake(call) => self.guest.deliver(call, false, 0, 0)?,
            Request::Close => {
                self.guest.close()?;
                0
            }
        };
        self.tell(events)?;
        self.poll()
    }

    fn poll(&mut self) -> Result<Next, Death> {
        if self.guest.live() == 0 {
            self.entry.deadline = None;
        }
        self.guest.prepare(&self.entry);
        let polled = self.guest.poll(Some(BUDGET))?;
        self.tell(polled.events)?;
        if polled.is_busy || polled.events > 0 {
            return Ok(Next::Busy);
        }
        let idle = Said::Idle {
            handled: self.handled,
            woken: self.woken,
            is_at_rings: self.guest.segments().is_waiting(),
            has_timer: polled.timer.is_some(),
            goroutines: self.guest.goroutines(),
            peak_memory: self.guest.peak_memory(),
        };
        self.inbox.push(self.id, idle);
        Ok(Next::Idle(polled.timer))
    }

    fn put(&mut self, values: &Parcel) -> Result<(u32, u32), Death> {
        super::instance::put(&mut self.guest, &values.checked())
    }

    fn tell(&mut self, events: u32) -> Result<(), Death> {
        if self.inbox.is_flooded() {
            return Err(self.guest.broken("it leaves more events than there is reason for"));
        }
        for index in 0..events.min(MAX_SAID as u32) {
            let mut event = event(&mut self.guest, index)?;
            let most = self.rules.bytes;
            let values = match values_of(&mut self.guest, &event, &self.rules)? {
                Ok(values) if self.inbox.has_room(values.size() as u64, most) => values.to_parcel(),
                Ok(_) => refuse(
                    &mut event,
                    self.guest.name(),
                    "too many bytes wait to be taken (limit value_bytes)",
                ),
                Err(refusal) => refuse(&mut event, self.guest.name(), &refusal),
            };
            self.inbox.push(self.id, Said::Event { event, values });
        }
        if self.guest.has_output() {
            self.inbox.push(self.id, Said::Output(self.guest.take_output()));
        }
        Ok(())
    }
}

enum Next {
    Busy,
    Idle(Option<Duration>),
}
