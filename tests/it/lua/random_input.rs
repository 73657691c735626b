//! Whatever bytes come, the host lives.

use luago::{End, Limits, LuaVersion, OutputBuffer, Sandbox, Script, Stop};
use luago_test_support::sandboxes::engine;
use proptest::prelude::*;
use std::sync::OnceLock;
use std::time::Duration;

fn run(lua: LuaVersion, code: Vec<u8>) -> End {
    let limits =
        Limits::default().deadline(Duration::from_millis(200)).memory(32 << 20).output(1 << 16);
    let mut sandbox = Sandbox::builder(engine()).lua(lua).limits(limits).build().unwrap();
    let end = sandbox.run(&Script::new("random", code)).unwrap().end;
    if !sandbox.is_dead() {
        sandbox.close().unwrap();
    }
    end
}

fn any_version() -> impl Strategy<Value = LuaVersion> {
    prop::sample::select(LuaVersion::ALL.to_vec())
}

/// Pieces of Lua in any order, most of which mean something together.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "local x ",
        "x = ",
        "function ",
        "end ",
        "do ",
        "while true ",
        "for i = 1, 10 ",
        "if x then ",
        "return ",
        "'text' ",
        "[[long]] ",
        "{} ",
        "{1, 2, x = 3} ",
        "nil ",
        "1e308 ",
        "0x7fffffffffffffff ",
        "+ ",
        ".. ",
        "== ",
        "( ",
        ") ",
        "[ ",
        "] ",
        ". ",
        ": ",
        ", ",
        "... ",
        "# ",
        "- ",
        "not ",
        "and ",
        "goto a ",
        "::a:: ",
        "break ",
        "pcall(error) ",
        "setmetatable({}, {__gc = error}) ",
        "x() ",
        "string.rep('x', 1e7) ",
        "collectgarbage() ",
        "coroutine.wrap(function() ",
        "coroutine.yield() ",
        "debug.sethook(error, 'l') ",
        "load('x') ",
        "tostring(x) ",
        "table.sort({3, 2, 1}, x) ",
        "<close> ",
        "<const> ",
        "global x ",
        "// ",
        "& ",
        "~ ",
        ">> ",
        "\n",
        "\"",
        "--[[ ",
        "]] ",
        "\\",
        "\0",
        "\u{ff}",
        "x.y = x ",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40)
        .prop_map(|words| words.concat().into_bytes())
}

/// A valid binary chunk that uses most of what a chunk can hold.
fn dumped(lua: LuaVersion) -> &'static [u8] {
    static CHUNKS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let chunks = CHUNKS.get_or_init(|| LuaVersion::ALL.into_iter().map(dump).collect());
    &chunks[LuaVersion::ALL.iter().position(|&each| each == lua).unwrap()]
}

fn dump(lua: LuaVersion) -> Vec<u8> {
    let code = "io.write(string.dump(function(...)
        local a, b = 1, {...}
        local function inner(n) a = a + n return a, b end
        for i = 1, 10 do b[i] = inner(i) * 2.5 end
        for k, v in pairs(b) do if v == 'text' then b[k] = nil elseif not v then break end end
        local s = 'constant' .. #b .. tostring(a)
        while a > 0 do a = a - 10 end
        repeat local c = coroutine.wrap(function() return coroutine.yield(a) end) c() until true
        return s:rep(2), inner, setmetatable({x = 1}, {__index = b}).y, select('#', ...)
    end))";
    let out = OutputBuffer::new();
    let mut sandbox = Sandbox::builder(engine()).lua(lua).stdout(out.clone()).build().unwrap();
    assert!(sandbox.run(&Script::new("dump", code)).unwrap().is_returned());
    out.take()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_a_valid_outcome(
        lua in any_version(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let end = run(lua, bytes.clone());
        // Only a binary chunk can break the interpreter.
        let is_binary = bytes.first() == Some(&0x1b);
        let is_fault = matches!(&end, End::Stopped(s) if matches!(s.stop, Stop::Fault { .. }));
        prop_assert!(is_binary || !is_fault, "{lua}: {end:?}");
    }

    #[test]
    fn any_pieces_of_lua_end_in_a_valid_outcome(lua in any_version(), code in pieces()) {
        let end = run(lua, code);
        let is_fault = matches!(&end, End::Stopped(s) if matches!(s.stop, Stop::Fault { .. }));
        prop_assert!(!is_fault, "{lua}: {end:?}");
    }

    #[test]
    fn any_mutation_of_a_binary_chunk_is_survived(
        lua in any_version(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        length in any::<prop::sample::Index>(),
        cut in prop::bool::weighted(0.1),
    ) {
        let mut chunk = dumped(lua).to_vec();
        for (at, byte) in &changes {
            // Past the header, which would be refused.
            let at = 12 + at.index(chunk.len() - 12);
            chunk[at] = *byte;
        }
        if cut {
            chunk.truncate(length.index(chunk.len()));
        }
        run(lua, chunk);
        // Another sandbox of the same engine works as before.
        prop_assert_eq!(run(lua, b"assert(('x'):rep(3) == 'xxx')".to_vec()), End::Returned);
    }
}

#[test]
fn the_chunk_that_is_mutated_works_as_it_is() {
    for lua in LuaVersion::ALL {
        assert_eq!(run(lua, dumped(lua).to_vec()), End::Returned, "{lua}");
    }
}
