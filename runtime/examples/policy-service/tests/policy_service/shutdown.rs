//! The end of the service.

use crate::running::{Running, on_workers};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

#[test]
fn what_has_been_asked_is_answered_before_the_end() {
    on_workers(async {
        let policy = "function check(request)\n\
                      \tlocal until_then = os.clock() + 1\n\
                      \twhile os.clock() < until_then do end\n\
                      \treturn { allow = true, reason = request.resource }\n\
                      end";
        let running = Running::start(policy, |_| {}).await;
        let address = running.address;
        let mut idle = running.client().await;
        assert_eq!(idle.get("/healthz").await.text, "ok");
        let mut asking = Vec::new();
        for number in 0..4 {
            let mut client = running.client().await;
            asking.push(tokio::spawn(async move {
                client.check("ana", "read", &format!("book {number}")).await
            }));
        }
        running.until("policy_sandboxes_in_use", 4.0).await;
        let serving = running.stop();
        for (number, answer) in asking.into_iter().enumerate() {
            assert_eq!(answer.await.unwrap().reason(), format!("book {number}"));
        }
        let ended = timeout(Duration::from_secs(30), serving).await;
        ended.expect("the service goes on").unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "it still listens");
    });
}

#[test]
fn a_policy_that_does_not_end_is_interrupted_when_the_service_is_to_end() {
    on_workers(async {
        let policy = "function check() while true do end end";
        let running = Running::start(policy, |settings| {
            settings.deadline = Duration::from_secs(1000);
            settings.drain = Duration::from_millis(100);
        })
        .await;
        let mut client = running.client().await;
        let asking = tokio::spawn(async move { client.check("ana", "read", "book").await });
        running.until("policy_sandboxes_in_use", 1.0).await;
        let ended = timeout(Duration::from_secs(30), running.stop()).await;
        ended.expect("the service goes on").unwrap().unwrap();
        // Its client may have got an answer, or no more than the end of the connection.
        if let Ok(answer) = asking.await {
            assert_eq!((answer.status, &answer.json()["error"]), (500, &"stopped".into()));
        }
    });
}
