-- lua: 5.1-5.5

local t, s = {}, "text"
local function check(f) print(select(2, pcall(f))) end
check(function() return s + 1 end)
check(function() return "text" + 1 end)
check(function() return 1 + "text" end)
check(function() return t + 1 end)
check(function() return 10 - t end)
check(function() return t.x * 2 end)
check(function() return 2 * t.x end)
check(function() return t.x * t.y end)
check(function() return nil + 1 end)
check(function() return {} + 1 end)
check(function() return ("x")[1][2] end)
check(function() local a = "a" return a < 1 end)
check(function() return t.x < t.y end)
check(function() return -"text" end)
check(function() return 2 ^ {} end)
check(function() return t % 2 end)
check(function() return math.huge.x.y end)
check(function() return (1).x.y end)
