//! The policies that come with the service.

use crate::running::Running;

const ACCESS: &str = include_str!("../../policies/access.lua");
const QUOTA: &str = include_str!("../../policies/quota.lua");

#[tokio::test]
async fn access_depends_on_the_role_that_the_database_knows() {
    let running = Running::start(ACCESS, |_| {}).await;
    let mut client = running.client().await;
    for (user, action, expected) in [
        ("ana", "delete", r#"{"allow":true,"reason":null}"#),
        ("bo", "upload", r#"{"allow":true,"reason":null}"#),
        ("bo", "delete", r#"{"allow":false,"reason":"a editor may not delete"}"#),
        ("cy", "read", r#"{"allow":true,"reason":null}"#),
        ("cy", "write", r#"{"allow":false,"reason":"a viewer may not write"}"#),
        ("dee", "read", r#"{"allow":false,"reason":"there is no user dee"}"#),
    ] {
        let answer = client.check(user, action, "book").await;
        assert_eq!((answer.status, answer.text.as_str()), (200, expected), "{user}, {action}");
    }
    let body = r#"{"user":"bo","action":"upload","resource":"film","size":20000000}"#;
    assert_eq!(client.post(body).await.reason(), "20000000 bytes are too many for a editor");
}

#[tokio::test]
async fn the_quota_is_what_was_granted_less_what_was_used() {
    let running = Running::start(QUOTA, |_| {}).await;
    let mut client = running.client().await;
    for (user, expected) in [
        ("ana", r#"{"allow":true,"reason":"800 left"}"#),
        ("bo", r#"{"allow":true,"reason":"1 left"}"#),
        ("cy", r#"{"allow":false,"reason":"0 left"}"#),
        ("dee", r#"{"allow":false,"reason":"there is no user dee"}"#),
    ] {
        let answer = client.check(user, "upload", "film").await;
        assert_eq!((answer.status, answer.text.as_str()), (200, expected), "{user}");
    }
    let metrics = client.metrics().await;
    assert_eq!(metrics["policy_host_calls_total{function=\"db.user\"}"], 4.0);
    assert_eq!(metrics["policy_host_calls_total{function=\"db.count\"}"], 4.0);
}
