//! What was seen of a run, with what may differ from run to run out of the way.

use crate::corpus::Vary;
use crate::lua::Lua;
use crate::report::Seen;
use crate::target::Observation;
use regex::bytes::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What is replaced before two observations are compared, in the order of use.
///
/// | what varies | what becomes of it |
/// |---|---|
/// | an address after `table: `, `function: `, `function: builtin: `, `thread: `, `userdata: `, `file (` or a `__name` | `ADDRESS`, always |
/// | a C function in a traceback of LuaJIT, `[C]: at 0x560ec8514990` | `[C]: ?`, always |
/// | in 5.2, `_G.print` where `print` is meant, `table.unpack` for `unpack`, and `loadstring` for `load`: which of two names of a function is found is up to the order of a hash | `print`, `unpack` and `load`, always |
/// | numbers, where a script says that clock, random or memory vary | `NUMBER` |
/// | names of days and months, where the clock varies | `DAY` |
/// | any address, where addresses vary | `ADDRESS` |
/// | the order of lines, where order varies | sorted |
pub fn normalise(observation: &Observation, varies: &[Vary], lua: Lua) -> Seen {
    Seen {
        end: observation.end.to_string(),
        stdout: text(&observation.stdout, varies, lua),
        stderr: text(&observation.stderr, varies, lua),
    }
}

fn text(bytes: &[u8], varies: &[Vary], lua: Lua) -> String {
    let mut bytes = Cow::Borrowed(bytes);
    let mut replace = |pattern: &Regex, by: &[u8]| {
        if let Cow::Owned(replaced) = pattern.replace_all(&bytes, by) {
            bytes = Cow::Owned(replaced);
        }
    };
    replace(&NAMED_ADDRESS, b"${name}ADDRESS");
    replace(&OTHER_ADDRESS, b"${name}ADDRESS");
    if lua == Lua::V52 {
        replace(&GLOBAL_NAME, b"'");
        replace(&UNPACK_NAME, b"'unpack'");
        replace(&LOAD_NAME, b"'load'");
    }
    if lua == Lua::Jit {
        replace(&JIT_FRAME, b"[C]: ?");
    }
    if varies.contains(&Vary::Addresses) {
        replace(&ADDRESS, b"ADDRESS");
    }
    if varies.contains(&Vary::Clock) {
        replace(&DAY, b"DAY");
    }
    if [Vary::Clock, Vary::Random, Vary::Memory].iter().any(|vary| varies.contains(vary)) {
        replace(&NUMBER, b"NUMBER");
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if !varies.contains(&Vary::Order) {
        return text;
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and tested")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

static NAMED_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?-u)(?P<name>\b(?:function|table|thread|userdata): (?:builtin: )?)0x[0-9a-f]+\b")
});
static OTHER_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?-u)(?P<name>\b[A-Za-z_][\w*.]*: |\bfile \()(?:0x[0-9a-f]{5,16}|[0-9a-f]{7,16})\b")
});
static GLOBAL_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"'_G\."));
static UNPACK_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"'table\.unpack'"));
static LOAD_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"'loadstring'"));
static JIT_FRAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[C\]: at 0x[0-9a-f]+"));
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)\b0x[0-9a-f]{5,16}\b"));
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?-u)-?\b\d+(?:\.\d+)?(?:e[-+]?\d+)?\b"));
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u)\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|(?:Jan|Febr)uary|March|April|June|July|August|(?:Septem|Octo|Novem|Decem)ber|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(lua: Lua, varies: &[Vary], from: &str, to: &str) {
        assert_eq!(text(from.as_bytes(), varies, lua), to);
    }

    #[test]
    fn addresses_of_values_are_replaced_whatever_their_length() {
        becomes(Lua::V54, &[], "table: 0x5581a3b2c0d0, x", "table: ADDRESS, x");
        becomes(Lua::V54, &[], "function: builtin: 0001f2b0", "function: builtin: ADDRESS");
        becomes(Lua::V54, &[], "function: 0x88", "function: ADDRESS");
        becomes(Lua::V51, &[], "file (0x0001f2b0)", "file (ADDRESS)");
        becomes(Lua::V54, &[], "FILE*: 0x0001f2b0", "FILE*: ADDRESS");
        becomes(Lua::V54, &[], "My.Type: 0x0001f2b0", "My.Type: ADDRESS");
    }

    #[test]
    fn numbers_and_words_are_not_addresses() {
        for text in ["x: 12345", "table: expected", "f(0x1234567)", "12:34", "bad: decade"] {
            becomes(Lua::V54, &[], text, text);
        }
    }

    #[test]
    fn what_varies_is_replaced_where_it_is_declared() {
        becomes(
            Lua::V54,
            &[Vary::Clock],
            "Sun Nov 22 1.5 a1 -3",
            "DAY DAY NUMBER NUMBER a1 NUMBER",
        );
        becomes(Lua::V54, &[Vary::Addresses], "0x0001f2b0 0x1", "ADDRESS 0x1");
        becomes(Lua::V54, &[Vary::Order], "b\na\n", "a\nb");
        becomes(Lua::V52, &[], "'_G.print'", "'print'");
        becomes(Lua::V51, &[], "'_G.print'", "'_G.print'");
        becomes(Lua::V52, &[], "'table.unpack' 'loadstring'", "'unpack' 'load'");
        becomes(Lua::Jit, &[], "[C]: at 0x560ec8514990", "[C]: ?");
    }
}
