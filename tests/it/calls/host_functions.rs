//! Lua calls the host.

use luago::{
    BString, Context, Function, HostError, Module, Sandbox, SandboxBuilder, Value, Variadic,
};
use luago_test_support::sandboxes::{builder, call, limits, load, refusal, result, run};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

type Done<T> = Result<T, String>;

#[derive(Debug, Serialize, Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

/// An error with a cause.
#[derive(Debug)]
struct Refused {
    code: u32,
    cause: std::io::Error,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {}", self.code)
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

fn refused() -> Refused {
    Refused { code: 7, cause: std::io::Error::other("the disk is full") }
}

/// Functions that fail in their own ways.
fn failing(builder: SandboxBuilder) -> Sandbox {
    builder
        .function("fail", |_, ()| Err::<(), _>("no such thing"))
        .function("refuse", |_, ()| Err::<(), _>(refused()))
        .function("nested", |_, ()| {
            Err::<(), _>(anyhow::Error::new(refused()).context("inner").context("outer"))
        })
        .function("panic", |_, text: String| -> Done<()> { panic!("{text}") })
        .function("echo", |_, values: Variadic<Value>| Done::Ok(values))
        .build()
        .unwrap()
}

/// A finalizer for each version: `on_collect(f)` makes garbage that calls `f`.
const ON_COLLECT: &str = "
    function on_collect(f)
      if newproxy then getmetatable(newproxy(true)).__gc = f
      else setmetatable({}, {__gc = f}) end
    end ";

for_each_version! {
    fn arguments_and_results_have_the_types_of_the_function(lua) {
        let mut sandbox = builder(lua)
            .function("none", |_, ()| Done::Ok(()))
            .function("one", |_, n: i64| Done::Ok(n + 1))
            .function("two", |_, (a, b): (String, bool)| Done::Ok((b, a)))
            .function("maybe", |_, n: Option<i64>| Done::Ok(n))
            .function("many", |_, all: Variadic<f64>| Done::Ok(all.iter().sum::<f64>()))
            .function("rest", |_, (n, rest): (usize, Variadic<Value>)| Done::Ok(rest.get(n).cloned()))
            .function("shape", |_, p: Point| Done::Ok(Point { x: p.y, y: p.x }))
            .function("bytes", |_, s: BString| Done::Ok(s.len()))
            .build()
            .unwrap();
        run(&mut sandbox, "
            assert(select('#', none()) == 0)
            assert(one(41) == 42)
            local a, b, c = two('x', true) assert(a == true and b == 'x' and c == nil)
            assert(maybe() == nil and maybe(nil) == nil and maybe(3) == 3)
            assert(many() == 0 and many(1, 2.5, 3) == 6.5)
            assert(rest(1, 'a', 'b') == 'b' and rest(5) == nil)
            local p = shape {x = 1, y = 2} assert(p.x == 2 and p.y == 1)
            assert(bytes('\\0\\255') == 2)
            assert(one(1, 'further ones', {}) == 2)");
    }

    fn a_bad_argument_is_an_error_in_the_words_of_lua(lua) {
        let mut sandbox = builder(lua)
            .function("one", |_, n: i64| Done::Ok(n))
            .function("two", |_, (_, n): (Value, u8)| Done::Ok(n))
            .function("db.put", |_, (_, p): (String, Point)| Done::Ok(p.x))
            .function("all", |_, names: Variadic<String>| Done::Ok(names.len()))
            .build()
            .unwrap();
        let mut said = |code: &str| refusal(call::<()>(&mut sandbox, code, ()));
        assert_eq!(said("one('x')"), "test:1: bad argument #1 to 'one' (expected integer, got string \"x\")");
        assert_eq!(said("one()"), "test:1: bad argument #1 to 'one' (expected integer, got nil)");
        assert_eq!(said("one({})"), "test:1: bad argument #1 to 'one' (expected integer, got table)");
        assert_eq!(said("two(1, 300)"), "test:1: bad argument #2 to 'two' (integer 300 does not fit in u8)");
        assert_eq!(said("\ndb.put('k', {x = 1, y = 'z'})"),
            "test:2: bad argument #2.y to 'db.put' (expected number, got string \"z\")");
        assert_eq!(said("db.put('k', {x = 1})"), "test:1: bad argument #2 to 'db.put' (missing field \"y\")");
        assert_eq!(said("all('a', 'b', 3)"), "test:1: bad argument #3 to 'all' (expected string, got integer 3)");
        let text = said("one(coroutine.create(function() end))");
        assert_eq!(text, "test:1: bad argument #1 to 'one' (a coroutine cannot be passed)");
        let text = said("two(1, {a = {io.stdout}})");
        assert_eq!(text, "test:1: bad argument #2 to 'two' (.a[1]: a userdata cannot be passed)");
    }

    fn an_error_reaches_the_host_as_it_was(lua) {
        let mut sandbox = failing(builder(lua));
        let error = call::<()>(&mut sandbox, "refuse()", ()).unwrap_err();
        let error = error.lua_error().unwrap();
        assert_eq!(error.message, "test:1: refused with 7: the disk is full");
        assert_eq!(error.host_error::<Refused>().unwrap().code, 7);
        assert!(error.host_error::<std::io::Error>().is_none());
        let value = error.value.as_error().unwrap();
        assert_eq!((value.message(), value.causes()), ("refused with 7", &["the disk is full".to_string()][..]));
        let source = std::error::Error::source(error).unwrap();
        assert_eq!(source.to_string(), "refused with 7");
        assert_eq!(source.source().unwrap().to_string(), "the disk is full");
    }

    fn a_chain_of_contexts_is_a_chain_of_causes(lua) {
        let mut sandbox = failing(builder(lua));
        let error = call::<()>(&mut sandbox, "nested()", ()).unwrap_err();
        let error = error.lua_error().unwrap();
        assert_eq!(error.message, "test:1: outer: inner: refused with 7: the disk is full");
        let causes = ["inner", "refused with 7", "the disk is full"];
        assert_eq!(error.value.as_error().unwrap().causes(), causes);
        let mut chain = std::iter::successors(std::error::Error::source(error), |e| e.source());
        assert!(chain.any(|error| error.is::<Refused>()));
    }

    fn lua_sees_an_error_with_its_message_and_causes(lua) {
        let mut sandbox = failing(builder(lua));
        run(&mut sandbox, "
            local ok, err = pcall(function() nested() end)
            assert(not ok and err.message == 'outer' and #err.causes == 3)
            assert(err.causes[1] == 'inner' and err.causes[3] == 'the disk is full')
            local text = 'test:2: outer: inner: refused with 7: the disk is full'
            assert(tostring(err) == text, tostring(err))
            assert(err .. '!' == text .. '!' and '<' .. err == '<' .. text and err .. 5 == text .. '5')
            assert(not pcall(function() return err .. {} end))
            assert(getmetatable(err) == 'error of the host')
            local ok, err = pcall(fail)
            assert(tostring(err) == 'no such thing' and #err.causes == 0)
            assert(type(err) == 'table')");
    }

    fn an_error_that_is_raised_again_keeps_what_it_was(lua) {
        let mut sandbox = failing(builder(lua));
        let error = call::<()>(&mut sandbox, "local ok, err = pcall(refuse)
            local ok, err = pcall(error, err) error(err)", ()).unwrap_err();
        assert_eq!(error.lua_error().unwrap().host_error::<Refused>().unwrap().code, 7);
        // It may go through the host as a value, too.
        let held: HostError = result(&mut sandbox, "return select(2, pcall(refuse))");
        assert_eq!(held.to_string(), "refused with 7: the disk is full");
        let raise = load(&mut sandbox, "error((echo(...)))");
        let error = sandbox.call::<()>(&raise, held).unwrap_err();
        let error = error.lua_error().unwrap();
        assert_eq!(error.message, "refused with 7: the disk is full");
        assert_eq!(error.host_error::<Refused>().unwrap().code, 7);
    }

    fn a_panic_is_an_error_and_no_more(lua) {
        let mut sandbox = failing(builder(lua));
        let text = refusal(call::<()>(&mut sandbox, "panic('oops')", ()));
        assert_eq!(text, "test:1: host function 'panic' panicked: oops");
        let (ok, text): (bool, String) = result(&mut sandbox,
            "local ok, err = pcall(panic, 'again') return ok, err.message");
        assert_eq!((ok, text.as_str()), (false, "host function 'panic' panicked: again"));
        assert_eq!(result::<i64>(&mut sandbox, "return echo(1)"), 1);
    }

    fn a_panic_while_arguments_are_read_or_results_written_is_one_too(lua) {
        #[derive(Debug)]
        struct Mine;
        impl<'de> Deserialize<'de> for Mine {
            fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Mine, D::Error> {
                panic!("while reading")
            }
        }
        impl Serialize for Mine {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                panic!("while writing")
            }
        }
        let mut sandbox = builder(lua)
            .function("read", |_, _: (Function, Mine)| Done::Ok(()))
            .function("write", |_, ()| Done::Ok((1, Mine)))
            .build()
            .unwrap();
        let text = refusal(call::<()>(&mut sandbox, "read(print, {})", ()));
        assert_eq!(text, "test:1: host function 'read' panicked: while reading");
        let text = refusal(call::<()>(&mut sandbox, "write()", ()));
        assert_eq!(text, "test:1: host function 'write' panicked: while writing");
        assert_eq!(result::<i64>(&mut sandbox, "return 1"), 1);
    }

    fn modules_are_required_and_globals_are_there(lua) {
        let module = |name: &str| {
            Module::new(name)
                .value("limits", BTreeMap::from([("low", 1), ("high", 9)]))
                .value("name", name)
                .function("double", |ctx, n: i64| Done::Ok((2 * n, ctx.function_name().to_string())))
        };
        let mut sandbox = builder(lua)
            .module(module("shapes"))
            .module(module("deep.er"))
            .module(Module::new("empty"))
            .global(module("geo"))
            .build()
            .unwrap();
        run(&mut sandbox, "
            local function check(m, name)
                local n, called = m.double(4)
                assert(n == 8 and called == name .. '.double' and m.name == name)
                assert(m.limits.low == 1 and m.limits.high == 9)
            end
            assert(shapes == nil)
            check(require 'shapes', 'shapes') check(require 'deep.er', 'deep.er') check(geo, 'geo')
            assert(require 'shapes' == require 'shapes' and package.loaded.shapes)
            assert(next(require 'empty') == nil)
            assert(not pcall(require, 'geo'))");
        sandbox.module(module("later")).unwrap();
        run(&mut sandbox, "assert(require('later').double(1) == 2)");
    }

    fn values_of_every_size_pass_through_a_function(lua) {
        let mut sandbox = failing(builder(lua));
        run(&mut sandbox, "
            local unpack = unpack or table.unpack
            for _, n in ipairs {0, 1, 2047, 2048, 2049, 8000, 8192, 100000} do
                local s = ('x'):rep(n) .. 'y'
                assert(echo(s) == s)
                local a, b, c = echo(s, 1, s) assert(a == s and b == 1 and c == s)
            end
            for _, n in ipairs {0, 1, 500, 510, 511, 512, 513, 2000} do
                local list, strings = {}, {}
                for i = 1, n do list[i] = i strings[i] = ('s'):rep(i % 50) end
                local got = echo(list) assert(#got == n and got[n] == list[n])
                got = echo(strings)
                for i = 1, n do assert(got[i] == strings[i]) end
                local all = {echo(unpack(list))}
                assert(#all == n) for i = 1, n do assert(all[i] == i) end
            end
            local big = {}
            for i = 1, 40 do big[i] = ('z'):rep(3000 + i) end
            local got = echo(big)
            for i = 1, 40 do assert(got[i] == big[i]) end");
    }

    fn a_function_can_be_called_from_anywhere(lua) {
        let mut sandbox = builder(lua)
            .function("less", |_, (a, b): (i64, i64)| Done::Ok(a < b))
            .function("index", |_, (_, key): (Value, String)| Done::Ok(format!("<{key}>")))
            .function("add", |_, (a, b): (Value, Value)| {
                Done::Ok(a.get("n").and_then(Value::as_i64).or(b.as_i64()))
            })
            .build()
            .unwrap();
        run(&mut sandbox, "
            local co = coroutine.wrap(function(a) for i = 1, 5 do a = coroutine.yield(less(i, a)) end end)
            assert(co(3) == true and co(1) == false)
            local t = {5, 2, 9, 1, 7} table.sort(t, less)
            assert(table.concat(t) == '12579')
            local m = setmetatable({n = 4}, {__index = index, __add = add, __call = function(_, x) return less(1, x) end})
            assert(m.key == '<key>' and m + 1 == 4 and m(2) == true)
            assert(('abc'):gsub('%w', function(c) return less(1, 2) and c .. c end) == 'aabbcc')
            local n = 0
            for _ in function() n = n + 1 if less(n, 10) then return n end end do end
            assert(n == 10)
            local caught = {xpcall(less, function(e) return tostring(e) .. '!' end)}
            assert(caught[1] == false and caught[2]:find('expected integer, got nil)!', 1, true))");
    }

    fn finalizers_can_call_the_host(lua) {
        static COLLECTED: AtomicU64 = AtomicU64::new(0);
        let before = COLLECTED.load(Ordering::SeqCst);
        let mut sandbox = builder(lua)
            .function("collected", |_, ()| Done::Ok(COLLECTED.fetch_add(1, Ordering::SeqCst)))
            .build()
            .unwrap();
        run(&mut sandbox, &format!("{ON_COLLECT} for i = 1, 100 do on_collect(function() collected() end) end
            collectgarbage() collectgarbage()"));
        assert!(COLLECTED.load(Ordering::SeqCst) >= before + 100);
    }

    fn a_function_knows_its_name_its_data_and_the_time_left(lua) {
        struct User(&'static str);
        let about = |ctx: &Context, ()| {
            let user = ctx.data::<User>().map(|user| user.0);
            Done::Ok((ctx.function_name().to_string(), user, ctx.data::<u8>().copied()))
        };
        let mut sandbox = builder(lua)
            .limits(limits().deadline(Duration::from_secs(30)))
            .data(5u8)
            .function("about", about)
            .function("m.about", about)
            .function("left", |ctx, ()| Done::Ok(ctx.time_left().map(|left| left.as_secs_f64())))
            .build()
            .unwrap();
        type About = (String, Option<String>, Option<u8>);
        let told = |name: &str, user: Option<&str>| (name.to_string(), user.map(str::to_string), Some(5));
        assert_eq!(result::<About>(&mut sandbox, "return about()"), told("about", None));
        sandbox.set_data(User("ana"));
        assert_eq!(result::<About>(&mut sandbox, "return m.about()"), told("m.about", Some("ana")));
        assert_eq!(result::<About>(&mut sandbox, "return about()"), told("about", Some("ana")));
        let left: f64 = result(&mut sandbox, "return left()");
        assert!(left > 1.0 && left <= 30.0, "{left}");
        sandbox.set_deadline(None);
        assert_eq!(result::<Option<f64>>(&mut sandbox, "return left()"), None);
    }

    fn a_function_can_be_registered_while_the_sandbox_lives(lua) {
        let mut sandbox = failing(builder(lua));
        sandbox.function("late", |_, n: i64| Done::Ok(n)).unwrap();
        sandbox.function("late_too.f", |_, n: i64| Done::Ok(-n)).unwrap();
        assert_eq!(result::<i64>(&mut sandbox, "return late(4) + late_too.f(1) + echo(2)"), 5);
    }

    fn a_callback_that_the_host_was_given_can_be_called_later(lua) {
        let held = std::sync::Arc::new(Mutex::new(Vec::<Function>::new()));
        let kept = held.clone();
        let mut sandbox = builder(lua)
            .function("on", move |_, f: Function| {
                kept.lock().unwrap().push(f);
                Done::Ok(())
            })
            .build()
            .unwrap();
        run(&mut sandbox, "local n = 0
            on(function(x) n = n + x return n end) on(function(x) n = n * x return n end)
            collectgarbage()");
        let held = std::mem::take(&mut *held.lock().unwrap());
        assert_eq!(sandbox.call::<i64>(&held[0], 5).unwrap(), 5);
        assert_eq!(sandbox.call::<i64>(&held[1], 3).unwrap(), 15);
    }
}

for_each_version! {
    fn a_large_reply_after_a_number_is_not_taken_for_that(lua) {
        let mut sandbox = builder(lua)
            .function("number", |_, ()| Done::Ok(7))
            .function("list", |_, size: u32| Done::Ok((0..size).collect::<Vec<u32>>()))
            .build()
            .unwrap();
        let script = "local n = number() local list = list(5000) return n, #list, list[5000]";
        assert_eq!(result::<(u32, u32, u32)>(&mut sandbox, script), (7, 5000, 4999));
    }

    fn a_large_reply_outlives_finalizers_that_call_the_host_while_it_is_taken(lua) {
        let mut sandbox = builder(lua)
            .function("big", |_, ()| Done::Ok(vec!["x".repeat(3000); 40]))
            .build()
            .unwrap();
        run(&mut sandbox, "
            local function gc() for i = 1, 6 do big() end end
            local function mark()
                if newproxy then getmetatable(newproxy(true)).__gc = gc
                else setmetatable({}, {__gc = gc}) end
            end
            for i = 1, 200 do mark() local b = big() assert(#b == 40) end");
    }

    fn callbacks_that_the_host_drops_are_forgotten_while_the_script_runs(lua) {
        let mut sandbox = builder(lua)
            .limits(limits().memory(16 << 20))
            .function("each", |_, _: Function| Done::Ok(()))
            .build()
            .unwrap();
        run(&mut sandbox, "
            for i = 1, 200000 do
                local kept = {i, i, i, i}
                each(function() return kept end)
            end");
    }
}
