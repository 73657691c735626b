-- lua: 5.1-5.5

local mt = {__lt = function(a, b) return a.v < b.v end}
local function new(v) return setmetatable({v = v}, mt) end
local a, b = new(1), new(2)
print(a < b, b < a)
print(pcall(function() return a <= b, b <= a, a >= b, a <= a end))
print(pcall(function() return {} <= {} end))
