-- lua: 5.1-5.5
-- varies: order

local t = {10, 20, 30, x = "ex", y = "why", [1.5] = "float", [true] = "yes", [-1] = "minus", [2^53] = "big", [""] = "empty"}
for k, v in pairs(t) do print(k, v) end
t.x, t.y, t[2] = nil, nil, nil
for k, v in pairs(t) do print("left", k, v) end
print(select("#", pairs({})) >= 3, pairs({}) == next)
