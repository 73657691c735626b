-- lua: 5.3-5.5

local x, t = 1.5, {f = 2.5, big = 2^70, s = "1.5"}
local function check(f) print(select(2, pcall(f))) end
check(function() return x | 1 end)
check(function() local y = 3.7 return 1 & y end)
check(function() return t.f << 1 end)
check(function() return 1 ~ t.big end)
check(function() return ~t.f end)
check(function() return t.s | 1 end)
check(function() return globalFloat | 1 end)
check(function() return 1.5 | 2 end)
check(function() return "a" | 2 end)
check(function() return 2 | "0x1p80" end)
check(function() return t.f | "x" end)
check(function() return {} | 1.5 end)
check(function() return string.rep("x", 1.5) end)
