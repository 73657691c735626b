//! How much of segments there can be.

use super::guests::{builder, prepared, sandbox};
use luago::{GoGrant, Limits, Segment};
use luago_test_support::sandboxes::{call, limits, refusal, result, run};

for_each_sharing! {
    fn a_segment_larger_than_the_limit_is_an_error(lua, sharing) {
        let limits = limits().segments(1 << 20);
        let mut sandbox = prepared(builder(lua, sharing).limits(limits), sharing, GoGrant::new());
        run(&mut sandbox, "
            local limit = 1048576
            says('limit segments', luago.segment, limit + 1)
            says('limit segments', luago.segment, 2^31 - 1)
            says('limit segments', a.make, limit + 1)
            assert(a.new_error(limit + 1):find('limit segments', 1, true))
            says('limit segments', luago.ring, limit)
            local s = luago.segment(limit)
            s:u8(limit, 1)
            assert(a.sum(s) == 1)
            says('limit segments', luago.segment, 1)
            says('limit segments', b.make, 1)
            s:close()
            a.drop_kept()");
        // What others make counts where it is mapped.
        let segment = Segment::new((1 << 20) + 1).unwrap();
        let why = refusal(call::<i64>(&mut sandbox, "return (...):u8(1)", &segment));
        assert!(why.contains("limit segments"), "{why}");
        let why = refusal(call::<i64>(&mut sandbox, "return a.sum(...)", &segment));
        assert!(why.contains("limit segments"), "{why}");
    }

    fn all_that_guests_have_made_counts_together(lua, sharing) {
        let limits = limits().segments(1 << 20);
        let mut sandbox = prepared(builder(lua, sharing).limits(limits), sharing, GoGrant::new());
        run(&mut sandbox, "
            local parts = {}
            for i = 1, 5 do parts[i] = luago.segment(100000) end
            for i = 6, 10 do parts[i] = a.make(100000) end
            says('limit segments', luago.segment, 100000)
            says('limit segments', b.make, 100000)
            local rest = b.make(48576)
            parts[1]:close()
            says('limit segments', luago.segment, 100001)
            assert(#luago.segment(100000) == 100000 and #rest == 48576)");
    }

    fn no_more_than_64_can_have_been_made(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        run(&mut sandbox, "
            parts = {}
            for i = 1, 64 do parts[i] = i % 2 == 0 and luago.segment(1) or a.make(1) end
            for i = 1, 64 do parts[i]:u8(1, i) end
            says('64 segments are in use; close some of them first', luago.segment, 1)
            says('64 segments are in use; close some of them first', b.make, 1)
            for i = 1, 64 do assert(parts[i]:u8(1) == i) end
            parts[2]:close()
            parts[2] = luago.segment(1)
            assert(parts[2]:u8(1) == 0)");
        let first: Vec<u64> = (0..64).map(|n| if n == 1 { 0 } else { n + 1 }).collect();
        let parts: Vec<Segment> = result(&mut sandbox, "return parts");
        let now: Vec<u64> = parts.iter().map(|one| one.to_vec().unwrap()[0].into()).collect();
        assert_eq!(now, first);
    }

    fn segments_that_nobody_refers_to_make_room_for_new_ones(lua, sharing) {
        let limits = limits().segments(32 << 20);
        let mut sandbox = builder(lua, sharing).limits(limits).build().unwrap();
        run(&mut sandbox, "
            local luago = require 'luago'
            for i = 1, 300 do luago.segment(100):u8(1, 1) end
            for i = 1, 100 do luago.segment(1000000):u8(1, 1) end");
    }

    fn none_is_allowed_where_the_limit_is_0(lua, sharing) {
        let mut sandbox = builder(lua, sharing).limits(limits().segments(0)).build().unwrap();
        let why = refusal(call::<()>(&mut sandbox, "require('luago').segment(1)", ()));
        assert!(why.contains("limit segments"), "{why}");
        let why = refusal(call::<i64>(&mut sandbox, "return (...):u8(1)", Segment::new(1).unwrap()));
        assert!(why.contains("limit segments"), "{why}");
    }

    fn segments_are_beside_the_limit_of_memory_and_give_no_more_of_it(lua, sharing) {
        let limits = limits().memory(32 << 20).segments(64 << 20);
        let mut sandbox = builder(lua, sharing).limits(limits).build().unwrap();
        run(&mut sandbox, "
            luago = require 'luago'
            function fill()
                local kept = {}
                local ok, why = pcall(function()
                    for i = 1, 1000 do kept[i] = (string.char(i % 256)):rep(1000000 + i) end
                end)
                assert(not ok and tostring(why):find 'not enough memory', why)
                local n = #kept
                kept = nil
                collectgarbage() collectgarbage()
                return n
            end
            without = fill()
            local s = luago.segment(60000000)
            s:fill(1)
            with = fill()
            assert(s:u8(60000000) == 1)
            s:close()
            collectgarbage()
            after = fill()
            assert(without > 10 and without < 34, without)
            assert(with > 10 and with < 34, with)
            assert(after > 10 and after < 34, after)");
        assert!(!sandbox.is_dead());
    }
}

for_each_sharing! {
    fn a_guest_of_go_has_no_more_memory_for_its_segments(sharing) {
        let limits = limits().segments(64 << 20);
        let grant = GoGrant::new().memory(32 << 20);
        let mut sandbox = prepared(builder("5.4", sharing).limits(limits), sharing, grant);
        run(&mut sandbox, "
            local s = luago.segment(60000000)
            a.fill(s, 1)
            a.grow(8000000)
            assert(a.sum(s) == 60000000 and a.hoard_sum() == 8000000)
            says('ran out of memory', a.grow, 80000000)
            assert(b.sum(s) == 60000000)");
    }

    fn each_guest_can_map_as_much_as_the_limit(sharing) {
        let limits = limits().segments(2 << 20);
        let mut sandbox = prepared(builder("5.4", sharing).limits(limits), sharing, GoGrant::new());
        let parts: Vec<Segment> = (0..3).map(|_| Segment::new(1 << 20).unwrap()).collect();
        call::<()>(&mut sandbox, "
            local parts = ...
            a.fill(parts[1], 1) a.fill(parts[2], 2)
            b.fill(parts[3], 3)
            assert(parts[1]:u8(1) == 1 and parts[2]:u8(1) == 2)
            says('limit segments', parts[3].u8, parts[3], 1)
            parts[1]:close()
            assert(parts[3]:u8(1) == 3)", (&parts,)).unwrap();
    }

    fn what_is_mapped_twice_in_a_guest_counts_twice(sharing) {
        let mut sandbox =
            builder("5.4", sharing).limits(limits().segments(2 << 20)).build().unwrap();
        let segment = Segment::new(1 << 20).unwrap();
        call::<()>(&mut sandbox, "
            local s, r = ...
            s:u8(1, 1)
            hand_over()
            assert(r:u8(1) == 1)
            hand_over()
            local ok, why = pcall(require('luago').segment, 1048576)
            local t = assert(ok and why)
            ok, why = pcall(t.u8, t, 1)
            assert(not ok and tostring(why):find('limit segments', 1, true), why)",
            (&segment, segment.read_only())).unwrap();
    }
}

#[test]
fn the_limit_is_64_mib_or_that_of_memory_if_nobody_says() {
    assert_eq!(Limits::default().get_segments(), 64 << 20);
    assert_eq!(Limits::default().memory(8 << 20).get_segments(), 8 << 20);
    assert_eq!(Limits::default().memory(8 << 20).segments(1 << 30).get_segments(), 1 << 30);
}

#[test]
fn segments_of_the_host_have_from_1_to_so_many_bytes() {
    for len in [0, Segment::MAX_LEN + 1, usize::MAX] {
        let error = Segment::new(len).unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        assert!(luago::Error::from(error).is_segment());
    }
    let largest = Segment::new(Segment::MAX_LEN).unwrap();
    largest.write_at(Segment::MAX_LEN - 1, b"x").unwrap();
    assert!(largest.write_at(Segment::MAX_LEN, b"x").unwrap_err().is_out_of_range());
    assert!(largest.sub(Segment::MAX_LEN..).unwrap().is_empty());
}
