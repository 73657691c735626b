//! What is said on standard error.

use luago::{End, Stop};
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// The name under which this program speaks.
pub const NAME: &str = "luago-run";

/// Writes a message under this program's name. Nobody may be listening any more,
/// which is no reason to fail.
pub fn say(message: &str) {
    say_bytes(&[message.as_bytes()]);
}

/// The same for what need not be text, in pieces.
pub fn say_bytes(message: &[&[u8]]) {
    let line = [&[NAME.as_bytes(), b": "], message, &[b"\n"]].concat().concat();
    let _ = std::io::stderr().lock().write_all(&line);
}

/// How long something compiles before that is said.
const NOTICEABLE: Duration = Duration::from_millis(500);

/// Compiles something, or loads it. If that takes long and somebody watches, a line says what
/// it is, and is gone when it is done.
pub fn compiling<T>(what: &str, compile: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return compile();
    }
    let (done, is_done) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let is_done = is_done;
            if is_done.recv_timeout(NOTICEABLE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let what: String = what.chars().filter(|c| !c.is_control()).collect();
            let _ = write!(std::io::stderr().lock(), "{NAME}: compiling {what} …");
            let _ = is_done.recv();
            // To the start of the line, and nothing after it.
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        });
        let compiled = compile();
        drop(done);
        compiled
    })
}

/// Says how a run ended, if that was not as it should be.
pub fn say_end(end: &End) {
    match end {
        // Lua before 5.3 says nothing of an error without a value.
        End::Error(error) if error.message.is_empty() && error.traceback.is_empty() => {}
        End::Error(error) => match error.traceback_bytes() {
            traceback if traceback.is_empty() => say_bytes(&[error.message_bytes()]),
            traceback => say_bytes(&[error.message_bytes(), b"\n", traceback]),
        },
        End::Stopped(stopped) => {
            let mut text = stop_line(&stopped.stop);
            if !stopped.traceback.is_empty() {
                text.push('\n');
                text.push_str(&stopped.traceback);
            }
            say(&text);
        }
        _ => {}
    }
}

/// One line on a stop: which limit, its value, and the flag that raises it.
fn stop_line(stop: &Stop) -> String {
    match stop {
        Stop::Deadline { limit } => format!(
            "stopped: the deadline of {} passed; --timeout raises it",
            humantime::format_duration(round(*limit))
        ),
        Stop::Fuel { limit } => {
            format!("stopped: the fuel limit of {limit} was used up; --fuel raises it")
        }
        Stop::Memory { limit } => format!(
            "stopped: not enough memory within the limit of {}; --memory raises it",
            size(*limit)
        ),
        Stop::Output { limit } => format!(
            "stopped: the output limit of {} was reached; --max-output raises it",
            size(*limit)
        ),
        Stop::Interrupted => "interrupted!".to_string(),
        other => format!("stopped: {other}"),
    }
}

fn size(bytes: u64) -> String {
    bytesize::ByteSize(bytes).display().iec().to_string()
}

fn round(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
