//! Tests in processes of their own, and what Linux says of a process.

use std::process::Command;

/// The variable that says which test a child process is to run.
const CHILD: &str = "LUAGO_TEST_ALONE";

/// Runs the body of a test in a process of its own, in which no other test does anything.
/// `name` is the test's path: its modules and its own name, as in
/// `bridge::streams_do_not_pile_up`.
#[track_caller]
pub fn alone(name: &str, body: impl FnOnce()) {
    if std::env::var(CHILD).is_ok_and(|child| child == name) {
        return body();
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads", "1"])
        .env(CHILD, name)
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{out}{err}");
    assert!(out.contains("1 passed") || !output.status.success(), "there is no test {name}");
    assert!(output.status.success(), "{name}: {}", output.status);
}

/// The same for tests that a macro makes, whose paths are the names of their threads. Where
/// tests run one after another, they have none, and nothing else runs meanwhile anyway.
#[track_caller]
pub fn this_test_alone(body: impl FnOnce()) {
    match std::thread::current().name() {
        None | Some("main") => body(),
        Some(name) => alone(name, body),
    }
}

/// How many descriptors this process has open.
pub fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count() - 1
}

/// A figure of a process, as in `VmHWM:`, in bytes. `process` is its number, or `self`.
pub fn memory(process: &str, figure: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

/// How many threads this process has.
pub fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}
