//! The policies that come with the service.

use crate::running::Running;
use luago_policy_service::Guest;
use luago_test_support::go_build;
use std::path::Path;
use std::time::Duration;

const ACCESS: &str = include_str!("../../policies/access.lua");
const QUOTA: &str = include_str!("../../policies/quota.lua");
const NETWORK: &str = include_str!("../../policies/network.lua");

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

#[tokio::test]
async fn a_policy_asks_a_go_guest_whether_an_address_is_private() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sdk = root.join("../../../guests/go/luago");
    let mut guest =
        Guest::new("networks", go_build(&root.join("guests/networks"), &[sdk.as_path()]));
    // A machine that is busy with other things is to change no answer.
    guest.grant = guest.grant.busy(Duration::from_secs(10));
    let running = Running::start(NETWORK, |settings| settings.guests = vec![guest]).await;
    let mut client = running.client().await;
    for (address, expected) in [
        ("8.8.8.8", r#"{"allow":true,"reason":null}"#),
        ("10.1.2.3", r#"{"allow":false,"reason":"10.1.2.3 is in 10.0.0.0/8"}"#),
        ("::ffff:127.0.0.1", r#"{"allow":false,"reason":"::ffff:127.0.0.1 is in 127.0.0.0/8"}"#),
    ] {
        let answer = client.check("ana", "connect", address).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, expected), "{address}");
    }
    let answer = client.check("ana", "connect", "localhost").await;
    let message = answer.json()["message"].as_str().unwrap().to_string();
    assert!(message.contains(r#""localhost" is no address"#), "{answer:?}");
}
