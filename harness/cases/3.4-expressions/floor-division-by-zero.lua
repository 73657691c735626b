-- lua: 5.3-5.5

local zero, one = 0, 1
print(pcall(function() return one // zero end))
print(pcall(function() return 1 // 0 end))
print(one // 0.0, -one // 0.0, one // -0.0, 0.0 // one, -0.0 // one, 0.0 // 0.0 ~= 0)
print(pcall(function() return math.mininteger // zero end))
print(pcall(load "local t = {} t.x = 0 return 5 // t.x"))
