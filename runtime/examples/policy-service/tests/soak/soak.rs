//! Asks from four sides at once, and looks at the process meanwhile.

use crate::asking::Door;
use crate::kinds::{KINDS, Service, round};
use crate::process::Figures;
use crate::report::{Report, Rest};
use crate::serving::{DEADLINE, Services};
use crate::tally::Tally;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::RwLock;
use tokio::time::sleep;

/// How many ask at the same time.
const TASKS: usize = 4;

/// How often the process is looked at under load.
const EVERY: Duration = Duration::from_secs(1);

/// How often the policy's file changes.
const CHANGES: Duration = Duration::from_secs(2);

/// How many times everything is asked for by each task, however long that takes: once until
/// the process is warm, and once more.
const ROUNDS: u64 = 2;

/// How many times in all the process is looked at while it rests.
const RESTS: u32 = 20;

struct Shared {
    services: Services,
    tally: Mutex<Tally>,
    /// Held to ask; whoever has it alone sees the process at rest.
    gate: RwLock<()>,
    is_over: AtomicBool,
    /// Rounds that each task has ended.
    rounds: [AtomicU64; TASKS],
}

/// Runs for so long, or until all has been asked for twice. What was found is empty if all
/// is well.
pub async fn soak(time: Duration) -> Vec<String> {
    let shared = Arc::new(Shared {
        services: Services::start().await,
        tally: Mutex::new(Tally::new()),
        gate: RwLock::new(()),
        is_over: AtomicBool::new(false),
        rounds: Default::default(),
    });
    println!("the services are ready");
    let start = Instant::now();
    let tasks: Vec<_> =
        (0..TASKS).map(|task| tokio::spawn(ask(Arc::clone(&shared), task))).collect();
    let (rests, most) = watch(&shared, start, time).await;
    for task in tasks {
        task.await.unwrap();
    }
    let tally = shared.tally.lock().unwrap();
    let report = Report { tally: &tally, rests: &rests, most, time: start.elapsed() };
    println!("{report}");
    report.findings()
}

/// Asks for everything, over and over, each task by another way and in another order.
async fn ask(shared: Arc<Shared>, task: usize) {
    let services = [Service::Patient, Service::Strict].map(|name| shared.services.get(name));
    let mut doors = Vec::new();
    for running in services {
        doors.push(match task {
            0 | 1 => Door::http(running.address).await,
            2 => Door::Async(Arc::clone(&running.policy)),
            _ => Door::Blocking(Arc::clone(&running.policy)),
        });
    }
    let mut round = round();
    let from = round.len() * task / TASKS;
    round.rotate_left(from);
    for number in 0u64.. {
        let at = round[number as usize % round.len()];
        let kind = &KINDS[at];
        let is_strict = kind.service == Service::Strict;
        let mark = format!("{task}.{number}");
        {
            let _open = shared.gate.read().await;
            if shared.is_over.load(Ordering::SeqCst) {
                return;
            }
            let asked = Instant::now();
            let answer = doors[usize::from(is_strict)].ask(kind, &mark).await;
            let late = asked.elapsed().saturating_sub(DEADLINE);
            let mut tally = shared.tally.lock().unwrap();
            tally.add(at, kind, &mark, &answer);
            if is_strict && !kind.leaves {
                tally.late(late);
            }
        }
        shared.rounds[task].store((number + 1) / round.len() as u64, Ordering::SeqCst);
    }
}

/// Looks at the process under load and at rest, until the time is over.
async fn watch(shared: &Shared, start: Instant, time: Duration) -> (Vec<Rest>, Figures) {
    let mut most = Figures::default();
    let mut rests: Vec<Rest> = Vec::new();
    let (mut changed, mut version) = (Instant::now(), 1);
    loop {
        sleep(EVERY.min(time / 50)).await;
        most = most.max(Figures::now());
        if changed.elapsed() >= CHANGES {
            shared.services.change_policy(version);
            (changed, version) = (Instant::now(), version + 1);
        }
        let rounds = shared.rounds.iter().map(|rounds| rounds.load(Ordering::SeqCst)).min();
        let rounds = rounds.unwrap_or_default();
        let is_over = start.elapsed() >= time && rounds >= ROUNDS;
        let is_warm = start.elapsed() >= time / 5 && rounds > 0;
        let is_due = start.elapsed() >= time / RESTS * (rests.len() as u32 + 1);
        let was_warm = rests.last().is_some_and(|rest| rest.is_warm);
        if is_over || is_due || is_warm && !was_warm {
            let figures = rest(shared, is_over).await;
            let rest = Rest { at: start.elapsed(), is_warm, figures };
            println!("{} requests, {rest}", shared.tally.lock().unwrap().asked());
            rests.push(rest);
        }
        if is_over {
            return (rests, most);
        }
    }
}

/// What the process takes when nobody asks for anything.
async fn rest(shared: &Shared, is_over: bool) -> Figures {
    let _closed = shared.gate.write().await;
    shared.is_over.store(is_over, Ordering::SeqCst);
    // Clients that have left are noticed a little later, and so are threads that end.
    let began = Instant::now();
    while shared.services.in_use() > 0 && began.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(5)).await;
    }
    let mut least = Figures::now();
    for _ in 0..10 {
        sleep(Duration::from_millis(50)).await;
        least = least.min(Figures::now());
    }
    least
}
