//! The program itself.

use crate::client::Client;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_luago-policy-service");

/// The lines that it logs, as they come.
fn log_of(child: &mut Child) -> Receiver<String> {
    let (sender, lines) = channel();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    std::thread::spawn(move || {
        stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    lines
}

fn line_with(lines: &Receiver<String>, text: &str) -> String {
    loop {
        let line = lines.recv_timeout(Duration::from_secs(60)).unwrap();
        if line.contains(text) {
            return line;
        }
    }
}

#[tokio::test]
async fn it_serves_logs_tracebacks_and_ends_well_at_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("rules.lua");
    std::fs::write(&policy, "function check(request) error('no luck') end").unwrap();
    let mut child = Command::new(PROGRAM)
        .arg(&policy)
        .arg("--database")
        .arg(folder.path().join("users.db"))
        .args(["--listen", "127.0.0.1:0", "--pool", "2", "--deadline", "5s", "--memory", "4MiB"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = log_of(&mut child);
    let line = line_with(&lines, "listening on ");
    let address: SocketAddr = line.rsplit(' ').next().unwrap().parse().unwrap();

    let mut client = Client::new(address).await;
    let answer = client.check("ana", "read", "book").await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json()["message"], "rules.lua:1: no luck");
    line_with(&lines, "rules.lua:1: no luck");
    line_with(&lines, "stack traceback:");

    std::fs::write(&policy, "function check() return { allow = true } end").unwrap();
    line_with(&lines, "rules.lua has changed and is in use");
    assert_eq!(client.check("ana", "read", "book").await.status, 200);

    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_policy_that_does_not_load_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("rules.lua");
    std::fs::write(&policy, "function check(").unwrap();
    let output = Command::new(PROGRAM)
        .arg(&policy)
        .arg("--database")
        .arg(folder.path().join("users.db"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("Error: cannot load the policy: rules.lua:1:"), "{said}");
}
