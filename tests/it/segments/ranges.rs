//! Offsets, lengths and counts that are too large, too small or no numbers at all.

use super::guests::{lua_only, sandbox};
use luago::Segment;
use luago_test_support::sandboxes::{call, run};

/// Numbers that reach beyond what 32 or 64 bits can count, or are no counts.
const STRANGE: &str = "
    local strange = {
        0, -1, -64, -65, 65, 1.5, -0.5, 2^31 - 1, 2^31, -2^31, 2^32 - 1, 2^32, 2^32 + 1, -2^32 + 1,
        2^53, -2^53, 2^62, 2^63, -2^63, 2^64, 2^64 + 2^12, 1e300, -1e300, 1/0, -1/0, 0/0,
    }
    if math.maxinteger then
        strange[#strange + 1] = math.maxinteger
        strange[#strange + 1] = math.mininteger
        strange[#strange + 1] = math.maxinteger - 7
        strange[#strange + 1] = math.mininteger + 7
    end
    local wrong = {'x', '', '1e999', {}, print, true, luago.segment(1)}
";

for_each_sharing! {
    fn no_position_in_lua_leads_outside(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        // What is beside the segment in memory: if somebody reached it, it would show.
        let (before, segment, after) =
            (Segment::new(64).unwrap(), Segment::new(64).unwrap(), Segment::new(64).unwrap());
        let code = format!("{STRANGE}
            local before, s, after = ...
            before:fill(1) after:fill(3) s:fill(2)
            local L = luago.struct{{{{'a', 'u32'}}, {{'b', 'u8', 4}}}}
            local list, records = s:array('u32'), L:array(s)
            local calls = {{
                function(n) return s:u8(n) end, function(n) return s:f64(n) end,
                function(n) return s:i16(n) end,
                function(n) s:u8(n, 2) end, function(n) s:u32(n, 0x02020202) end,
                function(n) s:u8(1, n) s:u8(1, 2) end, function(n) s:i64(1, n) end,
                function(n) s:f32(1, n) end,
                function(n) return s:string(n) end, function(n) return s:string(1, n) end,
                function(n) return s:string(n, n) end, function(n) return s:string(n, -1) end,
                function(n) return s:sub(n):string() end, function(n) return s:sub(1, n):string() end,
                function(n) return #s:sub(n, n) end,
                function(n) s:write(n, '\\2\\2') end, function(n) s:write(n, ('\\2'):rep(64)) end,
                function(n) s:write(n, '') end,
                function(n) s:fill(2, n) end, function(n) s:fill(2, 1, n) end,
                function(n) s:fill(2, n, n) end, function(n) s:fill(n) end,
                function(n) s:copy('\\2\\2', n) end, function(n) s:copy(s:sub(3, 9), n) end,
                function(n) s:copy(s, n) end, function(n) s:copy('', n) end,
                function(n) return s:find('\\2', n) end, function(n) return s:find(n) end,
                function(n) return s:find('', n) end, function(n) return s:find(2, n) end,
                function(n) return s:array('u8', n) end, function(n) return s:array('f64', n):sum() end,
                function(n) return s:array('f64', 1, n):sum() end,
                function(n) return s:array('u16', n, n):sum() end,
                function(n) return list[n] end, function(n) list[n] = 0x02020202 end,
                function(n) list[1] = n end, function(n) return list:sub(n):sum() end,
                function(n) return list:sub(1, n):sum() end, function(n) return list:sub(n, n):sum() end,
                function(n) list:fill(0x02020202, n) end, function(n) list:fill(0x02020202, 1, n) end,
                function(n) list:fill(n) end, function(n) list:copy({{0x02020202}}, n) end,
                function(n) list:copy(list, n) end, function(n) list:copy({{n}}) end,
                function(n) return list:find(0x02020202, n) end, function(n) return list:find(n) end,
                function(n) return #list:table(n) end, function(n) return #list:table(1, n) end,
                function(n) return list(nil, n) end, function(n) return list:iter()(list, n) end,
                function(n) return L:at(s, n).a end, function(n) L:at(s, n).a = 0x02020202 end,
                function(n) return L:array(s, n) end, function(n) return L:array(s, 0, n) end,
                function(n) return L:array(s, n, n) end, function(n) return records[n] end,
                function(n) records[n] = {{a = 0x02020202}} end, function(n) return records:sub(n) end,
                function(n) return records:sub(n, n) end, function(n) return records(nil, n) end,
                function(n) L:at(s).b[n] = 2 end, function(n) L:at(s).b = {{n}} end,
                function(n) L:at(s).a = n end,
                function(n) return luago.segment(n) end, function(n) return luago.ring(n) end,
                function(n) return luago.ring(64, s, n) end,
                function(n) return luago.ring(n, s) end,
                function(n) return luago.struct{{{{'x', 'u8', n}}}} end,
            }}
            for at, f in ipairs(calls) do
                for _, n in ipairs(strange) do pcall(f, n) s:fill(2) end
                for _, n in ipairs(wrong) do pcall(f, n) s:fill(2) end
                pcall(f) s:fill(2)
                assert(before:string() == ('\\1'):rep(64), at)
                assert(after:string() == ('\\3'):rep(64), at)
                if at % 8 == 0 then collectgarbage() end
            end
            -- What they answer.
            for _, n in ipairs(strange) do
                if not (n >= -64 and n <= 64 and n ~= 0) then
                    assert(not pcall(s.u8, s, n), n)
                    assert(not pcall(s.write, s, n, 'xx'), n)
                    if n ~= 0 then assert(not pcall(s.copy, s, 'xx', n), n) end
                end
                assert(list[n] == nil and not pcall(function() list[n] = 1 end), n)
                assert(records[n] == nil and not pcall(function() records[n] = {{}} end), n)
                if n ~= 0 and n == math.floor(n) then
                    assert(not pcall(L.at, L, s, n), n)
                    assert(not pcall(s.array, s, 'f64', 1, n), n)
                end
            end
            for n = 58, 64 do
                says('outside', s.f64, s, n)
                says('outside', s.write, s, n, '12345678')
                says('outside', L.at, L, s, n)
            end
            assert(s:f64(57) and L:at(s, 56).a == 0x02020202)
            assert(s:string(2^40) == '' and s:string(-2^40, 2^40) == s:string())
            assert(#s:sub(2^53) == 0 and #s:sub(-2^53, 2^53) == 64)
            assert(s:find('\\2', 2^40) == nil and list:find(0x02020202, 2^40) == nil)
            -- No part is larger than what it is a part of.
            local p = s:sub(10, 20)
            for _, n in ipairs(strange) do
                local ok, q = pcall(p.sub, p, n)
                assert(not ok or #q <= 11)
                ok, q = pcall(p.sub, p, 1, n)
                assert(not ok or #q <= 11)
            end
            says('outside', p.u8, p, 12)
            says('outside', p.u8, p, -12)");
        call::<()>(&mut sandbox, &code, (&before, &segment, &after)).unwrap();
        assert_eq!(before.to_vec().unwrap(), [1; 64]);
        assert_eq!(after.to_vec().unwrap(), [3; 64]);
    }

    fn numbers_that_do_not_fit_are_refused(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        run(&mut sandbox, "
            local s = luago.segment(16)
            says('300 does not fit in a u8', s.u8, s, 1, 300)
            for _, one in ipairs {
                {'u8', -1, 256}, {'i8', -129, 128}, {'u16', -1, 65536}, {'i16', -32769, 32768},
                {'u32', -1, 2^32}, {'i32', -2^31 - 1, 2^31},
            } do
                local kind, low, high = one[1], one[2], one[3]
                says('does not fit', s[kind], s, 1, low)
                says('does not fit', s[kind], s, 1, high)
                s[kind](s, 1, low + 1)
                assert(s[kind](s, 1) == low + 1)
                s[kind](s, 2, high - 1)
                assert(s[kind](s, 2) == high - 1)
                assert(not pcall(s[kind], s, 1, 0.5) and not pcall(s[kind], s, 1, 0/0))
                assert(not pcall(s[kind], s, 1, 1/0) and not pcall(s[kind], s, 1, {}))
                assert(not pcall(s[kind], s, 1, nil))
                local list = s:array(kind)
                assert(not pcall(function() list[1] = high end))
                assert(not pcall(list.fill, list, low) and not pcall(list.copy, list, {0, high}))
            end
            s:f64(1, 0/0)
            assert(s:f64(1) ~= s:f64(1))
            s:f32(1, 1/0)
            assert(s:f32(1) == 1/0)
            s:i64(1, -1)
            assert(s:i64(1) == -1 and s:u8(8) == 255)");
    }

    fn integers_of_64_bits_are_exact_or_refused(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        let segment = Segment::new(8).unwrap();
        segment.write_at(0, &i64::MIN.to_le_bytes()).unwrap();
        call::<()>(&mut sandbox, "
            local s = ...
            if math.maxinteger then
                assert(s:i64(1) == math.mininteger and s:u64(1) == math.mininteger)
                s:u64(1, -1)
                assert(s:u64(1) == -1 and s:string() == ('\\255'):rep(8))
                s:i64(1, math.maxinteger)
                assert(s:i64(1) == math.maxinteger and s:array('i64')[1] == math.maxinteger)
                assert(not pcall(s.i64, s, 1, 2^63) and not pcall(s.i64, s, 1, 0.5))
            else
                assert(not pcall(s.i64, s, 1) and not pcall(s.u64, s, 1))
                assert(not pcall(s.i64, s, 1, 2^53 + 2) and not pcall(s.u64, s, 1, -1))
                s:i64(1, -2^53)
                assert(s:i64(1) == -2^53)
                s:u64(1, 2^53)
                assert(s:u64(1) == 2^53)
            end", &segment).unwrap();
    }
}

for_each_sharing! {
    fn no_offset_in_go_leads_outside(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        run(&mut sandbox, "
            local before, s, after = luago.segment(64), luago.segment(64), luago.segment(64)
            before:fill(1) s:fill(2) after:fill(3)
            assert(a.sum(before) == 64 and a.sum(s) == 128 and a.sum(after) == 192)
            local max, min = math.maxinteger, math.mininteger
            for _, n in ipairs {-1, 65, 1 << 31, 1 << 32, (1 << 32) + 1, (1 << 32) - 1, 1 << 61,
                    (1 << 61) + 1, max, min, max - 63, min + 63} do
                for _, m in ipairs {0, 1, 8, -1, max, min, 1 << 32, (1 << 32) - n, 1 << 61, -n} do
                    local told = a.at(s, n, m)
                    assert(told:find 'Sub panics', told)
                    assert(not told:find 'ReadAt works' and not told:find 'WriteAt works', told)
                    assert(not told:find 'ViewOf works', told)
                    if m ~= 0 then
                        told = a.at(s, m, n)
                        assert(told:find 'Sub panics', told)
                        assert(not told:find 'ViewOf works', told)
                    end
                end
                assert(a.new_error(n > 0 and n < 66 and 0 or n) ~= '' or n == 65)
                assert(a.ring_refusal(n) ~= '')
                assert(before:string() == ('\\1'):rep(64) and after:string() == ('\\3'):rep(64))
            end
            assert(a.new_error(0) ~= '' and a.new_error(-1) ~= '')
            for _, n in ipairs {0, 1, 32, 63, 65, 96, 1 << 31, 1 << 40} do assert(a.ring_refusal(n) ~= '') end
            assert(a.at(s, 0, 8) == 'Sub works\\nReadAt works\\nWriteAt works\\nViewOf works\\n')
            assert(a.at(s, 64, 0) == 'Sub works\\nReadAt fails\\nWriteAt fails\\nViewOf works\\n')");
    }
}
