-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(pcall(math.random, 1.5))
print(pcall(math.random, 2^63))
print(pcall(math.random, 0/0))
print(math.type(select(2, pcall(math.random, max))))
local ok, v = pcall(math.random, min, max)
print(ok, ok and math.type(v) or v)
ok, v = pcall(math.random, min, 0)
print(ok, ok and v <= 0 or v)
ok, v = pcall(math.random, 0)
print(ok, ok and math.type(v) or v)
print(math.random(max, max) == max, math.random(min, min) == min)
