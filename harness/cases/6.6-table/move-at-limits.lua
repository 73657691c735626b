-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(pcall(table.move, {}, 1, max, 2))
print(pcall(table.move, {}, 0, max, 1))
print(pcall(table.move, {}, -1, max, 1))
print(pcall(table.move, {}, min, max, 1))
print(pcall(table.move, {}, min, -1, 1))
print(pcall(table.move, {}, 1, 2, max))
print(next(table.move({[max] = "v"}, max, max, min)) ~= nil)
local t = table.move({[max - 1] = 11, [max] = 22}, max - 1, max, 1)
print(t[1], t[2])
t = table.move({[min] = 11, [min + 1] = 22}, min, min + 1, max - 1)
print(t[max - 1], t[max])
t = table.move({11, 22}, 1, 2, min)
print(t[min], t[min + 1])
print(#table.move({1, 2}, max, min, 1))
