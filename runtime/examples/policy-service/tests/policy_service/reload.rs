//! What happens when the policy's file changes.

use crate::running::{Running, on_workers};
use luago_policy_service::Settings;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const OK: &str = "policy_reloads_total{result=\"ok\"}";
const FAILED: &str = "policy_reloads_total{result=\"failed\"}";

/// A policy that says which version it is, from a global and after a look-up.
fn version(number: u64) -> String {
    format!(
        "version = {number}\n\
         function check(request)\n\
         \tdb.user(request.user)\n\
         \treturn {{ allow = true, reason = tostring(version) }}\n\
         end\n"
    )
}

fn defaults(_: &mut Settings) {}

#[test]
fn a_change_under_load_loses_no_request_and_mixes_no_versions() {
    on_workers(async {
        const VERSIONS: u64 = 12;
        let running = Running::start_alone(&version(1), defaults).await;
        // The oldest version that a request may get now, and the newest.
        let (oldest, newest) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicU64::new(1)));
        let is_over = Arc::new(AtomicBool::new(false));
        let mut clients = Vec::new();
        for _ in 0..16 {
            let mut client = running.client().await;
            let (oldest, newest) = (Arc::clone(&oldest), Arc::clone(&newest));
            let is_over = Arc::clone(&is_over);
            clients.push(tokio::spawn(async move {
                let mut asked = 0;
                while !is_over.load(Ordering::SeqCst) {
                    let at_least = oldest.load(Ordering::SeqCst);
                    let answer = client.check("ana", "read", "book").await;
                    let at_most = newest.load(Ordering::SeqCst);
                    assert_eq!(answer.status, 200, "{answer:?}");
                    let got: u64 = answer.reason().parse().unwrap();
                    assert!(
                        (at_least..=at_most).contains(&got),
                        "{at_least}..={at_most}: {answer:?}"
                    );
                    asked += 1;
                }
                asked
            }));
        }
        for number in 2..=VERSIONS {
            newest.store(number, Ordering::SeqCst);
            running.change_policy(&version(number));
            running.until(OK, (number - 1) as f64).await;
            oldest.store(number, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        is_over.store(true, Ordering::SeqCst);
        let mut asked = 0;
        for client in clients {
            asked += client.await.unwrap();
        }
        assert!(asked > 16 * VERSIONS, "{asked} requests are no load");
        let mut client = running.client().await;
        assert_eq!(client.check("ana", "read", "book").await.reason(), VERSIONS.to_string());
        assert_eq!(
            client.metric("policy_requests_total{outcome=\"allowed\"}").await,
            asked as f64 + 1.0
        );
        assert_eq!(client.metric(FAILED).await, 0.0);
    });
}

/// A broken version leaves the old one in place, is counted once, and can be mended.
async fn stays_old_with(broken: &str, change: impl FnOnce(&mut Settings)) {
    let running = Running::start(&version(1), change).await;
    let mut client = running.client().await;
    assert_eq!(client.metric(FAILED).await, 0.0);
    running.change_policy(broken);
    running.until(FAILED, 1.0).await;
    assert_eq!(client.check("ana", "read", "book").await.reason(), "1", "{broken}");
    // Some looks later.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(client.metric(FAILED).await, 1.0, "{broken}");
    assert_eq!(client.metric(OK).await, 0.0, "{broken}");
    running.change_policy(&version(2));
    running.until(OK, 1.0).await;
    assert_eq!(client.check("ana", "read", "book").await.reason(), "2", "{broken}");
}

#[tokio::test]
async fn a_syntax_error_leaves_the_old_policy_in_place() {
    stays_old_with("function check( return end", defaults).await;
}

#[tokio::test]
async fn an_error_while_loading_leaves_the_old_policy_in_place() {
    stays_old_with("function check() end  error('no')", defaults).await;
}

#[tokio::test]
async fn a_policy_that_never_ends_loading_leaves_the_old_one_in_place() {
    let deadline = Duration::from_millis(300);
    stays_old_with("while true do end", |settings| settings.deadline = deadline).await;
}

#[tokio::test]
async fn a_policy_without_check_leaves_the_old_one_in_place() {
    stays_old_with("local function check() end", defaults).await;
}

#[tokio::test]
async fn a_policy_that_hoards_memory_leaves_the_old_one_in_place() {
    stays_old_with("s = 'x' while true do s = s .. s end", defaults).await;
}

#[tokio::test]
async fn a_file_that_is_gone_leaves_the_old_policy_in_place() {
    let running = Running::start(&version(1), defaults).await;
    std::fs::remove_file(&running.policy).unwrap();
    running.until(FAILED, 1.0).await;
    let mut client = running.client().await;
    assert_eq!(client.check("ana", "read", "book").await.reason(), "1");
    running.change_policy(&version(2));
    running.until(OK, 1.0).await;
    assert_eq!(client.check("ana", "read", "book").await.reason(), "2");
}

#[test]
fn a_request_that_has_begun_ends_with_the_policy_that_it_began_with() {
    on_workers(async {
        let old = "function check(request)\n\
                   \tlocal until_then = os.clock() + 2\n\
                   \twhile os.clock() < until_then do end\n\
                   \treturn { allow = true, reason = 'old' }\n\
                   end";
        let running = Running::start(old, defaults).await;
        let mut first = running.client().await;
        let begun = tokio::spawn(async move { first.check("ana", "read", "book").await });
        running.until("policy_sandboxes_in_use", 1.0).await;
        running.change_policy(&version(2));
        running.until(OK, 1.0).await;
        let mut client = running.client().await;
        assert_eq!(client.check("ana", "read", "book").await.reason(), "2");
        assert!(!begun.is_finished(), "the first request is over too early to show anything");
        assert_eq!(begun.await.unwrap().reason(), "old");
    });
}

#[test]
fn a_file_that_is_too_long_is_not_taken_for_a_policy() {
    on_workers(async {
        let running = Running::start(&version(1), |settings| settings.policy_bytes = 1000).await;
        let mut client = running.client().await;
        running.change_policy(&format!("{}--{}", version(2), "x".repeat(1000)));
        running.until(FAILED, 1.0).await;
        assert_eq!(client.check("ana", "read", "book").await.reason(), "1");
        running.change_policy(&version(3));
        running.until(OK, 1.0).await;
        assert_eq!(client.check("ana", "read", "book").await.reason(), "3");
    });
}
