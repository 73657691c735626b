//! The end of the service.

use crate::running::{Running, on_workers};
use std::time::Duration;
use tokio::net::TcpStream;

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
        let ended = tokio::time::timeout(Duration::from_secs(30), serving).await;
        ended.expect("the service goes on").unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "it still listens");
    });
}
