-- lua: 5.4-5.5

for _, i in ipairs{math.maxinteger, math.mininteger, math.maxinteger - 1, -math.maxinteger} do print(i, pcall(string.unpack, "b", "abc", i)) end
