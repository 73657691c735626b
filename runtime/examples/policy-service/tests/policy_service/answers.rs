//! What a client is told, whatever the policy does.

use crate::client::{Answer, question};
use crate::running::{BEHAVIOUR, Running, on_workers};
use hyper::Method;
use rusqlite::Connection;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

fn message(answer: &Answer) -> String {
    answer.json()["message"].as_str().unwrap_or_default().to_string()
}

/// Asks for an action that ends badly, and sees that it was counted once.
async fn ends(running: &Running, action: &str, status: u16, error: &str, text: &str) {
    let mut client = running.client().await;
    let counter = format!("policy_requests_total{{outcome=\"{error}\"}}");
    let before = client.metric(&counter).await;
    let answer = client.check("ana", action, "book").await;
    assert_eq!(answer.status, status, "{action}: {answer:?}");
    assert_eq!(answer.json()["error"], error, "{action}: {answer:?}");
    assert!(message(&answer).contains(text), "{action}: {answer:?}");
    assert!(!answer.text.contains("traceback"), "{action}: {answer:?}");
    assert_eq!(answer.headers.get("retry-after"), None, "{action}: {answer:?}");
    assert_eq!(client.metric(&counter).await, before + 1.0, "{action}");
}

#[tokio::test]
async fn a_verdict_is_200_whether_it_allows_or_not() {
    let running = Running::start(BEHAVIOUR, |_| {}).await;
    let mut client = running.client().await;
    let answer = client.check("ana", "allow", "book").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text, r#"{"allow":true,"reason":"book"}"#);
    let answer = client.check("ana", "deny", "book").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text, r#"{"allow":false,"reason":"book"}"#);
    let body = r#"{"user":"ün\u0000ï","action":"echo","resource":"","size":4294967295}"#;
    assert_eq!(client.post(body).await.reason(), "ün\0ï 4294967295");
}

#[tokio::test]
async fn an_error_of_lua_is_500_with_its_message() {
    let running = Running::start(BEHAVIOUR, |_| {}).await;
    ends(&running, "crash", 500, "lua_error", "crashed at book").await;
    ends(&running, "crash_table", 500, "lua_error", "table").await;
    ends(&running, "no such action", 500, "lua_error", "policy.lua:").await;
    ends(&running, "bad_call", 500, "lua_error", "bad argument #1 to 'db.user'").await;
}

#[tokio::test]
async fn of_a_long_message_a_client_gets_the_beginning() {
    let policy = "function check() error(('ä'):rep(100000), 0) end";
    let running = Running::start(policy, |settings| settings.message_bytes = 101).await;
    let mut client = running.client().await;
    let answer = client.check("ana", "read", "book").await;
    assert_eq!((answer.status, message(&answer)), (500, "ä".repeat(50)));
}

#[tokio::test]
async fn a_result_of_a_wrong_type_is_500() {
    let running = Running::start(BEHAVIOUR, |_| {}).await;
    ends(&running, "text", 500, "bad_result", "result: expected ").await;
    ends(&running, "nothing", 500, "bad_result", "result: expected ").await;
    ends(&running, "half", 500, "bad_result", "result.allow: expected boolean").await;
    ends(&running, "function_inside", 500, "bad_result", "result.reason: ").await;
    ends(&running, "bytes", 500, "bad_result", "result.reason: ").await;
}

#[tokio::test]
async fn a_policy_that_ends_itself_is_500() {
    let running = Running::start(BEHAVIOUR, |_| {}).await;
    ends(&running, "exit", 500, "exited", "os.exit(3)").await;
}

#[tokio::test]
async fn a_deadline_that_passes_is_504() {
    let deadline = Duration::from_millis(200);
    let running = Running::start(BEHAVIOUR, |settings| settings.deadline = deadline).await;
    let text = "the deadline of 200ms passed";
    ends(&running, "spin", 504, "deadline", text).await;
    ends(&running, "careful_spin", 504, "deadline", text).await;
    let mut client = running.client().await;
    assert_eq!(client.metric("policy_stops_total{kind=\"deadline\"}").await, 2.0);
}

#[tokio::test]
async fn a_memory_limit_that_is_reached_is_507_unless_the_policy_catches_it() {
    let running = Running::start(BEHAVIOUR, |_| {}).await;
    ends(&running, "hog", 507, "memory", "the memory limit of 16777216 bytes").await;
    let mut client = running.client().await;
    let answer = client.check("ana", "careful_hog", "book").await;
    assert_eq!(answer.reason(), "book not enough memory", "{answer:?}");
    assert_eq!(client.metric("policy_stops_total{kind=\"memory\"}").await, 1.0);
}

