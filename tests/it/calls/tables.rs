//! What Lua builds, as the host sees it: tables of every shape, and what is refused.

use luago::{BString, Key, Limits, Table, Value, Variadic};
use luago_test_support::sandboxes::{builder, call, limits, refusal, result, sandbox};
use luago_test_support::versions::Lua;
use serde::Deserialize;
use std::collections::BTreeMap;

#[track_caller]
fn is(lua: Lua, code: &str, expected: impl Into<Value>) {
    assert_eq!(result::<Value>(&mut sandbox(lua), code), expected.into(), "{lua}: {code}");
}

#[track_caller]
fn refuses(lua: Lua, code: &str, expected: &str) {
    let mut sandbox =
        builder(lua).function("fail", |_, ()| Err::<(), _>("failed")).build().unwrap();
    let error = call::<Variadic<Value>>(&mut sandbox, code, ()).unwrap_err();
    assert!(error.is_conversion(), "{lua}: {code}: {error}");
    assert_eq!(error.to_string(), expected, "{lua}: {code}");
    // Nothing is broken by it.
    assert_eq!(result::<i64>(&mut sandbox, "return 5"), 5);
}

fn list(range: std::ops::RangeInclusive<i64>) -> Vec<Value> {
    range.map(Value::from).collect()
}

fn half() -> Key {
    Key::number(0.5).unwrap()
}

#[derive(Debug, Deserialize)]
struct Order {
    #[expect(dead_code, reason = "it is read for its type")]
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    #[expect(dead_code, reason = "it is read for its type")]
    price: f64,
}

fn nested(levels: u32) -> Value {
    (0..levels).fold(Value::from(1), |inner, _| vec![inner].into())
}

/// What is said of a value that is too large: as a result of Lua, as an argument of a
/// host function, and last in any case.
struct Said {
    returned: &'static str,
    taken: &'static str,
    limit: &'static str,
}

/// Passes a value that is just within the limits and one that is just not, which `code`
/// returns for `n = 0` and `n = 1`.
fn limited(lua: Lua, limits: Limits, good: Value, bad: Value, code: &str, said: &Said) {
    let mut sandbox = builder(lua)
        .limits(limits)
        .function("take", |_, _: Value| Ok::<_, String>(()))
        .function("give", move |_, n: i64| {
            Ok::<_, String>(if n == 0 { good.clone() } else { bad.clone() })
        })
        .build()
        .unwrap();
    let code = format!("local function make(n) {code} end ");
    let mut call = |what: &str| call::<Value>(&mut sandbox, &format!("{code} {what}"), ());
    for what in ["return make(0)", "take(make(0))", "give(0)"] {
        assert!(call(what).is_ok(), "{lua}: {what}");
    }
    assert_eq!(refusal(call("return make(1)")), said.returned, "{lua}");
    assert_eq!(refusal(call("take(make(1))")), said.taken, "{lua}");
    let given = refusal(call("give(1)"));
    assert!(given.starts_with("test:1: bad result of 'give': "), "{lua}: {given}");
    assert!(given.ends_with(said.limit), "{lua}: {given}");
    assert!(call("return make(0)").is_ok(), "{lua}");
}

