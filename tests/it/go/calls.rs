//! Go calls Lua and the host.

use super::guests::{fixtures, plain, prepared};
use luago::{Context, GoGrant, Sandbox};
use luago_test_support::sandboxes::{builder, call, refusal, result, run};
use std::time::Duration;

/// A sandbox with functions of the host and of Lua, of which the guest may call some.
fn calling(lua: luago_test_support::versions::Lua) -> Sandbox {
    let grant = GoGrant::new()
        .function("host.double")
        .function("host.slow")
        .function("host.fail")
        .function("greet")
        .function("shop.price")
        .function("missing");
    let builder = builder(lua)
        .function("host.double", |_, n: i64| Ok::<_, String>(2 * n))
        .function("host.secret", |_, ()| Ok::<_, String>("secret"))
        .function("host.fail", |_, ()| Err::<(), _>("the host says no".to_string()))
        .async_function("host.slow", |_: Context, n: i64| async move {
            tokio_free_nap(Duration::from_millis(2)).await;
            Ok::<_, String>(n + 1)
        });
    let mut sandbox = prepared(builder, grant);
    run(
        &mut sandbox,
        "
        function greet(name, ...) return 'hello ' .. name, select('#', ...) end
        shop = {price = function(n) luago.sleep(0.001) return n * 10 end}
        function private() return 'private' end",
    );
    sandbox
}

/// A nap that needs no runtime.
async fn tokio_free_nap(time: Duration) {
    let mut thread = None;
    std::future::poll_fn(move |context| {
        let waker = context.waker().clone();
        match &thread {
            None => {
                thread = Some(std::thread::spawn(move || {
                    std::thread::sleep(time);
                    waker.wake();
                }));
                std::task::Poll::Pending
            }
            Some(thread) if thread.is_finished() => std::task::Poll::Ready(()),
            Some(_) => {
                waker.wake();
                std::task::Poll::Pending
            }
        }
    })
    .await;
}

