//! Rings between every two of Lua, Go and the host.

use super::guests::{builder, granted, lua_only, prepared, sandbox};
use luago::{
    Error, GoGrant, Limits, RingReceiver, RingSender, Sandbox, Segment, Stop, TryRecv, ring,
};
use luago_test_support::sandboxes::{call, load, refusal, result, run};
use std::time::Duration;

/// A checksum of the numbers from 1 to n in decimal, as the guest of Go has it.
fn checksum(n: u32) -> u32 {
    let digits = (1..=n).flat_map(|n| n.to_string().into_bytes());
    digits.fold(0u32, |sum, digit| sum.wrapping_mul(31).wrapping_add(digit.into()))
}

/// Sends the numbers from 1 to n in decimal, and closes the ring.
fn produce(mut sender: RingSender, n: u32) {
    for number in 1..=n {
        sender.send(number.to_string().as_bytes()).unwrap();
    }
    sender.close();
}

/// Takes the numbers from 1 to n.
fn consume(mut receiver: RingReceiver, n: u32) {
    for number in 1..=n {
        let message = receiver.recv().unwrap().unwrap();
        assert_eq!(message, number.to_string().as_bytes());
    }
    assert_eq!(receiver.recv().unwrap(), None);
}

/// Defines `produce` and `consume` of Lua.
fn with_lua(mut sandbox: Sandbox) -> Sandbox {
    run(
        &mut sandbox,
        "function produce(to, n)
             for i = 1, n do to:send(('%d'):format(i)) end
             to:close()
         end
         function consume(from)
             local n = 0
             while true do
                 local m = from:receive()
                 if not m then break end
                 n = n + 1
                 assert(m == ('%d'):format(n), m)
             end
             assert(from:receive() == nil)
             return n
         end",
    );
    sandbox
}

