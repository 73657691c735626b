-- lua: 5.3-5.5

print(pcall(table.insert, {1, 2}, 1.5, "x"))
print(pcall(table.insert, {1, 2}, 2^53, "x"))
print(pcall(table.insert, {1, 2}, 2^63, "x"))
print(pcall(table.insert, {1, 2}, 0/0, "x"))
print(pcall(table.insert, {1, 2}, -1/0, "x"))
print(pcall(table.insert, {1, 2}, math.maxinteger, "x"))
print(pcall(table.insert, {1, 2}, math.mininteger, "x"))
local t = setmetatable({}, {__len = function() return math.maxinteger end})
print(pcall(table.insert, t, "x"))
print(rawget(t, math.mininteger), next(t))
