//! What goes over many bytes at once does what a loop over each of them does.

use luago::{BString, Function, Sandbox, Script, Stop};
use luago_test_support::sandboxes::{builder, limits, load, result, run, sandbox};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;
use std::time::Duration;

/// Lengths around those at which a loop goes from one way of working to another.
fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![
        0usize..40,
        prop::sample::select(vec![47, 48, 49, 63, 64, 65, 127, 128, 129, 143, 144, 145]),
        0usize..600,
    ]
}

/// Few different bytes, so that much is nearly what is looked for; zeros, letters of both
/// cases, what stands beside letters, and bytes above 127.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let few = prop::sample::select(b"aab\0Z\xffz{@".to_vec());
    let bytes = prop_oneof![4 => few, 1 => any::<u8>()];
    lengths().prop_flat_map(move |len| vec(bytes.clone(), len))
}

/// A text, and what may be a part of it or nearly so.
fn text_and_word() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let parts = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    (text(), text(), parts, any::<prop::sample::Index>(), 0..4).prop_map(
        |(text, other, (from, to), at, kind)| {
            if kind == 0 || text.is_empty() {
                return (text, other);
            }
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            let mut word = text[from.min(to)..=from.max(to)].to_vec();
            if kind == 1 {
                let at = at.index(word.len());
                word[at] ^= 1;
            }
            (text, word)
        },
    )
}

/// A sandbox with functions that are called again and again.
struct Subject {
    sandbox: RefCell<Sandbox>,
    functions: Vec<Function>,
}

impl Subject {
    fn new(lua: &str, functions: &[&str]) -> Subject {
        let mut sandbox = Sandbox::builder(luago_test_support::sandboxes::engine())
            .lua(lua.parse().unwrap())
            .build()
            .unwrap();
        let functions = functions.iter().map(|code| load(&mut sandbox, code)).collect();
        Subject { sandbox: RefCell::new(sandbox), functions }
    }

    fn call<R: serde::de::DeserializeOwned>(
        &self,
        function: usize,
        arguments: impl serde::Serialize,
    ) -> R {
        self.sandbox.borrow_mut().call(&self.functions[function], arguments).unwrap()
    }
}

fn check<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: std::fmt::Debug,
{
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&strategy, test).unwrap();
}

fn bytes(bytes: &[u8]) -> BString {
    BString::from(bytes.to_vec())
}

