//! One client with one connection, which it keeps.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use tokio::net::TcpStream;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

/// What the service has answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn reason(&self) -> String {
        self.json()["reason"].as_str().unwrap_or_default().to_string()
    }
}

impl Client {
    pub async fn new(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Client { sender, address }
    }

    /// Asks on the one connection; a connection that was lost is a failure of the test.
    pub async fn send(&mut self, method: Method, path: &str, kind: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("content-type", kind)
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .unwrap();
        self.sender.ready().await.unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    pub async fn post(&mut self, body: &str) -> Answer {
        self.send(Method::POST, "/check", "application/json", body).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "text/plain", "").await
    }

    /// Asks as a user for an action.
    pub async fn check(&mut self, user: &str, action: &str, resource: &str) -> Answer {
        self.post(&question(user, action, resource)).await
    }

    /// The metrics by their names and labels.
    pub async fn metrics(&mut self) -> HashMap<String, f64> {
        let answer = self.get("/metrics").await;
        assert_eq!(answer.status, 200);
        assert!(answer.text.ends_with("# EOF\n"), "{}", answer.text);
        let lines = answer.text.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| {
                let (name, value) = line.rsplit_once(' ').unwrap();
                (name.to_string(), value.parse().unwrap())
            })
            .collect()
    }

    /// One of them; 0 where it was never counted.
    pub async fn metric(&mut self, name: &str) -> f64 {
        self.metrics().await.get(name).copied().unwrap_or_default()
    }
}

pub fn question(user: &str, action: &str, resource: &str) -> String {
    serde_json::json!({ "user": user, "action": action, "resource": resource }).to_string()
}
