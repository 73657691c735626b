-- lua: 5.1-5.5

local t = {}
t[1.0] = "one"; t[2] = "two"; t[2^53] = "big"; t[-1.0] = "minus"
print(t[1], t[2.0], t[2^53], t[-1], #t)
t["1"] = "string"
print(t[1], t["1"], t[1.5])
for i, v in ipairs(t) do print(i, v, math.type and math.type(i)) end
t[1.5] = "half"
t[1] = nil; t[2] = nil; t[2^53] = nil; t[-1] = nil; t["1"] = nil
local k, v = next(t)
print(k, v, next(t, k))