for_each_version! {
    fn arrays_are_sequences_however_they_were_built(lua) {
        is(lua, "return {1, 2, 3}", list(1..=3));
        is(lua, "local t = {} for i = 50, 1, -1 do t[i] = i end return t", list(1..=50));
        is(lua, "local t = {} for i = 1, 50 do table.insert(t, 1, 51 - i) end return t", list(1..=50));
        is(lua, "local t = {nil, nil, 3} t[2] = 2 t[1] = 1 return t", list(1..=3));
        is(lua, "local t = {1, 2, x = 5} t.x = nil t[3] = 3 return t", list(1..=3));
        is(lua, "local t = {1, 2, 3, 4, 5} t[4] = nil t[5] = nil return t", list(1..=3));
        is(lua, "return {[1.0] = 1, [2.0] = 2}", list(1..=2));
    }

    fn a_table_with_holes_has_keys(lua) {
        is(lua, "return {1, nil, 3}", Table::from([(1, 1), (3, 3)]));
        is(lua, "return {nil, 2}", Table::from([(2, 2)]));
        is(lua, "local t = {} for i = 1, 6 do t[i] = i end t[2] = nil return t",
            [1, 3, 4, 5, 6].into_iter().map(|n| (n, n)).collect::<Table>());
        is(lua, "return {[0] = 0, 1}", Table::from([(0, 0), (1, 1)]));
        is(lua, "return {1, [4] = 4, x = 5}",
            Table::from([(Key::from(1), 1), (Key::from(4), 4), (Key::from("x"), 5)]));
    }

    fn a_table_with_keys_of_every_kind_has_them(lua) {
        let table = Table::from([
            (Key::from(1), Value::from("a")),
            (Key::from(true), Value::from(false)),
            (half(), Value::from("half")),
            (Key::from(b"\xff".as_slice()), Value::from(-1)),
            (Key::from(-7), Value::from(vec![])),
        ]);
        is(lua, "return {'a', [true] = false, [0.5] = 'half', ['\\255'] = -1, [-7] = {}}", table);
    }

    fn an_empty_table_is_an_empty_sequence(lua) {
        is(lua, "return {}", vec![]);
        is(lua, "return {{}, {x = {}}}", vec![vec![].into(), Table::from([("x", vec![])]).into()]);
        let mut sandbox = sandbox(lua);
        let map: BTreeMap<String, i64> = result(&mut sandbox, "return {}");
        assert!(map.is_empty());
    }

    fn metatables_count_for_nothing(lua) {
        is(lua, "return setmetatable({1, 2}, {__index = function() error('asked') end,
            __len = function() error('asked') end, __pairs = function() error('asked') end,
            __ipairs = function() error('asked') end, __metatable = 'no'})", list(1..=2));
        is(lua, "return setmetatable({}, {__index = {x = 1}})", vec![]);
    }

    fn a_table_that_is_there_twice_is_copied_twice(lua) {
        is(lua, "local t = {1} return {t, t, {t}}",
            vec![list(1..=1).into(), list(1..=1).into(), vec![list(1..=1).into()].into()]);
        is(lua, "local t = {} for i = 1, 3 do t = {t, t} end return #t", 2);
    }

    fn a_table_that_contains_itself_is_refused_with_its_path(lua) {
        let text = "a table that contains itself cannot be passed";
        refuses(lua, "local t = {a = {b = {}}} t.a.b.c = t return t", &format!("result.a.b.c: {text}"));
        refuses(lua, "local t = {a = {}} t.a.b = t.a return t", &format!("result.a.b: {text}"));
        refuses(lua, "local t = {1, 2} t[3] = t return t", &format!("result[3]: {text}"));
        refuses(lua, "local t = {} t[4] = {x = t} return 1, t", &format!("result 2[4].x: {text}"));
    }

    fn what_cannot_pass_is_refused_with_its_path(lua) {
        let co = "coroutine.create(function() end)";
        refuses(lua, &format!("return {co}"), "result: a coroutine cannot be passed");
        refuses(lua, &format!("return {{1, {{x = {co}}}}}"), "result[2].x: a coroutine cannot be passed");
        refuses(lua, "return 1, {a = {['b c'] = io.stdout}}", "result 2.a[\"b c\"]: a userdata cannot be passed");
        refuses(lua, "return {[0.5] = {[true] = io.stdout}}", "result[0.5][true]: a userdata cannot be passed");
        refuses(lua, "return {x = {[{}] = 1}}", "result.x: a table cannot be passed as a key");
        refuses(lua, "return {[print] = 1}", "result: a function cannot be passed as a key");
    }

    fn a_result_of_another_type_is_refused_with_its_path(lua) {
        let mut sandbox = sandbox(lua);
        let mut said = |code: &str| refusal(call::<Order>(&mut sandbox, code, ()));
        assert_eq!(
            said("return {items = {{price = 1}, {price = 2.5}, {price = '12,50'}}}"),
            r#"result.items[3].price: expected number, got string "12,50""#
        );
        assert_eq!(said("return {items = {{}}}"), r#"result.items[1]: missing field "price""#);
        assert_eq!(said("return {items = {true}}"), "result.items[1]: expected table, got boolean true");
        assert_eq!(said("return {items = 1}"), "result.items: expected table (sequence), got integer 1");
        assert_eq!(said("return 0.5"), "result: expected table, got number 0.5");
        assert_eq!(said("return"), "result: expected table, got nil");
        assert_eq!(said("return print"), "result: expected table, got function");
        let text = refusal(call::<(i64, u8)>(&mut sandbox, "return 1, 300", ()));
        assert_eq!(text, "result 2: integer 300 does not fit in u8");
        let text = refusal(call::<String>(&mut sandbox, "return 'a\\255'", ()));
        assert_eq!(text, r#"result: expected string of valid UTF-8, got bytes "a\xff""#);
        let text = refusal(call::<bool>(&mut sandbox, "return 'yes'", ()));
        assert_eq!(text, r#"result: expected boolean, got string "yes""#);
        let text = refusal(call::<i64>(&mut sandbox, "return 1.5", ()));
        assert_eq!(text, "result: expected integer, got number 1.5");
    }

    fn a_value_that_lua_cannot_hold_is_refused_with_its_path(lua) {
        let mut sandbox = sandbox(lua);
        let mut said = |value: &dyn erased::Argument| refusal(value.pass(&mut sandbox));
        assert_eq!(said(&(1, vec![Some(1), None])), "argument 2[2]: a sequence cannot hold nil; \
            leave the element out, or use a map from integers");
        assert_eq!(said(&u64::MAX), "argument 1: 18446744073709551615 does not fit in an integer \
            of Lua (i64)");
        assert_eq!(said(&BTreeMap::from([(None::<i32>, 1)])), "argument 1: nil cannot be a key; \
            use a string, an integer, a number or a boolean");
        assert_eq!(said(&BTreeMap::from([(vec![1], 1)])), "argument 1: a table cannot be a key; \
            use a string, an integer, a number or a boolean");
    }

    fn depth_is_limited_in_both_directions(lua) {
        let code = "local t = 1 for i = 1, 3 + n do t = {t} end return t";
        limited(lua, limits().value_depth(3), nested(3), nested(4), code, &Said {
            returned: "result[1][1][1]: more than 3 levels of tables (limit value_depth)",
            taken: "test:1: bad argument #1 to 'take' ([1][1][1]: more than 3 levels of tables \
                (limit value_depth))",
            limit: ": more than 3 levels of tables (limit value_depth)",
        });
    }

    fn elements_are_limited_in_both_directions(lua) {
        let code = "local t = {} for i = 1, 9 + n do t[i] = i end return t";
        let (good, bad) = (list(1..=9).into(), list(1..=10).into());
        limited(lua, limits().value_elements(10), good, bad, code, &Said {
            returned: "more than 10 elements (limit value_elements)",
            taken: "test:1: bad arguments to 'take' (more than 10 elements (limit \
                value_elements))",
            limit: ": more than 10 elements (limit value_elements)",
        });
    }

    fn bytes_are_limited_in_both_directions(lua) {
        let bytes = |count| Value::from(BString::from(vec![b'x'; count]));
        let code = "return ('x'):rep(100 + n)";
        limited(lua, limits().value_bytes(100), bytes(100), bytes(101), code, &Said {
            returned: "result: more than 100 bytes of strings (limit value_bytes)",
            taken: "test:1: bad argument #1 to 'take' (more than 100 bytes of strings (limit \
                value_bytes))",
            limit: ": more than 100 bytes of strings (limit value_bytes)",
        });
    }

    fn the_deepest_value_that_can_be_allowed_passes(lua) {
        let limits = limits().value_depth(Limits::MAX_VALUE_DEPTH);
        let mut sandbox = builder(lua).limits(limits).build().unwrap();
        let value = nested(Limits::MAX_VALUE_DEPTH);
        let back = call::<Value>(&mut sandbox, "return ...", &value);
        assert_eq!(back.unwrap(), value);
        let text = refusal(call::<Value>(&mut sandbox, "return ...", nested(201)));
        assert!(text.ends_with(": more than 200 levels of tables (limit value_depth)"), "{text}");
    }
}

/// Arguments of different types in one list.
mod erased {
    use luago::{Error, Sandbox};
    use serde::Serialize;

    pub trait Argument {
        fn pass(&self, sandbox: &mut Sandbox) -> Result<(), Error>;
    }

    impl<T: Serialize> Argument for T {
        fn pass(&self, sandbox: &mut Sandbox) -> Result<(), Error> {
            luago_test_support::sandboxes::call(sandbox, "return ...", self)
        }
    }
}
