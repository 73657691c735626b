-- lua: 5.3-5.5

print(pcall(table.remove, {1, 2}, 1.5))
print(pcall(table.remove, {1, 2}, 2.0))
print(pcall(table.remove, {1, 2}, 2^63))
print(pcall(table.remove, {1, 2}, 0/0))
print(pcall(table.remove, {1, 2}, math.maxinteger))
print(pcall(table.remove, {1, 2}, math.mininteger))
local t = setmetatable({[math.maxinteger] = "last"}, {__len = function() return math.maxinteger end})
print(pcall(table.remove, t))
print(next(t))
