-- lua: 5.1-5.5

local n
local t = {}
print(pcall(function() t.a, n.b, t.c = 1, 2, 3 end))
print(t.a, t.c)
print(pcall(function() t.x, t[nil] = 1, 2 end))
print(t.x)
print(pcall(function() x1, n.y, x2 = 1, 2, error("right side") end))
print(x1, x2)
