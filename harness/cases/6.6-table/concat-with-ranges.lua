-- lua: 5.1-5.5

local t = {"a", "b", "c", "d", "e"}
print(table.concat(t, "-", 2), table.concat(t, "-", 2, 4), table.concat(t, "-", 5, 5))
print("[" .. table.concat(t, "-", 6) .. "]", "[" .. table.concat(t, "-", 3, 2) .. "]")
print(table.concat(t, nil, 2, 3), table.concat(t, "-", nil, 2))
print(pcall(table.concat, t, "-", 0))
print(pcall(table.concat, t, "-", 4, 7))
print(pcall(table.concat, t, "-", -2, -1))
local s = {[-1] = "m", [0] = "z", [1] = "p"}
print(table.concat(s, ",", -1, 1), table.concat(s, ",", "-1", "0"))
