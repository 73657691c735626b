-- lua: 5.1

local n = gcinfo()
print(type(n), n == math.floor(n), math.abs(n - collectgarbage("count")) < 2)
print(select("#", gcinfo()), (pcall(gcinfo, 1, 2)))
