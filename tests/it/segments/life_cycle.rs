//! From making a segment to its end.

use super::guests::{builder, granted, lua_only, prepared, sandbox};
use super::process;
use luago::{GoGrant, Sandbox, SandboxPool, Segment, Sharing, Value};
use luago_test_support::sandboxes::{call, refusal, result, run};

for_each_sharing! {
    fn a_segment_of_the_host_is_the_same_memory_for_all(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment = Segment::new(70_000).unwrap();
        segment.write_at(0, b"host").unwrap();
        segment.write_at(69_999, b"!").unwrap();
        let back: Segment = call(&mut sandbox, "
            s = ...
            assert(#s == 70000 and s:string(1, 4) == 'host' and s:u8(-1) == 33)
            s:write(5, 'lua')
            a.fill(s:sub(8, 9), 103)
            b.fill(s:sub(10, 10), 98)
            assert(s:string(1, 10) == 'hostluaggb')
            assert(a.text(s:sub(1, 10)) == 'hostluaggb' and b.text(s:sub(-1)) == '!')
            return s", &segment).unwrap();
        assert_eq!(back, segment);
        assert_eq!(&segment.to_vec().unwrap()[..12], b"hostluaggb\0\0");
        segment.write_at(0, b"HOST").unwrap();
        run(&mut sandbox, "assert(s:string(1, 4) == 'HOST' and a.text(s:sub(1, 4)) == 'HOST')");
    }

    fn a_segment_of_lua_is_the_same_memory_for_all(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment: Segment = result(&mut sandbox, "
            s = luago.segment(100)
            assert(#s == 100 and s:string() == ('\\0'):rep(100))
            assert(tostring(s) == 'segment of 100 bytes')
            a.fill(s, 1)
            assert(b.sum(s) == 100 and b.sum_task(s) == 100)
            return s");
        assert_eq!((segment.len(), segment.is_read_only()), (100, false));
        assert_eq!(segment.to_vec().unwrap(), [1; 100]);
        segment.write_at(99, &[2]).unwrap();
        run(&mut sandbox, "assert(s:u8(100) == 2 and a.sum(s) == 101 and b.sum_task(s) == 101)");
    }

    fn a_segment_of_go_is_the_same_memory_for_all(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment: Segment = result(&mut sandbox, "
            s = a.make(65536)
            a.keep(s)
            s:u8(65536, 9)
            assert(a.kept_byte(65536) == 9 and b.sum(s) == 9)
            local t = b.make_task(5)
            assert(#t == 5 and a.sum(t) == 0)
            return s");
        segment.write_at(0, &[5]).unwrap();
        run(&mut sandbox, "assert(a.kept_byte(1) == 5 and a.kept() == s and s:u8(1) == 5)");
    }

    fn segments_pass_in_tables_and_through_go_and_back(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let (one, two) = (Segment::new(10).unwrap(), Segment::new(20).unwrap());
        let parts = vec![one.clone(), two.clone(), one.sub(2..5).unwrap(), two.read_only()];
        let back: Vec<Segment> = call(&mut sandbox, "
            local parts = ...
            local got = a.inside{name = 'x', where = parts[2], parts = parts}
            assert(got.where == parts[2] and got.name == 'x')
            assert(got.lengths[1] == 10 and got.lengths[2] == 20 and got.lengths[3] == 3)
            assert(got.parts[4]:is_read_only() and not got.parts[2]:is_read_only())
            for i = 1, 4 do
                assert(got.parts[i] == parts[i] and b.echo_any(parts[i]) == parts[i])
            end
            assert(a.call(function(s) return s:sub(2, 3) end, parts[1]) == parts[1]:sub(2, 3))
            assert(a.kind(parts[1]) == '*luago.Segment' and a.echo(nil) == nil)
            return got.parts", (&parts,)).unwrap();
        assert_eq!(back, parts);
        let values: Value = call(&mut sandbox, "return {deep = {...}}", &one).unwrap();
        assert!(format!("{values:?}").contains("Segment"), "{values:?}");
    }

    fn a_part_is_the_same_memory_at_another_place(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        let segment = Segment::new(1000).unwrap();
        let part: Segment = call(&mut sandbox, "
            local s = ...
            local p = s:sub(101, 200)
            p:u8(1, 7)
            local q = p:sub(-10)
            q:write(10, 'z')
            assert(s:u8(101) == 7 and s:string(200, 200) == 'z' and #q == 10)
            assert(#p:sub(5, 4) == 0 and #p:sub(200) == 0 and #p:sub(-1000, 1000) == 100)
            assert(p:sub() == p and s ~= p and s:sub(101, 200) == p)
            return p", &segment).unwrap();
        assert!(part.is_same_memory(&segment));
        assert_eq!(part, segment.sub(100..200).unwrap());
        assert_eq!((part.to_vec().unwrap()[0], part.to_vec().unwrap()[99]), (7, b'z'));
    }

    fn a_closed_segment_is_closed_for_the_whole_guest_and_nobody_else(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment: Segment = result(&mut sandbox, "
            s, more = luago.segment(64), luago.segment(64)
            part, list, read = s:sub(2, 9), s:array('u8'), s:read_only()
            s:u8(2, 42)
            a.keep(s)
            assert(not s:is_closed())
            return s");
        run(&mut sandbox, "
            s:close()
            s:close()
            part:close()
            assert(s:is_closed() and part:is_closed() and not more:is_closed())
            assert(tostring(s) == 'closed segment of 64 bytes', tostring(s))
            for _, use in ipairs {
                function() return s:u8(2) end, function() s:u8(2, 1) end,
                function() return part:string() end, function() s:fill(0) end,
                function() return s:find 'x' end, function() s:copy 'x' end,
                function() more:copy(s) end, function() return list[1] end,
                function() list[1] = 1 end, function() return list:sum() end,
                function() return s:read_only() end,
                function() return a.sum(s) end, function() return b.sum_task(part) end,
                function() return a.echo_any(list) end,
            } do says('closed', use) end
            -- To Go and the host it is as it was.
            assert(a.kept_byte(2) == 42)");
        assert_eq!(segment.to_vec().unwrap()[1], 42);
        run(&mut sandbox, "
            local again = a.kept()
            assert(again:u8(2) == 42 and again ~= s)
            says('the segment is closed', s.u8, s, 2)");
        let closed = call::<Segment>(&mut sandbox, "return s", ());
        assert!(refusal(closed).contains("closed"));
    }

    fn what_go_has_closed_is_closed_for_that_guest_alone(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            local s = luago.segment(10)
            s:u8(1, 3)
            says('the segment is closed', a.stale, s)
            says('the segment is closed', a.stale_result, s)
            assert(a.close_twice(s))
            assert(s:u8(1) == 3 and b.sum(s) == 3 and a.sum(s) == 3)
            a.keep(s)
            a.drop_kept()
            a.drop_kept()
            assert(a.kept() == nil)
            says('no segment is kept', a.kept_byte, 1)
            assert(a.sum(s) == 3 and s:u8(1) == 3)");
    }

    fn what_is_closed_at_the_end_of_a_block_is_closed(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        if luago_test_support::versions::number(lua) < 54 {
            return;
        }
        run(&mut sandbox, "
            local kept
            do
                local s <close> = luago.segment(10)
                kept = s
            end
            assert(kept:is_closed())");
    }

    fn the_host_keeps_a_segment_when_the_sandbox_is_gone(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment: Segment = result(
            &mut sandbox, "local s = a.make(100000) s:write(99999, 'ab') b.keep(s) return s");
        sandbox.close().unwrap();
        assert_eq!(segment.to_vec().unwrap()[99_998..], *b"ab");
        segment.write_at(0, b"on").unwrap();
        let mut next = lua_only(lua, sharing);
        let text: String = call(&mut next, "return (...):string(1, 2)", &segment).unwrap();
        assert_eq!(text, "on");
    }

    fn guests_keep_a_segment_that_the_host_has_dropped(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment = Segment::new(4096).unwrap();
        segment.write_at(17, b"x").unwrap();
        call::<()>(&mut sandbox, "s = ... a.keep(s)", segment).unwrap();
        run(&mut sandbox, "
            assert(s:string(18, 18) == 'x' and a.kept_byte(18) == 120)
            s:u8(18, 1)
            assert(a.kept_byte(18) == 1)
            s:close()
            collectgarbage()
            assert(a.kept_byte(18) == 1)");
    }
}

for_each_sharing! {
    fn segments_are_closed_in_a_template(sharing) {
        let mut sandbox = lua_only("5.4", sharing);
        run(&mut sandbox, "s = luago.segment(100) s:u8(1, 1) luago.segment(5):u8(1, 1)
            part, list = s:sub(2), s:array('u8')
            function use(n)
                local t = luago.segment(n)
                assert(t:string() == ('\\0'):rep(n))
                t:fill(7)
                assert(s:is_closed() and part:is_closed())
                says('the segment is closed', s.u8, s, 1)
                says('the segment is closed', part.string, part)
                says('the segment is closed', list.sum, list)
                return t
            end");
        let template = sandbox.into_template().unwrap();
        for n in [1, 100, 70_000, 200_000] {
            let mut copy = template.instantiate().unwrap();
            let segment: Segment = copy.call("use", n).unwrap();
            assert_eq!(segment.to_vec().unwrap(), vec![7; n]);
        }
    }

    fn a_reset_sandbox_has_no_segment(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let segment = Segment::new(5000).unwrap();
        call::<()>(&mut sandbox, "s = ... s:fill(3) a.keep(s)", &segment).unwrap();
        sandbox.reset().unwrap();
        run(&mut sandbox, "assert(s == nil)");
        assert_eq!(segment.to_vec().unwrap(), [3; 5000]);
        let text: String = call(&mut sandbox, "return require('luago') and (...):string(1, 2)", &segment).unwrap();
        assert_eq!(text, "\x03\x03");
    }

    fn each_tenant_of_a_pool_has_its_own_segments(sharing) {
        let mut sandbox = lua_only("5.4", sharing);
        run(&mut sandbox, "
            function use(n)
                local s = luago.segment(n)
                assert(s:string() == ('\\0'):rep(n))
                s:fill(255)
                kept = s
                return s
            end");
        let pool = SandboxPool::new(sandbox.into_template().unwrap(), 1).unwrap();
        let mut all: Vec<Segment> = Vec::new();
        for n in [10_000, 10_000, 1, 100_000] {
            all.push(pool.get().unwrap().call("use", n).unwrap());
        }
        assert!(all.iter().enumerate().all(|(at, one)| {
            all[..at].iter().all(|other| !one.is_same_memory(other))
        }));
    }

    fn a_go_worker_goes_on_writing_when_all_others_have_closed_the_segment(sharing) {
        let mut sandbox = granted("5.4", sharing, GoGrant::new().workers(2));
        let segment = Segment::new(100_000).unwrap();
        // The function that stops them is the host's.
        let stop = segment.clone();
        let stop = sandbox.create_function(move |_, ()| stop.write_at(0, &[255])).unwrap();
        sandbox.set("stop", stop).unwrap();
        call::<()>(&mut sandbox, "
            local s = ...
            local tasks = {}
            for i = 1, 2 do tasks[i] = luago.spawn(a.scribble, s) end
            repeat luago.sleep(0.001) hand_over() until s:u8(2) ~= 0
            assert(b.length(s) == 100000)
            s:close()
            local t = luago.segment(100000)
            t:fill(1)
            assert(b.sum(t) == 100000)
            stop()
            for i = 1, 2 do assert(tasks[i]:await() >= 0) end
            assert(t:u8(2) == 1)", &segment).unwrap();
        sandbox.close().unwrap();
    }

    fn a_sandbox_that_ends_while_a_go_worker_writes_harms_nobody(sharing) {
        for _ in 0..5 {
            let segment = Segment::new(100_000).unwrap();
            let mut sandbox = granted("5.4", sharing, GoGrant::new().workers(2));
            call::<()>(&mut sandbox, "
                local s = ...
                tasks = {luago.spawn(a.scribble, s), luago.spawn(a.scribble, s)}
                luago.sleep(0.002)
                os.exit(3)", &segment).unwrap_err();
            drop(sandbox);
            let now = segment.to_vec().unwrap();
            assert_eq!(now[2..], vec![0; 99_998]);
        }
    }

    fn a_segment_is_given_back_when_the_last_that_has_it_lets_it_go(sharing) {
        process::alone(|| {
            let mut sandbox = prepared(builder("5.4", sharing), sharing, GoGrant::new());
            run(&mut sandbox, "a.length(luago.segment(1)) b.length(luago.segment(1)) collectgarbage() a.collect() b.collect()");
            let before = process::segments();
            let segment: Segment = result(&mut sandbox, "
                s = luago.segment(50000) a.keep(s) b.keep(s) s:u8(1, 1) a.sum(s) b.sum(s) return s");
            assert!(sharing == Sharing::Copied || process::segments() > before);
            drop(segment);
            run(&mut sandbox, "s = nil collectgarbage() collectgarbage()");
            run(&mut sandbox, "assert(a.kept_byte(1) == 1 and b.kept_byte(1) == 1)");
            run(&mut sandbox, "a.drop_kept() b.forget_kept() b.collect() b.collect()
                luago.sleep(0.001) b.length(luago.segment(1)) collectgarbage() collectgarbage()
                a.collect() b.collect() luago.sleep(0.001) a.collect() b.collect()");
            assert_eq!(process::segments(), before);
        });
    }
}

#[test]
fn handles_of_another_sandbox_mean_nothing() {
    for sharing in [Sharing::Mapped, Sharing::Copied] {
        let (mut one, mut other) = (sandbox("5.4", sharing), sandbox("5.4", sharing));
        run(&mut one, "s = luago.segment(100) s:fill(9) a.keep(s)");
        let found = |sandbox: &mut Sandbox| -> i64 {
            result(
                sandbox,
                "
                local found = 0
                for handle = 0, 1000 do
                    if b.raw_flags(handle) ~= -1 then found = found + 1 end
                    if b.raw_map(handle) ~= 0 then found = found + 1 end
                end
                return found",
            )
        };
        assert_eq!((found(&mut one), found(&mut other)), (0, 0));
        let function = one.load(&luago::Script::new("f", "return s")).unwrap();
        assert!(other.call::<Segment>(&function, ()).unwrap_err().is_foreign());
        // The segment itself may pass from one to the other, if the host wants so.
        let segment: Segment = one.call(&function, ()).unwrap();
        let sum: i64 = call(&mut other, "return a.sum(...)", segment).unwrap();
        assert_eq!(sum, 900);
    }
}
