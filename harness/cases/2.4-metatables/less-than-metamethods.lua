-- lua: 5.1-5.5

local mt = {}
mt.__lt = function(a, b) io.write("lt ") return a.v < b.v end
mt.__le = function(a, b) io.write("le ") return a.v <= b.v end
local function new(v) return setmetatable({v = v}, mt) end
local a, b = new(1), new(2)
print(a < b, a > b, a <= b, a >= b, a < a, a <= a)
print(not (a < b), not (a <= b))
local list = {new(3), new(1), new(2)}
table.sort(list, function(x, y) return x.v < y.v end)
print(list[1].v, list[2].v, list[3].v)
print(pcall(function() return a < 1 end))
print(pcall(function() return 1 <= a end))
print(pcall(function() return "x" < a end))
print(pcall(function() return {} < a end))
