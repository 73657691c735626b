-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(max + 1 == min, min - 1 == max, max * 2, min * 2, -min == min, max * max, min * min, min * -1)
print(min // -1, min % -1, max // -1, min // 1, max % min, min % max, max + 1.0, min - 1.0, max * 1.0 == 2^63)
print(math.type(max + 1), math.type(max + 1.0), math.type(2^53), max // 1 | 0)
print(math.abs(min), max + min, max - min, 5 // -3, 5 % -3, -5 // 3, -5 % 3)
local i = max i = i + 1 print(i)