for_each_sharing! {
    fn tasks_of_lua_pass_messages(lua, sharing) {
        let mut sandbox = with_lua(lua_only(lua, sharing));
        run(&mut sandbox, "
            for _, capacity in ipairs {64, 128, 4096} do
                local to, from = luago.ring(capacity)
                local taker = luago.spawn(consume, from)
                produce(to, 2000)
                assert(taker:await() == 2000)
                to, from = luago.ring(capacity)
                local maker = luago.spawn(produce, to, 2000)
                assert(consume(from) == 2000)
                maker:await()
            end");
    }

    fn lua_and_go_pass_messages(lua, sharing) {
        let mut sandbox = with_lua(sandbox(lua, sharing));
        let sum = checksum(1000);
        run(&mut sandbox, &format!("
            for _, capacity in ipairs {{64, 4096}} do
                local to, from = luago.ring(capacity)
                local taker = luago.spawn(a.consume, from)
                produce(to, 1000)
                local count, sum, why = taker:await()
                assert(count == 1000 and sum == {sum} and why == nil)
                to, from = luago.ring(capacity)
                local maker = luago.spawn(a.produce, to, 1000)
                assert(consume(from) == 1000)
                maker:await()
                to, from = luago.ring(capacity)
                maker, taker = luago.spawn(a.produce, to, 1000), luago.spawn(b.consume, from)
                count, sum = taker:await()
                assert(count == 1000 and sum == {sum})
                maker:await()
                assert(b.between(capacity, 500) == 500)
            end"));
    }

    fn what_is_sent_before_the_end_is_received(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            local to, from = luago.ring(256)
            to:send 'one' to:send '' to:send(('\\0\\255'):rep(60))
            to:close()
            to:close()
            assert(from:receive() == 'one' and from:receive() == '')
            assert(from:receive() == ('\\0\\255'):rep(60))
            assert(from:receive() == nil and from:receive() == nil)
            for _ in from:messages() do error 'there was more' end
            assert(select(2, from:try_receive()) == 'closed' and #from:receive_all() == 0)
            says('the sender is closed', to.send, to, 'x')
            local e = a.ring(64)
            a.send(e.sender, 'from go')
            a.close_sender(e.sender)
            assert(b.receive(e.receiver) == 'from go' and b.receive(e.receiver) == nil)
            assert(e.receiver:receive() == nil)");
    }

    fn errors_cross_with_their_text(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            -- From the sender, behind what it has sent.
            local to, from = luago.ring(256)
            to:send 'last'
            to:close 'out of paper'
            assert(from:receive() == 'last')
            says('out of paper', from.receive, from)
            to, from = luago.ring(256)
            to:send 'x'
            a.fail(to, 'broken in Go')
            local count, sum, why = b.consume(from)
            assert(count == 1 and why == 'broken in Go', why)
            to, from = luago.ring(256)
            a.fail(to, 'broken in Go')
            says('broken in Go', from.receive, from)
            -- From the receiver.
            to, from = luago.ring(256)
            from:close 'enough'
            says('the receiver has closed the ring: enough', to.send, to, 'x')
            to, from = luago.ring(256)
            a.refuse(from, 'no more')
            says('the receiver has closed the ring: no more', b.send, to, 'x')
            says('the receiver has closed the ring: no more', to.send, to, 'x')
            -- No longer than there is room for it.
            to, from = luago.ring(256)
            to:close(('é'):rep(1000))
            local ok, why = pcall(from.receive, from)
            assert(not ok and tostring(why):find(('é'):rep(78), 1, true) and #tostring(why) < 300)");
    }

    fn one_that_waits_sees_that_the_other_end_closes(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            local to, from = luago.ring(64)
            local taker = luago.spawn(a.receive, from)
            local other = luago.spawn(from.receive, from)
            luago.sleep(0.002)
            to:close()
            assert(taker:await() == nil and other:await() == nil)
            to, from = luago.ring(64)
            while to:try_send 'x' do end
            local maker = luago.spawn(a.send, to, 'y')
            local more = luago.spawn(to.send, to, 'y')
            luago.sleep(0.002)
            from:close 'gone'
            says('gone', maker.await, maker)
            says('gone', more.await, more)");
    }

    fn a_sender_waits_for_room_and_a_try_does_not(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            local to, from = luago.ring(64)
            local n = 0
            while to:try_send '12345678' do n = n + 1 end
            assert(n == 4, n)
            assert(not a.try_send(to, '12345678') and b.try_send(to, '12345678') == false)
            local done = false
            local maker = luago.spawn(function() to:send '12345678' done = true end)
            luago.sleep(0.002)
            assert(not done and maker:status() == 'waiting')
            assert(from:receive() == '12345678')
            maker:await()
            for i = 1, 4 do assert(from:try_receive() == '12345678') end
            assert(select(2, from:try_receive()) == 'empty' and a.try_receive(from) == 'empty')
            -- The longest message, and one that is longer.
            assert(to:try_send(('x'):rep(24)))
            says('too long', to.try_send, to, ('x'):rep(25))
            says('too long', to.send, to, ('x'):rep(100000))
            local why = caught and caught(a.send, to, ('x'):rep(25))
            assert(from:receive() == ('x'):rep(24))");
    }

    fn batches_come_in_order_and_in_one_piece(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let sum = checksum(3000);
        run(&mut sandbox, &format!("
            local to, from = luago.ring(1024)
            local list = {{}}
            for i = 1, 3000 do list[i] = ('%d'):format(i) end
            local maker = luago.spawn(to.send_all, to, list)
            local n = 0
            while n < 3000 do
                local some = from:receive_all(17)
                assert(#some >= 1 and #some <= 17)
                for i = 1, #some do assert(some[i] == list[n + i]) end
                n = n + #some
            end
            maker:await()
            to:send_all {{}}
            to:close()
            assert(#from:receive_all() == 0)
            to, from = luago.ring(1024)
            maker = luago.spawn(a.produce_batches, to, 3000, 100)
            local count, got = b.consume_batches(from, 13)
            assert(count == 3000 and got == {sum})
            maker:await()
            to, from = luago.ring(1024)
            says('string', to.send_all, to, {{'a', {{}}, 'b'}})
            assert(select(2, from:try_receive()) == 'empty')"));
    }

    fn a_wait_can_be_given_up(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            local to, from = luago.ring(64)
            for _, receive in ipairs {from.receive, a.receive} do
                says('timed out', luago.timeout, 0.003, receive, from)
                local taker = luago.spawn(receive, from)
                luago.sleep(0.002)
                assert(taker:cancel 'enough')
                says('enough', taker.await, taker)
            end
            to:send 'still there'
            assert(from:receive() == 'still there')
            while to:try_send 'x' do end
            for _, send in ipairs {to.send, a.send} do
                says('timed out', luago.timeout, 0.003, send, to, 'y')
            end
            local n = 0
            while from:try_receive() do n = n + 1 end
            assert(n >= 3, n)
            -- And those who wait afterwards are woken.
            local taker = luago.spawn(a.receive, from)
            luago.sleep(0.002)
            to:send 'late'
            assert(taker:await() == 'late')");
    }

    fn ends_that_wait_for_nobody_are_errors_and_no_hang(lua, sharing) {
        for code in [
            "local to, from = luago.ring(64) from:receive()",
            "local to, from = luago.ring(64) while true do to:send 'x' end",
            "local to, from = luago.ring(64) return luago.spawn(from.receive, from):await()",
            "local to, from = luago.ring(64) return a.receive(from)",
            "local to, from = luago.ring(64) a.produce(to, 1000)",
            "local to, from = luago.ring(64)
             luago.all(luago.spawn(a.receive, from), luago.spawn(from.receive, from))",
            "local to, from = luago.ring(64) to = nil collectgarbage() return from:receive()",
            "return b.between(64, 1), luago.ring(64) and a.receive(select(2, luago.ring(64)))",
        ] {
            // A deadline would be a timer of Go's, which comes sooner or later.
            let endless = builder(lua, sharing).limits(Limits::default());
            let mut sandbox = prepared(endless, sharing, GoGrant::new());
            let why = refusal(call::<luago::Value>(&mut sandbox, code, ()));
            assert!(why.contains("deadlock") || why.contains("every task waits"), "{code}: {why}");
            if !sandbox.is_dead() {
                run(&mut sandbox, "assert(1 + 1 == 2)");
            }
        }
    }

    fn a_deadline_ends_a_wait_for_the_host(lua, sharing) {
        for receive in ["from:receive()", "a.receive(from)", "luago.spawn(from.receive, from):await()"] {
            let mut sandbox = sandbox(lua, sharing);
            sandbox.set_deadline(Some(Duration::from_millis(50)));
            let (mut sender, receiver) = ring(64).unwrap();
            let code = format!("local from = ... {receive}");
            let error = call::<()>(&mut sandbox, &code, &receiver).unwrap_err();
            let deadline = Some(&Stop::Deadline { limit: Duration::from_millis(50) });
            let is_late = error.stop() == deadline || error.to_string().contains("deadline");
            assert!(is_late, "{receive}: {error}");
            assert!(sender.try_send(b"x").unwrap());
        }
    }

    fn a_ring_that_was_written_over_is_an_error_for_who_uses_it(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            -- Where, and what with, somebody writes.
            local at = {
                {'magic', 1, 5}, {'tail', 65, 3}, {'tail', 65, 4096}, {'tail', 65, 0xffffffff},
                {'head', 129, 4096}, {'head', 129, 0x7ffffff8}, {'length', 513, 1000}, {'length', 513, 0x7fffffff},
                {'skip', 513, 0xffffffff}, {'length', 513, 57},
            }
            for _, one in ipairs(at) do
                for _, receive in ipairs {
                    function(from) return from:receive() end, function(from) return from:receive_all() end,
                    function(from) return from:try_receive() end, function(from) return a.receive(from) end,
                } do
                    local s = luago.segment(512 + 128)
                    local to, from = luago.ring(128, s)
                    to:send '12345678'
                    b.length(s)
                    s:u32(one[2], one[3])
                    says('broken', receive, from)
                    assert(not pcall(receive, from))
                end
                if one[1] ~= 'length' and one[1] ~= 'skip' then
                    for _, send in ipairs {
                        function(to) return to:send 'x' end, function(to) return to:send_all {'x'} end,
                        function(to) return to:try_send 'x' end, function(to) return a.send(to, 'x') end,
                    } do
                        local s = luago.segment(512 + 128)
                        local to, from = luago.ring(128, s)
                        to:send '12345678'
                        s:u32(one[2], one[3])
                        says('broken', send, to)
                    end
                end
                collectgarbage()
            end");
    }

    fn rings_stand_in_parts_of_segments(lua, sharing) {
        let mut sandbox = with_lua(sandbox(lua, sharing));
        run(&mut sandbox, "
            local s = luago.segment(8192)
            s:fill(7)
            local to, from = luago.ring(256, s, 1024)
            local to2, from2 = luago.ring(64, s:sub(4097), 64)
            local taker, taker2 = luago.spawn(a.consume, from), luago.spawn(b.consume, from2)
            produce(to, 300) produce(to2, 300)
            assert(taker:await() == 300 and taker2:await() == 300)
            assert(s:string(1, 1024) == ('\\7'):rep(1024) and s:string(1024 + 769, 4160) == ('\\7'):rep(4160 - 1792))
            assert(s:string(4160 + 577) == ('\\7'):rep(8192 - 4736))
            for _, at in ipairs {1, 63, 65, -64, 8192, 8000} do
                assert(not pcall(luago.ring, 64, s, at), at)
            end
            says('read-only', luago.ring, 64, s:read_only())");
    }

    fn the_host_sends_and_lua_receives_while_it_is_called(lua, sharing) {
        let mut sandbox = with_lua(lua_only(lua, sharing));
        let (sender, receiver) = ring(256).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| produce(sender, 2000));
            assert_eq!(sandbox.call::<u32>("consume", &receiver).unwrap(), 2000);
        });
        let (sender, receiver) = ring(256).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| consume(receiver, 2000));
            sandbox.call::<()>("produce", (&sender, 2000)).unwrap();
        });
    }

    fn the_host_keeps_what_guests_have_made(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let (mut sender, mut receiver): (RingSender, RingReceiver) = result(&mut sandbox, "
            to, from = luago.ring(64)
            to:send 'from Lua'
            return to, from");
        assert_eq!(receiver.try_recv().unwrap(), TryRecv::Message(b"from Lua".to_vec()));
        assert!(sender.try_send(b"from Rust").unwrap());
        run(&mut sandbox, "assert(a.try_receive(from) == 'got from Rust')");
        run(&mut sandbox, "to:close 'it is over'");
        let error = receiver.recv().unwrap_err();
        assert!(error.is_ring_closed() && error.ring_error() == Some("it is over"), "{error}");
        let (_, mut receiver): (RingSender, RingReceiver) = result(&mut sandbox, "
            local e = a.ring(64) a.send(e.sender, 'from Go') a.close_sender(e.sender) return e.sender, e.receiver");
        assert_eq!(receiver.recv().unwrap(), Some(b"from Go".to_vec()));
        assert_eq!(receiver.recv().unwrap(), None);
    }
}

for_each_sharing! {
    fn go_on_the_sandboxs_thread_and_the_host_pass_messages(sharing) {
        with_go_and_host(granted("5.4", sharing, GoGrant::new()));
    }

    fn go_on_workers_and_the_host_pass_messages(sharing) {
        with_go_and_host(granted("5.4", sharing, GoGrant::new().workers(2)));
    }

    fn a_host_function_takes_ends_as_arguments_and_gives_them(sharing) {
        let mut sandbox = lua_only("5.4", sharing);
        let take = sandbox.create_function(|_, mut from: RingReceiver| -> Result<String, Error> {
            Ok(String::from_utf8(from.recv()?.unwrap_or_default()).unwrap_or_default())
        });
        let make = sandbox.create_function(|_, ()| -> Result<(RingSender, RingReceiver), Error> {
            let (mut sender, receiver) = ring(64)?;
            sender.send(b"made by the host")?;
            Ok((sender, receiver))
        });
        sandbox.set("take", take.unwrap()).unwrap();
        sandbox.set("make", make.unwrap()).unwrap();
        run(&mut sandbox, "
            local to, from = luago.ring(64)
            to:send 'one' to:send 'two'
            assert(take(from) == 'one' and from:receive() == 'two')
            to, from = make()
            assert(from:receive() == 'made by the host')
            to:send 'x'
            assert(from:receive() == 'x')
            says('luago.ring', take, to)
            says('segment', take, luago.segment(5))");
    }

    fn lua_waits_in_a_future_while_the_host_sends_in_another(sharing) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut sandbox = with_lua(lua_only("5.4", sharing));
        runtime.block_on(async {
            let (mut sender, receiver) = ring(128).unwrap();
            let taken = sandbox.call_async::<u32>("consume", receiver);
            let sent = async move {
                for number in 1..=1000 {
                    sender.send_async(number.to_string().as_bytes()).await.unwrap();
                }
                sender.close();
            };
            let (taken, ()) = tokio::join!(taken, sent);
            assert_eq!(taken.unwrap(), 1000);
            let (sender, mut receiver) = ring(128).unwrap();
            let sent = sandbox.call_async::<()>("produce", (sender, 1000));
            let taken = async move {
                let mut count = 0;
                while let Some(message) = receiver.recv_async().await.unwrap() {
                    count += 1;
                    assert_eq!(message, count.to_string().as_bytes());
                }
                count
            };
            let (sent, taken) = tokio::join!(sent, taken);
            sent.unwrap();
            assert_eq!(taken, 1000);
        });
    }

    fn the_host_sees_that_a_guest_has_broken_a_ring(sharing) {
        let mut sandbox = lua_only("5.4", sharing);
        for (at, value) in [(1, 0), (65, 4), (65, 1 << 20), (513, 2000)] {
            let (mut sender, mut receiver): (RingSender, RingReceiver) = result(&mut sandbox, "
                s = luago.segment(576)
                return luago.ring(64, s)");
            sender.send(b"x").unwrap();
            call::<()>(&mut sandbox, "local at, value = ... s:u32(at, value)", (at, value)).unwrap();
            let error = receiver.recv().unwrap_err();
            assert!(error.is_ring_broken(), "{at}: {error}");
            assert!(receiver.try_recv().unwrap_err().is_ring_broken());
        }
    }

    fn the_host_wakes_guests_at_every_ring_of_a_segment(sharing) {
        let mut sandbox = with_lua(sandbox("5.4", sharing));
        for at in [0, 64, 1024] {
            let (sender, receiver): (RingSender, RingReceiver) = result(&mut sandbox, &format!("
                local s = luago.segment(4096)
                to_host, from_rust = luago.ring(64, s, {at})
                to_rust, from_host = luago.ring(64, s, {at} + 2048)
                return to_host, from_host"));
            let sending = std::thread::spawn(move || produce(sender, 200));
            let taking = std::thread::spawn(move || consume(receiver, 200));
            run(&mut sandbox, "
                local maker = luago.spawn(produce, to_rust, 200)
                assert(consume(from_rust) == 200)
                maker:await()");
            sending.join().unwrap();
            taking.join().unwrap();
        }
    }

    fn a_segment_without_a_ring_is_no_end(sharing) {
        let mut sandbox = lua_only("5.4", sharing);
        let why = refusal(call::<RingSender>(&mut sandbox, "return luago.segment(1000)", ()));
        assert!(why.contains("luago.ring sender was expected"), "{why}");
        let why = refusal(call::<RingSender>(&mut sandbox, "return (select(2, luago.ring(64)))", ()));
        assert!(why.contains("luago.ring sender was expected"), "{why}");
        let why = refusal(call::<RingReceiver>(&mut sandbox, "
            local s = luago.segment(576) local to, from = luago.ring(64, s) s:fill(0) return from", ()));
        assert!(why.contains("ring"), "{why}");
    }

    fn closing_the_segment_wakes_who_waits_at_a_ring_in_it(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local s = luago.segment(576)
            local to, from = luago.ring(64, s)
            local taker = luago.spawn(from.receive, from)
            luago.sleep(0.002)
            s:close()
            says('closed', taker.await, taker)
            s = luago.segment(576)
            to, from = luago.ring(64, s)
            taker = luago.spawn(a.receive, from)
            luago.sleep(0.002)
            pcall(a.stale, s)
            says('closed', taker.await, taker)");
    }
}

fn with_go_and_host(mut sandbox: Sandbox) {
    let take = load(&mut sandbox, "return a.consume(...)");
    let make = load(&mut sandbox, "a.produce(...)");
    let both = load(
        &mut sandbox,
        "
        local to, from, n = ...
        local maker = luago.spawn(a.produce, to, n)
        local count = a.consume(from)
        maker:await()
        return count",
    );
    for capacity in [64, 4096] {
        let (sender, receiver) = ring(capacity).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| produce(sender, 3000));
            let (count, sum): (u32, u32) = sandbox.call(&take, &receiver).unwrap();
            assert_eq!((count, sum), (3000, checksum(3000)));
        });
        let (sender, receiver) = ring(capacity).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| consume(receiver, 3000));
            sandbox.call::<()>(&make, (&sender, 3000)).unwrap();
        });
        let ((there, mut taken), (mut given, back)) =
            (ring(capacity).unwrap(), ring(capacity).unwrap());
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while let Some(message) = taken.recv().unwrap() {
                    given.send(&message).unwrap();
                }
                given.close();
            });
            assert_eq!(sandbox.call::<u32>(&both, (&there, &back, 2000)).unwrap(), 2000);
        });
    }
    sandbox.close().unwrap();
}

#[test]
fn threads_of_the_host_pass_messages_of_all_lengths() {
    let (mut sender, mut receiver) = ring(1024).unwrap();
    let message = |n: usize| vec![n as u8; n * 37 % 505];
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for n in 0..20_000 {
                sender.send(&message(n)).unwrap();
            }
            sender.close_with("that was all");
        });
        for n in 0..20_000 {
            assert_eq!(receiver.recv().unwrap(), Some(message(n)), "{n}");
        }
        assert_eq!(receiver.recv().unwrap_err().ring_error(), Some("that was all"));
    });
}

#[test]
fn the_ends_of_a_ring_of_the_host_say_what_they_are() {
    let segment = Segment::new(10).unwrap();
    assert!(segment.typed::<u8>().unwrap_err().is_layout());
    let (sender, receiver) = ring(128).unwrap();
    assert_eq!((sender.capacity(), receiver.capacity(), sender.longest()), (128, 128, 56));
    for capacity in [0, 1, 32, 63, 65, 96, (1 << 30) + 1, 1 << 31, usize::MAX] {
        let error = ring(capacity).unwrap_err();
        assert!(error.is_out_of_range(), "{capacity}: {error}");
    }
}
