-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(max + 1, min - 1, max * 2, min * 2, -min, min // -1, min % -1)
print(max * max, min * min, max * min, math.abs(min))
print(max + 1 == min, max + 1.0 == 2^63, max + 0.0, min + 0.0)
print(max < max + 0.0, max == max + 0.0, min == min + 0.0, max // 1 == max)
print(pcall(function() return 1 // 0 end))
print(pcall(function() return 1 % 0 end))
print(1 // 0.0, -1 // 0.0, 1 % 0.0 ~= 1 % 0.0)