#[tokio::test]
async fn a_body_that_is_no_request_is_4xx() {
    let running = Running::start(BEHAVIOUR, |_| {}).await;
    let mut client = running.client().await;
    let large = question("ana", "allow", &"x".repeat(20_000));
    let whole = question("ana", "allow", "book");
    for (body, kind, status) in [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ("[1]", "application/json", 422),
        (r#"{"user": "ana", "action": "allow"}"#, "application/json", 422),
        (r#"{"user": 1, "action": "allow", "resource": ""}"#, "application/json", 422),
        (r#"{"user": "", "action": "", "resource": "", "size": -1}"#, "application/json", 422),
        (r#"{"user": "", "action": "", "resource": "", "x": 1}"#, "application/json", 422),
        (large.as_str(), "application/json", 413),
        (whole.as_str(), "text/plain", 415),
    ] {
        let answer = client.send(Method::POST, "/check", kind, body).await;
        assert_eq!(answer.status, status, "{body:.60}: {answer:?}");
        assert_eq!(answer.json()["error"], "rejected", "{body:.60}: {answer:?}");
        assert_ne!(message(&answer), "", "{body:.60}");
        // After a body that was not read there may be another connection.
        client = running.client().await;
    }
    assert_eq!(client.metric("policy_requests_total{outcome=\"rejected\"}").await, 9.0);
    assert_eq!(client.get("/check").await.status, 405);
    assert_eq!(client.get("/no/such/page").await.status, 404);
}

#[test]
fn a_full_pool_is_503_with_a_time_to_come_back() {
    on_workers(async {
        let running = Running::start(BEHAVIOUR, |settings| {
            settings.pool_size = 1;
            settings.wait = Duration::from_millis(50);
            settings.deadline = Duration::from_secs(2);
        })
        .await;
        let mut first = running.client().await;
        let spinning = tokio::spawn(async move { first.check("ana", "spin", "book").await });
        running.until("policy_sandboxes_in_use", 1.0).await;
        let mut client = running.client().await;
        let answer = client.check("ana", "allow", "book").await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.headers["retry-after"], "1");
        assert_eq!(answer.json()["error"], "busy");
        assert_eq!(client.get("/healthz").await.status, 200);
        assert_eq!(spinning.await.unwrap().status, 504);
        assert_eq!(client.check("ana", "allow", "book").await.status, 200);
    });
}

#[test]
fn a_client_that_goes_away_gives_its_place_back() {
    on_workers(async {
        let running = Running::start(BEHAVIOUR, |settings| {
            settings.pool_size = 1;
            settings.deadline = Duration::from_secs(100);
        })
        .await;
        let body = question("ana", "spin", "book");
        let request = format!(
            "POST /check HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(running.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        running.until("policy_sandboxes_in_use", 1.0).await;
        drop(stream);
        running.until("policy_requests_total{outcome=\"cancelled\"}", 1.0).await;
        let mut client = running.client().await;
        assert_eq!(client.check("ana", "allow", "book").await.status, 200);
    });
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_504_and_delays_nobody_else() {
    let deadline = Duration::from_millis(500);
    let running = Running::start(BEHAVIOUR, |settings| settings.deadline = deadline).await;
    let mut client = running.client().await;
    assert_eq!(client.check("bo", "look_up", "book").await.reason(), "book editor");

    let writer = Connection::open(&running.database).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut other = running.client().await;
    // There is one thread for all of this.
    let (blocked, ()) = tokio::join!(client.check("bo", "look_up", "book"), async {
        for _ in 0..10 {
            assert_eq!(other.check("bo", "allow", "book").await.status, 200);
        }
    });
    assert_eq!(blocked.status, 504, "{blocked:?}");
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(client.check("bo", "look_up", "book").await.reason(), "book editor");
    assert_eq!(client.metric("policy_host_calls_total{function=\"db.user\"}").await, 3.0);
}

#[tokio::test]
async fn a_policy_has_no_say_in_how_its_function_is_found() {
    // A trap for whoever asks the metatable of the globals.
    let policy = "function check() return { allow = true } end\n\
                  setmetatable(_G, { __index = function() while true do end end })";
    let running = Running::start(policy, |_| {}).await;
    let mut client = running.client().await;
    assert_eq!(client.check("ana", "read", "book").await.status, 200);
}
