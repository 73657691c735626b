//! Programs that were granted.

use crate::measure::{alone, descriptors, measure};
use crate::wat::{engine, run};
use luago::{Capabilities, Limits, Sandbox, Script, Stop};
use luago_test_support::wait_until;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(300);

/// One that may start a shell, and has run something.
fn sandbox() -> Sandbox {
    let limits = Limits::default().memory(16 << 20).deadline(DEADLINE);
    let granted = Capabilities::default().command("sh", "/bin/sh").command("yes", "/usr/bin/yes");
    let builder = Sandbox::builder(engine()).limits(limits).capabilities(granted);
    let mut sandbox = builder.build().unwrap();
    run(&mut sandbox, "return");
    sandbox
}

/// Processes whose parent is this one.
fn children() -> usize {
    let parent = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let stats =
        processes.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    let is_child = |stat: &String| {
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().nth(1) == Some(&parent)
    };
    stats.filter(is_child).count()
}

const WAITS: [&str; 9] = [
    "os.execute('sh -c \"sleep 1000; true\"')",
    "os.execute('sh -c \"exec sleep 1000 </dev/null >/dev/null 2>/dev/null\"')",
    "os.execute('yes')",
    "io.popen('sh -c \"sleep 1000\"'):read('a')",
    "io.popen('sh -c \"yes >&2\"'):read('a')",
    "for line in io.popen('yes'):lines() do end",
    "local f = io.popen('sh -c \"sleep 1000\"', 'w') while true do f:write(('x'):rep(4096)) end",
    "io.popen('sh -c \"sleep 1000\"'):close()",
    "while true do pcall(os.execute, 'sh -c true') pcall(io.popen, 'sh -c true') end",
];

#[test]
fn a_deadline_ends_a_wait_for_a_command_and_leaves_nothing() {
    alone("commands::a_deadline_ends_a_wait_for_a_command_and_leaves_nothing", || {
        // An engine keeps some for all of its sandboxes.
        drop(sandbox());
        for code in WAITS {
            let before = descriptors();
            let mut sandbox = sandbox();
            let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", code)).unwrap());
            let stop = Stop::Deadline { limit: DEADLINE };
            assert_eq!(outcome.stop(), Some(&stop), "{code}: {outcome:?}");
            cost.by(DEADLINE).within(16 << 20);
            wait_until(&format!("{code}: nothing is left"), || children() == 0);
            drop(sandbox);
            assert_eq!(descriptors(), before, "{code}");
        }
    });
}

#[test]
fn as_many_commands_as_there_can_be_end_in_time() {
    alone("commands::as_many_commands_as_there_can_be_end_in_time", || {
        let mut sandbox = sandbox();
        let code = "t = {} repeat local f = io.popen('sh -c \"sleep 1000; true\"') \
                    t[#t + 1] = f until not f";
        sandbox.set_deadline(Some(Duration::from_secs(60)));
        let outcome = sandbox.run(&Script::new("start", code)).unwrap();
        assert!(outcome.is_returned(), "{outcome:?}");
        assert_eq!(children(), 64);
        sandbox.set_deadline(Some(DEADLINE));
        let (outcome, cost) =
            measure(|| sandbox.run(&Script::new("spin", "while true do end")).unwrap());
        assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }));
        cost.by(DEADLINE).within(16 << 20);
        // Killed they are; what is slow to go is waited for on another thread.
        wait_until("every command is gone", || children() == 0);
    });
}

#[test]
fn texts_of_commands_take_no_more_memory_than_there_is() {
    alone("commands::texts_of_commands_take_no_more_memory_than_there_is", || {
        let mut sandbox = sandbox();
        let code = "local text = 'sh' .. (' x'):rep(4095) \
                    local long = \"sh '\" .. ('x'):rep(2^17 - 5) .. \"'\" \
                    while true do io.popen(text) io.popen(long) io.popen(long .. 'x') end";
        let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", code)).unwrap());
        assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }));
        cost.by(DEADLINE).within(16 << 20);
    });
}