for_each_version! {
    fn go_calls_functions_of_lua_and_of_the_host(lua) {
        let mut sandbox = calling(lua);
        run(&mut sandbox, "
            assert(fixtures.call('host.double', 21)[1] == 42)
            assert(fixtures.call('host.slow', 1)[1] == 2)
            local back = fixtures.call('greet', 'Go', 1, 2)
            assert(back[1] == 'hello Go' and back[2] == 2)
            assert(fixtures.call('shop.price', 4)[1] == 40)");
    }

    fn go_calls_only_what_it_was_granted(lua) {
        let mut sandbox = calling(lua);
        for name in ["private", "host.secret", "print", "os.exit", "shop", ""] {
            let why = refusal(call::<()>(&mut sandbox, "fixtures.call(...)", name));
            let expected = format!("the Go guest 'fixtures' was not granted the function '{name}'");
            assert!(why.contains(&expected), "{why}");
        }
        let why = refusal(call::<()>(&mut sandbox, "more.call('greet', 'x')", ()));
        assert!(why.contains("the Go guest 'more' was not granted the function 'greet'"), "{why}");
        let why = refusal(call::<()>(&mut sandbox, "fixtures.call 'missing'", ()));
        assert!(why.contains("there is no global function 'missing'"), "{why}");
    }

    fn errors_pass_through_go_unchanged(lua) {
        let mut sandbox = calling(lua);
        run(&mut sandbox, "
            local ok, e = pcall(fixtures.call, 'host.fail')
            assert(tostring(e):find('the host says no', 1, true), tostring(e))
            local ok, e = pcall(fixtures.apply, function() error 'in Lua' end)
            assert(tostring(e):find('in Lua', 1, true), tostring(e))
            local ok, e = pcall(fixtures.apply, fixtures.fail, 'Rome')
            assert(e.message == 'cannot find Rome' and #e.causes == 2, tostring(e))
            local raised = {code = 7}
            local seen = fixtures.describe(function() error(raised) end)
            assert(seen.value.code == 7, tostring(seen.value))
            local seen = fixtures.describe(function() fixtures.fail 'Rome' end)
            assert(seen.message == 'cannot find Rome' and seen.causes[2] == 'no such place')");
    }

    fn go_calls_functions_that_it_is_passed(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            assert(fixtures.apply_one(function(n) return n + 1 end, 1) == 2)
            local list = fixtures.map(function(n) return n * n end, {1, 2, 3})
            assert(list[1] == 1 and list[3] == 9)
            local list = fixtures.map(function(n) luago.sleep(0.001) return fixtures.add_task(n, 1) end, {1, 2})
            assert(list[1] == 2 and list[2] == 3)
            -- One level of Go inside another.
            local function down(n)
                if n == 0 then return 0 end
                return fixtures.apply_one(down, n - 1) + 1
            end
            assert(down(20) == 20)
            local f = function() end
            assert(fixtures.give_back(f) == f)");
    }

    fn calls_of_one_task_wait_side_by_side(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local now, most = 0, 0
            local list = fixtures.map_at_once(function(n)
                now = now + 1
                most = math.max(most, now)
                luago.sleep(0.002)
                now = now - 1
                return -n
            end, {1, 2, 3, 4})
            assert(most == 4 and list[1] == -1 and list[4] == -4)");
    }

    fn a_function_is_refused_when_its_task_is_over(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "fixtures.keep(function() return 1 end)");
        let why = refusal(call::<()>(&mut sandbox, "fixtures.call_kept()", ()));
        assert!(why.contains("after") || why.contains("over") || why.contains("ended"), "{why}");
        let why = refusal(call::<()>(&mut sandbox, "fixtures.apply_directly(print, 1)", ()));
        assert!(why.contains("non-blocking"), "{why}");
    }

    fn cancelling_a_task_cancels_what_it_called(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local reached = false
            local task = luago.spawn(fixtures.apply, function()
                reached = true
                luago.sleep(60)
                went_on = true
            end)
            while not reached do luago.sleep(0.001) end
            assert(task:cancel())");
        // The run has ended, so nothing sleeps any more, and nobody has waited for it.
        run(&mut sandbox, "assert(not went_on)");
    }

    fn what_cannot_pass_is_refused_to_go_by_name(lua) {
        let mut sandbox = plain(lua);
        let why = refusal(call::<()>(&mut sandbox, "fixtures.apply_one(function() return coroutine.create(function() end) end, 1)", ()));
        assert!(why.contains("a coroutine cannot be passed"), "{why}");
        run(&mut sandbox, "
            local loop = {}
            loop.loop = loop
            for _, f in ipairs { 'echo', 'echo_direct' } do
                for value, what in pairs {
                    [coroutine.create(function() end)] = 'a coroutine cannot be passed',
                    [io.stdout] = 'a userdata cannot be passed',
                    [loop] = '.loop: a table that contains itself cannot be passed',
                } do
                    local why = 'bad argument #1 to \\'' .. f .. '\\' (' .. what .. ')'
                    local ok, e = pcall(fixtures[f], value)
                    assert(not ok and e == why, e)
                    ok, e = pcall(function() local x = fixtures[f](value) end)
                    assert(not ok and e == 'test:13: ' .. why, e)
                end
            end");
        let why = refusal(call::<()>(&mut sandbox, "fixtures.echo(coroutine.create(function() end))", ()));
        assert!(why.contains("a coroutine cannot be passed"), "{why}");
    }
}

#[test]
fn functions_of_a_guest_are_called_from_rust() {
    let mut sandbox = builder("5.4").go("fixtures", fixtures(), GoGrant::new()).build().unwrap();
    let add = sandbox.guest_function("fixtures", "add").unwrap();
    assert_eq!(sandbox.call::<i64>(&add, (1, 2)).unwrap(), 3);
    let nap = sandbox.guest_function("fixtures", "nap").unwrap();
    assert_eq!(sandbox.call::<i64>(&nap, (7, 1)).unwrap(), 7);
    let fail = sandbox.guest_function("fixtures", "fail").unwrap();
    let why = sandbox.call::<()>(&fail, "Rome").unwrap_err().to_string();
    assert!(why.contains("cannot find Rome: map is bad: no such place"), "{why}");
    for (guest, name) in [("fixtures", "nothing"), ("nobody", "add")] {
        let why = sandbox.guest_function(guest, name).unwrap_err().to_string();
        assert!(why.contains(guest), "{why}");
    }
    let sum: i64 = result(&mut sandbox, "return require('fixtures').add(20, 22)");
    assert_eq!(sum, 42);
}
