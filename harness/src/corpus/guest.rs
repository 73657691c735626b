//! What the header of a scenario says of a Go guest.

use bytesize::ByteSize;
use luago::{GoGrant, Restart};
use std::str::FromStr;

/// A Go guest of a scenario, as its header names it:
///
/// ```lua
/// -- go: scenarios
/// -- go: other=scenarios,restart=on-failure,call=note
/// ```
///
/// First comes the name for `require`, then the program after a `=` if it is called
/// otherwise, then options as those of `luago-run --go`: `memory`, `workers`, `restart` and
/// `call`, of which the last can be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestLine {
    /// Its name in Lua.
    pub name: String,
    /// The folder of its sources in `harness/guests`.
    pub program: String,
    options: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    Memory(u64),
    Workers(u32),
    RestartOnFailure,
    Call(String),
    Stack(u64),
}

impl GuestLine {
    /// What it may reach and spend.
    pub fn grant(&self) -> GoGrant {
        self.options.iter().fold(GoGrant::new(), |grant, option| match option {
            Choice::Memory(bytes) => grant.memory(*bytes),
            Choice::Stack(bytes) => grant.stack(*bytes),
            Choice::Workers(count) => grant.workers(*count),
            Choice::RestartOnFailure => grant.restart(Restart::OnFailure),
            Choice::Call(function) => grant.function(function),
        })
    }
}

impl FromStr for GuestLine {
    type Err = String;

    fn from_str(text: &str) -> Result<GuestLine, String> {
        let mut parts = text.split(',').map(str::trim);
        let head = parts.next().unwrap_or_default();
        let (name, program) = head.split_once('=').unwrap_or((head, head));
        if name.is_empty() || program.is_empty() {
            return Err(format!(
                "{text:?} in its header names no Go guest; write NAME or NAME=PROGRAM"
            ));
        }
        let options = parts.map(option).collect::<Result<_, _>>()?;
        Ok(GuestLine { name: name.to_string(), program: program.to_string(), options })
    }
}

fn option(text: &str) -> Result<Choice, String> {
    let wrong = || {
        format!(
            "{text:?} in its header is no option of a Go guest; there are memory=SIZE, \
             stack=SIZE, workers=COUNT, restart=on-failure and call=FUNCTION"
        )
    };
    Ok(match text.split_once('=').ok_or_else(wrong)? {
        ("memory", size) => Choice::Memory(size.parse::<ByteSize>().map_err(|_| wrong())?.as_u64()),
        ("stack", size) => Choice::Stack(size.parse::<ByteSize>().map_err(|_| wrong())?.as_u64()),
        ("workers", count) => Choice::Workers(count.parse().map_err(|_| wrong())?),
        ("restart", "on-failure") => Choice::RestartOnFailure,
        ("call", function) if !function.is_empty() => Choice::Call(function.to_string()),
        _ => return Err(wrong()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_has_a_name_a_program_and_options() {
        let line: GuestLine = "scenarios".parse().unwrap();
        assert_eq!((line.name.as_str(), line.program.as_str()), ("scenarios", "scenarios"));
        let line: GuestLine =
            "other=scenarios, memory=256MiB,stack=8MiB,workers=4,restart=on-failure,call=a.b"
                .parse()
                .unwrap();
        assert_eq!((line.name.as_str(), line.program.as_str()), ("other", "scenarios"));
        let shown = format!("{:?}", line.grant());
        for part in ["268435456", "stack: 8388608", "workers: 4", "OnFailure", "\"a.b\""] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }

    #[test]
    fn a_mistake_in_a_guest_is_named() {
        for (text, message) in [
            ("", "names no Go guest"),
            ("other=", "names no Go guest"),
            ("a,restart=always", "restart=on-failure"),
            ("a,memory=lots", "memory=SIZE"),
            ("a,quick", "\"quick\" in its header is no option"),
        ] {
            let error = text.parse::<GuestLine>().unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
