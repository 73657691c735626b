-- lua: 5.1-5.5

local z = 0
print(-5, - -5, -"2", -"0x10", -" 7 ", 1 / -z, 1 / -0.0, -(1/0), -1e308 * 10)
local nan = -(0/0)
print(nan ~= nan)
print(pcall(function() return -"x" end))
print(pcall(function() return -{} end))
print(pcall(function() return -nil end))
print(pcall(function() return -true end))
print(pcall(function() local a = {} return -a.b.c end))
print(pcall(function() local a = {} return -a.b end))
print(-setmetatable({}, {__unm = function(a, b) return rawequal(a, b) end}))
