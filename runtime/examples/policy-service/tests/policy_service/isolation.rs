//! Nothing of a request is left for the next one.

use crate::running::{BEHAVIOUR, Running, on_workers};
use tokio::task::JoinSet;

#[test]
fn what_one_request_leaves_behind_no_other_finds() {
    on_workers(async {
        // One place: every request comes where another has just been.
        for pool_size in [1, 8] {
            let running =
                Running::start(BEHAVIOUR, |settings| settings.pool_size = pool_size).await;
            let mut tenants = JoinSet::new();
            for tenant in 0..8 {
                let mut client = running.client().await;
                tenants.spawn(async move {
                    for round in 0..50 {
                        let answer =
                            client.check(&format!("tenant {tenant}"), "mark", "book").await;
                        assert_eq!(answer.status, 200, "round {round}: {answer:?}");
                        assert_eq!(answer.reason(), "nil", "round {round}");
                        // It has also taken away what this needs.
                        let answer = client.check("bo", "look_up", "book").await;
                        assert_eq!(answer.reason(), "book editor", "round {round}");
                    }
                });
            }
            tenants.join_all().await;
        }
    });
}

#[tokio::test]
async fn nothing_is_left_of_a_request_that_ended_badly() {
    let marking = "function check(request)\n\
                   \tlocal found = marker\n\
                   \tmarker = request.user\n\
                   \tif request.action == 'crash' then error('crashed') end\n\
                   \tif request.action == 'exit' then os.exit() end\n\
                   \twhile request.action == 'spin' do end\n\
                   \treturn { allow = true, reason = tostring(found) }\n\
                   end";
    let running = Running::start(marking, |settings| {
        settings.pool_size = 1;
        settings.deadline = std::time::Duration::from_millis(300);
    })
    .await;
    let mut client = running.client().await;
    for (action, status) in [("crash", 500), ("exit", 500), ("spin", 504), ("read", 200)] {
        assert_eq!(client.check("secret", action, "book").await.status, status, "{action}");
        let answer = client.check("other", "read", "book").await;
        assert_eq!(answer.reason(), "nil", "after {action}: {answer:?}");
    }
}
