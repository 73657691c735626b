//! Many clients at once, of whom some ask for trouble.

use crate::client::{Answer, Client};
use crate::running::{BEHAVIOUR, Running, on_workers};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const REQUESTS: usize = 10_000;
const CLIENTS: usize = 64;

/// How a request is to end.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Allowed,
    LookedUp,
    Denied,
    Crash,
    WrongResult,
    NoJson,
    Hog,
    Survivor,
    Spin,
}

const KINDS: [Kind; 9] = [
    Kind::Allowed,
    Kind::LookedUp,
    Kind::Denied,
    Kind::Crash,
    Kind::WrongResult,
    Kind::NoJson,
    Kind::Hog,
    Kind::Survivor,
    Kind::Spin,
];

/// The kind of the request of a number; each residue belongs to one kind.
fn kind(number: usize) -> Kind {
    match number % 500 {
        0 => Kind::Spin,
        1..=5 => Kind::Hog,
        6..=10 => Kind::Survivor,
        11..=40 => Kind::Crash,
        41..=50 => Kind::WrongResult,
        51..=55 => Kind::NoJson,
        56..=120 => Kind::Denied,
        121..=320 => Kind::LookedUp,
        _ => Kind::Allowed,
    }
}

async fn ask(client: &mut Client, kind: Kind, number: usize) -> Answer {
    let action = match kind {
        Kind::Allowed => "allow",
        Kind::LookedUp => "look_up",
        Kind::Denied => "deny",
        Kind::Crash => "crash",
        Kind::WrongResult => "half",
        Kind::Hog => "hog",
        Kind::Survivor => "careful_hog",
        Kind::Spin => "spin",
        Kind::NoJson => return client.post("{").await,
    };
    client.check("cy", action, &format!("r{number}")).await
}

fn is_right(kind: Kind, number: usize, answer: &Answer) -> bool {
    let json = answer.json();
    let ends = |status: u16, error: &str| answer.status == status && json["error"] == error;
    let says = |allow: bool, reason: String| {
        answer.status == 200 && json["allow"] == allow && json["reason"] == reason
    };
    match kind {
        Kind::Allowed => says(true, format!("r{number}")),
        Kind::LookedUp => says(true, format!("r{number} viewer")),
        Kind::Denied => says(false, format!("r{number}")),
        Kind::Survivor => says(false, format!("r{number} not enough memory")),
        Kind::Crash => {
            let message = json["message"].as_str().unwrap_or_default();
            ends(500, "lua_error") && message.ends_with(&format!("crashed at r{number}"))
        }
        Kind::WrongResult => ends(500, "bad_result"),
        Kind::NoJson => ends(400, "rejected"),
        Kind::Hog => ends(507, "memory"),
        Kind::Spin => ends(504, "deadline"),
    }
}

/// Asks until there are no more numbers; the answer is how many it has asked for.
async fn work(mut client: Client, next: Arc<AtomicUsize>, spinning: Arc<Semaphore>) -> usize {
    let mut asked = 0;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= REQUESTS {
            return asked;
        }
        let kind = kind(number);
        // Those that spin take whole processors from the others; few at a time do.
        let _turn = match kind {
            Kind::Spin => Some(spinning.acquire().await.unwrap()),
            _ => None,
        };
        let answer = ask(&mut client, kind, number).await;
        assert!(is_right(kind, number, &answer), "request {number}, {kind:?}: {answer:?}");
        asked += 1;
    }
}

#[test]
fn ten_thousand_requests_get_the_answers_they_have_to_get() {
    on_workers(async {
        let running = Running::start_alone(BEHAVIOUR, |settings| {
            settings.pool_size = 32;
            // What does not spin ends long before that, also where other programs take their share.
            settings.deadline = Duration::from_millis(1500);
        })
        .await;
        let next = Arc::new(AtomicUsize::new(0));
        let spinning = Arc::new(Semaphore::new(4));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let client = running.client().await;
            clients.spawn(work(client, Arc::clone(&next), Arc::clone(&spinning)));
        }
        let asked: usize = clients.join_all().await.into_iter().sum();
        assert_eq!(asked, REQUESTS);

        let count = |wanted: &[Kind]| {
            let numbers = (0..REQUESTS).filter(|&number| wanted.contains(&kind(number)));
            numbers.count() as f64
        };
        let mut client = running.client().await;
        let metrics = client.metrics().await;
        let metric = |name: &str| metrics.get(name).copied().unwrap_or_default();
        let mut total = 0.0;
        for (outcome, kinds) in [
            ("allowed", [Kind::Allowed, Kind::LookedUp].as_slice()),
            ("denied", &[Kind::Denied, Kind::Survivor]),
            ("lua_error", &[Kind::Crash]),
            ("bad_result", &[Kind::WrongResult]),
            ("rejected", &[Kind::NoJson]),
            ("memory", &[Kind::Hog]),
            ("deadline", &[Kind::Spin]),
        ] {
            let expected = count(kinds);
            assert!(expected > 0.0, "no request is to be {outcome}");
            let counted = metric(&format!("policy_requests_total{{outcome=\"{outcome}\"}}"));
            assert_eq!(counted, expected, "{outcome}");
            total += counted;
        }
        assert_eq!(total, REQUESTS as f64);
        assert_eq!(count(&KINDS), REQUESTS as f64);
        let outcomes = metrics.iter().filter(|(name, _)| name.starts_with("policy_requests_total"));
        assert_eq!(outcomes.map(|(_, value)| value).sum::<f64>(), REQUESTS as f64);
        assert_eq!(metric("policy_request_duration_seconds_count"), REQUESTS as f64);
        assert_eq!(metric("policy_stops_total{kind=\"deadline\"}"), count(&[Kind::Spin]));
        assert_eq!(metric("policy_stops_total{kind=\"memory\"}"), count(&[Kind::Hog]));
        assert_eq!(
            metric("policy_host_calls_total{function=\"db.user\"}"),
            count(&[Kind::LookedUp])
        );
        assert_eq!(metric("policy_sandboxes_in_use"), 0.0);
    });
}
