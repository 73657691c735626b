-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(max, min, math.type(max), math.type(min))
print(max + 1 == min, min - 1 == max, -min == min, min == -2^63, max + 0.0 == 2^63, max < 2^63, max * 2, min * 2)
print(max // -1, min // -1, pcall(function() return min // 0 end))
print(min % -1, max % min, min % max, max % -2)
print(string.format("%x %x %d", max, min, min), max & min, max | min, max ~ min, ~max == min)
print(tostring(min) == "-9223372036854775808", math.tointeger("9223372036854775807"), tonumber("-9223372036854775808"), tonumber("9223372036854775808"))
