//! Guests whose memory grows while segments are mapped.

use super::guests::{granted, lua_only};
use luago::{GoGrant, Segment};
use luago_test_support::sandboxes::{call, run};

for_each_sharing! {
    fn lua_sees_the_same_segment_after_its_memory_has_grown(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        let segment = Segment::new(100_000).unwrap();
        call::<()>(&mut sandbox, "
            s = ...
            s:write(1, 'before') s:write(99990, 'the end')
            kept = {}
            for i = 1, 60 do kept[i] = (string.char(i)):rep(1000000) end
            more = luago.segment(300000)
            for i = 61, 100 do kept[i] = (string.char(i)):rep(1000000) end
            assert(s:string(1, 6) == 'before' and s:string(99990, 99996) == 'the end')
            more:fill(200)
            for i = 1, 100 do assert(kept[i] == (string.char(i)):rep(1000000)) end
            s:write(1, 'AFTER')", &segment).unwrap();
        assert_eq!(&segment.to_vec().unwrap()[..6], b"AFTERe");
        segment.write_at(50_000, b"host").unwrap();
        run(&mut sandbox, "
            assert(s:string(50001, 50004) == 'host')
            s:close() more:close() kept = nil collectgarbage()
            local t = luago.segment(100000)
            assert(t:string() == ('\\0'):rep(100000))");
    }
}

for_each_sharing! {
    fn go_sees_the_same_segment_after_its_memory_has_grown(sharing) {
        let mut sandbox = granted("5.4", sharing, GoGrant::new().memory(256 << 20));
        let segment = Segment::new(100_000).unwrap();
        call::<()>(&mut sandbox, "
            s = ...
            a.keep(s)
            a.fill(s:sub(1, 10), 5)
            for i = 1, 20 do
                a.grow(5000000)
                local t = luago.segment(70000)
                a.fill(t, 9)
                s:u8(11, i)
                assert(a.kept_byte(11) == i and a.kept_byte(10) == 5 and a.sum(t) == 9 * 70000)
                t:close()
            end
            assert(a.hoard_sum() == 100000000)", &segment).unwrap();
        assert_eq!(segment.to_vec().unwrap()[..11], [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 20]);
    }
}
