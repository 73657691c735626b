//! Clocks and randomness.

use super::*;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const HOUR: i64 = 3_600_000_000_000;
const YEAR_2000: i64 = 946_684_800_000_000_000;

#[test]
fn the_clock_is_the_machines_own_and_sleeping_takes_its_time() {
    let mut guest = start(&GoGrant::new());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as i64;
    assert!((guest.integer("now", &[]) - now).abs() < 5_000_000_000);
    let began = Instant::now();
    let slept = guest.integer("sleep", &[20_000_000]);
    assert!((20 * MS..500 * MS).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert!(slept >= 20_000_000, "{slept}");
}

#[test]
fn two_guests_have_different_random_numbers() {
    let mut guests = [start(&GoGrant::new()), start(&GoGrant::new())];
    let [one, other] = &mut guests;
    assert_ne!(one.integer("random", &[]), other.integer("random", &[]));
}

#[test]
fn an_hour_of_virtual_time_is_slept_at_once_and_the_host_learns_of_it() {
    let entry = Entry { now: Some(Duration::from_secs(10)), ..Entry::default() };
    let mut guest = start_in(deterministic(1), &entry);
    guest.prepare(&entry);
    let began = Instant::now();
    let slept = guest.integer("sleep", &[HOUR]);
    assert!((HOUR..HOUR + 1_000_000_000).contains(&slept), "{slept}");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(guest.virtual_advance() >= Duration::from_secs(3599));
    let now = guest.integer("now", &[]) - YEAR_2000;
    let expected = 10_000_000_000 + HOUR;
    assert!((expected..expected + 1_000_000_000).contains(&now), "{now}");
    guest.prepare(&entry);
    assert_eq!(guest.virtual_advance(), Duration::ZERO);
}

#[test]
fn virtual_time_is_what_the_sandbox_says_and_passes_with_fuel() {
    let mut guest = start_in(deterministic(1), &Entry::default());
    for seconds in [5, 500] {
        let now = Some(Duration::from_secs(seconds));
        guest.prepare(&Entry { now, ..Entry::default() });
        let time = guest.integer("now", &[]) - YEAR_2000;
        let passed = time - seconds as i64 * 1_000_000_000;
        assert!((1..1_000_000).contains(&passed), "{passed}");
    }
}

#[test]
fn two_runs_of_one_seed_end_with_the_same_memory_fuel_and_numbers() {
    let run = |seed| {
        let entry = Entry { now: Some(Duration::ZERO), ..Entry::default() };
        let mut guest = start_in(deterministic(seed), &entry);
        let numbers = ["random", "now", "random"].map(|name| guest.integer(name, &[]));
        guest.integer("churn", &[200]);
        guest.integer("sleep", &[1000]);
        (numbers, guest.fuel_used(), guest.memory().whole().unwrap().to_vec())
    };
    let (first, again, other) = (run(1), run(1), run(2));
    assert_eq!((first.0, first.1), (again.0, again.1));
    assert!(first.2 == again.2, "the memories differ");
    assert_ne!(first.0, other.0);
}