for_each_version! {
    fn a_plain_search_finds_the_first_place_from_anywhere_on(lua) {
        let subject = Subject::new(lua, &["local s, w, i = ... return (s:find(w, i, true)) or 0"]);
        let cases = (text_and_word(), any::<prop::sample::Index>());
        super::check(400, cases, |((text, word), from)| {
            let from = from.index(text.len() + 1);
            let place = (from..=text.len()).find(|at| text[*at..].starts_with(&word));
            let expected = place.map_or(0, |at| at as i64 + 1);
            let found: i64 = subject.call(0, (bytes(&text), bytes(&word), from as i64 + 1));
            prop_assert_eq!(found, expected);
            Ok(())
        });
    }

    fn strings_compare_byte_by_byte(lua) {
        let subject = Subject::new(lua, &["local a, b = ... return {a == b, a < b, a <= b, b < a}"]);
        let pairs = (text(), text(), any::<prop::sample::Index>(), any::<u8>(), 0..3);
        super::check(400, pairs, |(a, other, at, byte, kind)| {
            let mut b = if kind == 0 { other } else { a.clone() };
            if kind == 1 && !b.is_empty() {
                let at = at.index(b.len());
                b[at] = byte;
            }
            let found: Vec<bool> = subject.call(0, (bytes(&a), bytes(&b)));
            prop_assert_eq!(found, vec![a == b, a < b, a <= b, b < a]);
            Ok(())
        });
    }

    fn case_order_and_repetition_are_those_of_single_bytes(lua) {
        let subject = Subject::new(lua, &[
            "local s = ... return s:upper()",
            "local s = ... return s:lower()",
            "local s = ... return s:reverse()",
            "local s, n = ... return s:rep(n)",
            "local s, n, separator = ... return s:rep(n, separator)",
        ]);
        let has_separator = lua != "5.1";
        super::check(400, (text(), 0i64..70, text()), |(text, n, separator)| {
            let of = |function| -> BString { subject.call(function, (bytes(&text), n)) };
            prop_assert_eq!(of(0), bytes(&text.to_ascii_uppercase()));
            prop_assert_eq!(of(1), bytes(&text.to_ascii_lowercase()));
            prop_assert_eq!(of(2), bytes(&text.iter().rev().copied().collect::<Vec<_>>()));
            prop_assert_eq!(of(3), bytes(&text.repeat(n as usize)));
            if has_separator {
                let repeated: BString = subject.call(4, (bytes(&text), n, bytes(&separator)));
                prop_assert_eq!(repeated, bytes(&vec![text; n as usize].join(&separator[..])));
            }
            Ok(())
        });
    }

    fn a_pattern_matches_where_it_does_when_each_place_is_tried(lua) {
        // An anchored pattern is tried at one place only.
        let naive = "local s, p, from = ... \
            for i = from, #s + 1 do \
              local found = {s:find('^' .. p, i)} \
              if found[1] then return found end \
            end \
            return {}";
        let all = "local s, p = ... local found = {} \
            for whole in s:gmatch('(' .. p .. ')') do found[#found + 1] = whole end \
            local replaced, n = s:gsub(p, '<%0>') \
            return found, replaced, n";
        let subject = Subject::new(lua, &[
            "local s, p, i = ... return {s:find(p, i)}", naive, all,
        ]);
        let patterns = prop::sample::select(vec![
            "a", "a+", "ab", "(a)b", "(a)%1", "()a", "((a)b)", "%a", "%A", "%A+z", "%w%W", "%.",
            "[ab]b", "[^a]b", "[^a]+", "[^%a]", "[%z@]", "[a-z]+Z", "[]a]", "[^]]a", "a*b", "a-b",
            "b?a", ".-b", ".*b", ".-Z", "%a-Z", "%a*Z", ".-[ab]Z", ".*%W", "(.-)a%1", ".", "..",
            "a$", "$", "%f[a]a", "%bab", "z{", "@.-{", "a.-b.-Z", "[^a]-b", "a-", "a*", "%s*a",
        ]);
        super::check(400, (text(), patterns, any::<prop::sample::Index>()), |(text, pattern, from)| {
            let from = from.index(text.len() + 1) as i64 + 1;
            let found: luago::Value = subject.call(0, (bytes(&text), pattern, from));
            let expected: luago::Value = subject.call(1, (bytes(&text), pattern, from));
            prop_assert_eq!(found, expected);
            if pattern.contains(['*', '-', '?', '$', '(']) {
                return Ok(()); // what can be empty, or has captures of its own
            }
            let (matches, replaced, n): (Vec<BString>, BString, i64) =
                subject.call(2, (bytes(&text), pattern));
            let mut at = 1;
            let mut places = Vec::new();
            loop {
                let place: Vec<i64> = subject.call(1, (bytes(&text), pattern, at));
                let [first, last, ..] = place[..] else { break };
                places.push((first as usize - 1, last as usize));
                at = last + 1;
            }
            prop_assert_eq!(n, places.len() as i64);
            let (mut wanted, mut end) = (Vec::new(), 0);
            for ((first, last), found) in places.iter().zip(&matches) {
                prop_assert_eq!(found, &bytes(&text[*first..*last]));
                wanted.extend_from_slice(&text[end..*first]);
                wanted.extend([b"<", &text[*first..*last], b">"].concat());
                end = *last;
            }
            wanted.extend_from_slice(&text[end..]);
            prop_assert_eq!(matches.len(), places.len());
            prop_assert_eq!(replaced, bytes(&wanted));
            Ok(())
        });
    }

    fn nothing_is_read_behind_the_end_of_memory(lua) {
        // Memory grows for each of these, by whole pages of 64 KiB; the last byte of one or
        // the other is as close to its end as a string comes.
        let code = "local kept = {} \
            for n = 131072 - 96, 131072 + 8 do \
              local s = ('a'):rep(n) \
              kept[#kept + 1] = s \
              assert(not s:find('ab', n - 20, true) and not s:find('b', 1, true)) \
              assert(not s:find('b', n - 40) and not s:find('%d', n - 40) and s:find('a.-$')) \
              assert(s:upper():lower():reverse() == s and s <= s and not (s < s)) \
            end \
            return #kept";
        let mut sandbox = sandbox(lua);
        assert_eq!(result::<i64>(&mut sandbox, code), 105);
    }

    fn a_search_that_would_take_days_ends_at_the_deadline(lua) {
        let mut sandbox = builder(lua)
            .limits(limits().deadline(Duration::from_millis(300)))
            .build()
            .unwrap();
        let code = "local a = ('a'):rep(4e6); (a .. a .. a):find(a .. 'b' .. a, 1, true)";
        let outcome = sandbox.run(&Script::new("test", code)).unwrap();
        assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
    }

    fn results_in_buffers_are_whole_at_every_size(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "\
            local piece = 'abcdefgh\\0'
            for n = 0, 2000, 7 do
              local t, expected = {}, ''
              for i = 1, n do t[i] = piece end
              local joined = table.concat(t)
              assert(#joined == 9 * n and joined == piece:rep(n))
              assert(#table.concat(t, ', ') == math.max(0, 11 * n - 2))
              local copy, count = joined:gsub('%z', function(zero) return zero .. '!' end)
              assert(count == n and #copy == 10 * n and copy:gsub('!', '') == joined)
              local text = joined:gsub('%z', '')
              assert(('%s|%s'):format(text, text) == text .. '|' .. text)
            end");
    }
}
