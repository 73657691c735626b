-- lua: 5.4-5.5

local max <const>, min <const>, big <const>, nan <const> = math.maxinteger, math.mininteger, 1e308, 0/0
local three <const>, zero <const>, mz <const> = 3, 0, -0.0
print(max + 1 == min, -min == min, big * 10, nan ~= nan, three // 2, three / 2, three % -2, 2 ^ three, 1 / mz, -zero)
print(pcall(function() return three // zero end))
print(pcall(function() return three % zero end))
print(three / zero, -three / zero, three // 0.0, three % math.huge, -three % math.huge)
print(1 << three, 1 << 64, 1 << -1, three & 1, three | 4, three ~ 1, ~three)
local k <const> = "key"
print(({key = 5})[k], k .. three, #k)
