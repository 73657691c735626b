-- lua: 5.1-5.5

local mt = {__eq = function(a, b) io.write("eq ") return a.v == b.v end, __lt = function(a, b) io.write("lt ") return (type(a) == "table" and a.v or a) < (type(b) == "table" and b.v or b) end}
local function new(v) return setmetatable({v = v}, mt) end
local a, b, c = new(1), new(2), new(1)
print(a == c) print(a ~= b) print(a < b) print(a > b) print(a == a) print(a == 1)
print(pcall(function() return a <= b end))
print(pcall(function() return a >= b end))
print(pcall(function() return a < 5 end))
print(pcall(function() return 0 < a end))
mt.__le = function(a, b) io.write("le ") return "truthy" end
print(a <= b) print(a >= b) print(pcall(function() return a <= 5 end))
print(rawequal(a, c), a == setmetatable({v = 1}, {__eq = function() return true end}))
