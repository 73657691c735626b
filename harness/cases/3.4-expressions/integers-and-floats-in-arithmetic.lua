-- lua: 5.3-5.5

local function show(x) print(x, math.type(x)) end
show(1 + 1) show(1 + 1.0) show(2 * 0.5) show(6 / 2) show(6 // 2) show(6.0 // 2) show(2 ^ 2) show(7 % 3) show(7 % 3.0)
show(-3) show(-3.0) show(-(0)) show(-(0.0)) show(1e2) show(10 // 0.3) show("10" + 1) show("10" + 1.0) show("0x10" * 1) show("1e1" * 1)
show(3 | 0) show(3.0 | 0) show("3" // 1) show(1 << 2.0) show(#"abc") show(2^31 | 0) show(100000000000000000000) show(1 - 1.0)
