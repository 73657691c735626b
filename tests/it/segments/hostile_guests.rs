//! A guest that uses what the host gives it in every way but the right one.

use super::guests::{builder, prepared, sandbox};
use luago::{GoGrant, Restart, Sandbox, Segment, Sharing};
use luago_test_support::sandboxes::{call, limits, result, run};

const NUMBERS: &str = "
    local numbers = {0, 1, 2, 3, 7, 8, 63, 64, 4095, 4096, 65535, 65536, 65537, 1 << 20, 1 << 30,
        (1 << 31) - 1, 1 << 31, (1 << 31) + 65536, 0xfffeffff, 0xffff0000, 0xffff0001, 0xfffffff0,
        0xffffffff}
";

/// The guest and the other one are as good as new.
fn works(sandbox: &mut Sandbox) {
    run(
        sandbox,
        "local s = luago.segment(100)
         a.fill(s, 1)
         assert(b.sum(s) == 100 and s:u8(100) == 1)
         s:close()",
    );
}

for_each_sharing! {
    fn handles_that_are_none_are_errors(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, &format!("{NUMBERS}
            local s = luago.segment(10)
            assert(a.sum(s) == 0)
            s = nil collectgarbage()
            for _, handle in ipairs(numbers) do
                if a.raw_flags(handle) == -1 then
                    assert(a.raw_map(handle) == 0 and a.why() == 'the segment is closed', a.why())
                    assert(a.raw_read_only(handle) == 0)
                    a.raw_drop(handle, 1) a.raw_drop(handle, 0) a.raw_drop(handle, 0xffffffff)
                    a.raw_sync(handle)
                    for side = 0, 1 do
                        assert(a.raw_wait(handle, 0, side, 1) == -1)
                        a.raw_unwait(handle, 0, side)
                        a.raw_wake(handle, 0, side)
                    end
                end
            end"));
        works(&mut sandbox);
    }

    fn a_handle_is_never_used_again(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local seen = {}
            for i = 1, 200 do
                local handle = a.raw_new(10)
                assert(handle > 0 and not seen[handle])
                seen[handle] = true
                assert(a.raw_flags(handle) >> 32 == 10)
                a.raw_drop(handle, 1)
                for old in pairs(seen) do assert(a.raw_flags(old) == -1) end
            end");
        works(&mut sandbox);
    }

    fn giving_back_more_than_it_has_takes_nothing_of_others(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local s = luago.segment(10)
            s:fill(1)
            assert(a.sum(s) == 10)
            for handle = 1, 10 do a.raw_drop(handle, 0xffffffff) end
            pcall(a.sum, s) pcall(a.sum, s)
            assert(s:u8(1) == 1 and b.sum(s) == 10)
            for handle = 1, 100 do b.raw_drop(handle, 1000) b.raw_drop(handle, 1000) end
            assert(s:u8(1) == 1)");
        run(&mut sandbox, "assert(b.sum(luago.segment(4)) == 0)");
    }

    fn lengths_that_no_segment_has_are_errors(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            for _, n in ipairs {0, 1 << 31, 0x80000001, 0xffff0000, 0xffffffff, (1 << 31) - 1, 65 << 20} do
                assert(a.raw_new(n) == 0, n)
                assert(a.why() ~= '')
            end");
        works(&mut sandbox);
    }

    fn windows_that_are_none_are_refused(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, &format!("{NUMBERS}
            local room = a.room(1 << 20)
            assert(room % 65536 == 0)
            -- Unaligned, empty, in what the guest was made of, beyond the memory, overflowing.
            for _, at in ipairs(numbers) do
                for _, len in ipairs(numbers) do
                    local is_good = at % 65536 == 0 and len % 65536 == 0 and len > 0 and at >= 1 << 20
                        and at + len < 1 << 28
                    if not is_good then assert(a.raw_window(at, len) == 0, at .. ' ' .. len) end
                end
            end
            for _, n in ipairs {{1, 4096, 65535}} do
                assert(a.raw_window(room + n, 65536) == 0)
                assert(a.raw_window(room, 65536 + n) == 0)
            end
            assert(a.raw_window(room, 0xffff0000) == 0 and a.raw_window(room, 0) == 0)
            assert(a.raw_window(0, 65536) == 0 and a.raw_window(65536, 65536) == 0)
            assert(a.why() == 'that memory cannot be given for segments')
            -- Each only once.
            assert(a.raw_window(room, 131072) == 1)
            for _, at in ipairs {{0, 65536}} do assert(a.raw_window(room + at, 65536) == 0) end
            assert(a.raw_window(room, 1 << 20) == 0 and a.raw_window(room + 131072, 65536) == 1)"));
        works(&mut sandbox);
    }

    fn addresses_for_texts_are_checked(sharing) {
        for (to, room) in [("0xffffff00", "512"), ("0xffffffff", "1"), ("0", "0xffffffff"), ("1 << 31", "512")] {
            let mut sandbox = sandbox("5.4", sharing);
            let code = format!("assert(a.raw_new(0) == 0) return select(2, pcall(a.raw_error, {to}, {room}))");
            let told: luago::Value = result(&mut sandbox, &code);
            let told = format!("{told:?}");
            assert!(told.contains("Integer") || told.contains("'a'"), "{to} {room}: {told}");
            run(&mut sandbox, "assert(b.sum(luago.segment(10)) == 0)");
        }
    }

    fn a_text_is_not_written_to_a_segment(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let segment: Segment = result(&mut sandbox, "
            s = luago.segment(4096)
            a.sum(s)
            local handle = 1
            while a.raw_flags(handle) == -1 do handle = handle + 1 end
            at = a.raw_map(handle)
            assert(at > 0)
            return s");
        let _: luago::Value = result(&mut sandbox, "return select(2, pcall(function()
            a.raw_new(0)
            return a.raw_error(at, 100)
        end))");
        run(&mut sandbox, "assert(b.sum(luago.segment(10)) == 0 and s:u8(4096) == 0)");
        drop(segment);
    }

    fn sides_that_a_ring_does_not_have_end_the_guest(sharing) {
        for call_it in ["raw_wait(1, 0, 2, 5)", "raw_wait(1, 0, 0xffffffff, 5)", "raw_unwait(1, 0, 2)", "raw_wake(1, 0, 99)"] {
            let mut sandbox = sandbox("5.4", sharing);
            let why: String = result(&mut sandbox, &format!("
                a.sum(luago.segment(1000)) return caught(function() return a.{call_it} end)"));
            assert!(why.contains("the Go guest 'a'") && why.contains("no such side"), "{why}");
            run(&mut sandbox, "assert(b.sum(luago.segment(10)) == 0)");
        }
    }

    fn rings_where_there_are_none_are_errors(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let segment = Segment::new(2000).unwrap();
        call::<()>(&mut sandbox, &format!("{NUMBERS}
            s = ...
            assert(a.sum(s) == 0)
            local handle = 1
            while a.raw_flags(handle) == -1 do handle = handle + 1 end
            local function refused()
                for _, at in ipairs(numbers) do
                    for side = 0, 1 do
                        assert(a.raw_wait(handle, at, side, 7) == -1, at)
                        a.raw_unwait(handle, at, side)
                        a.raw_wake(handle, at, side)
                    end
                end
            end
            refused()
            -- A capacity that the segment does not have, or that is none.
            for _, capacity in ipairs {{0, 1, 63, 65, 2048, 1 << 30, 1 << 31, 0xffffffff}} do
                s:u32(1, 0x3147524C) s:u32(5, capacity)
                s:u32(65, 0x3147524C) s:u32(69, capacity)
                refused()
            end"), &segment).unwrap();
        works(&mut sandbox);
    }

    fn call_ids_can_be_anything(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local to, from = luago.ring(64)
            assert(a.try_receive(from) == 'empty')
            local handle = 1
            while a.raw_flags(handle) == -1 do handle = handle + 1 end
            for _, call_id in ipairs {0, 1, 2, 3, 1000, 0x7fffffff, 0x80000000, 0xffffffff} do
                assert(a.raw_wait(handle, 0, 1, call_id) >= -1)
                assert(a.raw_wait(handle, 0, 1, call_id) >= -1)
            end
            to:send 'x'
            luago.sleep(0.001)
            pcall(a.receive, from)
            pcall(a.sum_task, luago.segment(3))");
        run(&mut sandbox, "assert(b.sum_task(luago.segment(10)) == 0)");
    }

    fn endless_waits_are_refused(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local to, from = luago.ring(64)
            assert(b.try_receive(from) == 'empty')
            local handle = 1
            while b.raw_flags(handle) == -1 do handle = handle + 1 end
            local last
            for call_id = 1, 70000 do last = b.raw_wait(handle, 0, 1, call_id) if last ~= 1 then break end end
            assert(last == -1 and b.why():find 'wait', b.why())
            b.raw_unwait(handle, 0, 1)
            to:send 'x'
            assert(from:receive() == 'x')");
        works(&mut sandbox);
    }

    fn what_a_guest_writes_beside_its_segment_stays_its_own(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let segment = Segment::new(5000).unwrap();
        call::<()>(&mut sandbox, "
            local s = ...
            assert(a.sum(s) == 0)
            local handle = 1
            while a.raw_flags(handle) == -1 do handle = handle + 1 end
            local at = a.raw_map(handle)
            assert(at % 4096 == 0 and a.raw_map(handle) == at)
            -- The rest of the last page belongs to the segment as well, and to nobody's part.
            for i = 5000, 8191 do a.poke(at + i, 1) end
            assert(b.sum(s) == 0 and s:string() == ('\\0'):rep(5000))
            a.poke(at + 4999, 9)
            assert(s:u8(5000) == 9 and b.sum(s) == 9)
            a.raw_drop(handle, 100)
            assert(a.peek(at) == 0 and a.peek(at + 4999) == (a.raw_map(handle) ~= 0 and 9 or a.peek(at + 4999)))
            pcall(a.poke, at, 77) pcall(a.poke, at + 4999, 77)
            assert(b.sum(s) == 9 and s:u8(1) == 0)", &segment).unwrap();
        assert_eq!(segment.to_vec().unwrap()[4999], 9);
        assert_eq!(segment.to_vec().unwrap()[0], 0);
    }

    fn a_window_is_of_no_use_after_its_segment(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local s, t = luago.segment(70000), luago.segment(70000)
            s:fill(1) t:fill(2)
            assert(a.sum(s) == 70000)
            local handle = 1
            while a.raw_flags(handle) == -1 do handle = handle + 1 end
            local at = a.raw_map(handle)
            a.raw_drop(handle, 100)
            if a.raw_flags(handle) == -1 then
                assert(a.peek(at + 69999) == 0)
                says('wrote to the memory of a segment that is closed', a.poke, at + 69999, 5)
                assert(s:u8(70000) == 1 and b.sum(s) == 70000)
            end
            assert(b.sum(t) == 140000 and s:u8(1) == 1)");
    }
}

for_each_sharing! {
    fn more_read_only_segments_than_can_be_watched_are_refused(sharing) {
        let limits = limits().segments(1 << 30);
        let mut sandbox = prepared(
            builder("5.4", sharing).limits(limits), sharing, GoGrant::new().restart(Restart::OnFailure));
        let segments: Vec<Segment> =
            (0..1200).map(|_| Segment::new(1).unwrap().read_only()).collect();
        let mapped: usize = call(&mut sandbox, "
            local segments, n = ..., 0
            for i, s in ipairs(segments) do
                local ok, why = pcall(s.u8, s, 1)
                if not ok then
                    assert(tostring(why):find('close some of them first', 1, true), why)
                    return n
                end
                n = n + 1
            end
            return n", (&segments,)).unwrap();
        assert!((16..1200).contains(&mapped), "{mapped}");
    }
}

#[test]
fn many_sandboxes_with_many_segments_each_are_told_when_there_are_too_many() {
    super::process::alone(|| {
        let segments: Vec<Segment> = (0..1000).map(|_| Segment::new(1).unwrap()).collect();
        let mut sandboxes = Vec::new();
        let mut refused = None;
        for _ in 0..20 {
            let mut sandbox = builder("5.4", Sharing::Mapped).build().unwrap();
            let ended = call::<()>(
                &mut sandbox,
                "kept = ... for _, s in ipairs(kept) do s:u8(1, 1) end",
                (&segments,),
            );
            sandboxes.push(sandbox);
            if let Err(error) = ended {
                refused = Some(error.to_string());
                break;
            }
        }
        let refused = refused.unwrap();
        assert!(refused.contains("cannot map a segment"), "{refused}");
        drop(sandboxes);
        let mut sandbox = sandbox("5.4", Sharing::Mapped);
        works(&mut sandbox);
    });
}
