-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
local t = {[max] = "last", [max - 1] = "before", [min] = "first"}
print(table.concat(t, "-", max - 1, max))
print(table.concat(t, "-", max, max))
print(table.concat(t, "-", min, min))
print("[" .. table.concat(t, "-", max, min) .. "]")
print(pcall(table.concat, t, "-", 1.5))
print(pcall(table.concat, t, "-", 2^63))
print(pcall(table.concat, {"x"}, "", 1.0, 1.0))
