//! One request, by one of the ways in which a service can be asked, and whether its answer is
//! right.

use crate::client::Client;
use crate::kinds::{Expect, Kind};
use luago_policy_service::{Policy, Request};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// When a client that leaves does so.
const PATIENCE: Duration = Duration::from_millis(20);

/// A way to ask.
pub enum Door {
    /// Over a connection.
    Http(SocketAddr, Box<Client>),
    /// On the executor.
    Async(Arc<Policy>),
    /// On a thread that may block.
    Blocking(Arc<Policy>),
}

/// How a request has ended: allowed or denied with a reason, or failed with a message.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Verdict(bool, String),
    Failure(String, String),
    /// Nobody waited for it.
    Left,
}

impl Door {
    pub async fn http(address: SocketAddr) -> Door {
        Door::Http(address, Box::new(Client::new(address).await))
    }

    /// Asks; `mark` tells this request from all others.
    pub async fn ask(&mut self, kind: &Kind, mark: &str) -> Answer {
        if !kind.leaves || matches!(self, Door::Blocking(_)) {
            return self.answer(kind, mark).await;
        }
        let answer = timeout(PATIENCE, self.answer(kind, mark)).await;
        if answer.is_err()
            && let Door::Http(address, client) = self
        {
            **client = Client::new(*address).await;
        }
        answer.unwrap_or(Answer::Left)
    }

    async fn answer(&mut self, kind: &Kind, mark: &str) -> Answer {
        let request = Request {
            user: kind.user.to_string(),
            action: kind.act.to_string(),
            resource: mark.to_string(),
            size: 0,
        };
        let result = match self {
            Door::Http(_, client) => {
                let answer = client.check(kind.user, kind.act, mark).await;
                let json = answer.json();
                let text = |name: &str| json[name].as_str().unwrap_or_default().to_string();
                return match json["allow"].as_bool() {
                    Some(allow) if answer.status == 200 => Answer::Verdict(allow, text("reason")),
                    _ => Answer::Failure(text("error"), text("message")),
                };
            }
            Door::Async(policy) => policy.check(&request).await,
            Door::Blocking(policy) => {
                let policy = Arc::clone(policy);
                spawn_blocking(move || policy.check_blocking(&request)).await.unwrap()
            }
        };
        match result {
            Ok(verdict) => Answer::Verdict(verdict.allow, verdict.reason.unwrap_or_default()),
            Err(failure) => {
                Answer::Failure(failure.kind().to_string(), failure.message().to_string())
            }
        }
    }
}

impl Answer {
    pub fn is_right(&self, kind: &Kind, mark: &str) -> bool {
        match (self, &kind.expect) {
            (Answer::Left, _) => kind.leaves,
            (Answer::Verdict(true, reason), Expect::Says(text)) => {
                reason.strip_prefix(mark).is_some_and(|rest| rest == format!(" {text}"))
            }
            (Answer::Verdict(false, reason), Expect::Fails(text)) => {
                reason.starts_with(mark) && reason.contains(text)
            }
            (Answer::Verdict(false, reason), Expect::Stops(texts)) => {
                reason.starts_with(mark) && texts.iter().any(|text| reason.contains(text))
            }
            (Answer::Failure(name, message), Expect::Ends(expected, text)) => {
                name == expected && message.contains(text)
            }
            (Answer::Failure(name, message), Expect::Stops(texts)) => {
                texts.iter().any(|text| text == name || message.contains(text))
            }
            _ => false,
        }
    }
}
